// SPDX-License-Identifier: Apache-2.0
// Files of published test vectors: JSON whose strings are mostly hexadecimal.

#ifndef COMMONWAGE_TESTS_CRYPTO_JSON_VECTORS_H_
#define COMMONWAGE_TESTS_CRYPTO_JSON_VECTORS_H_

#include <cstddef>
#include <functional>
#include <string>

#include "absl/strings/string_view.h"

#include <google/protobuf/struct.pb.h>

namespace commonwage::crypto {

// One JSON object.
class JsonObject {
 public:
  explicit JsonObject(const google::protobuf::Struct& object)
      : object_(object) {}

  // Each aborts unless the field is there and of that kind.
  [[nodiscard]] std::string Text(const std::string& field) const;
  [[nodiscard]] std::string Bytes(const std::string& field) const;  // Of hex.
  [[nodiscard]] int Number(const std::string& field) const;
  [[nodiscard]] bool HasFlag(const std::string& flag) const;
  [[nodiscard]] JsonObject Object(const std::string& field) const;
  void ForEach(const std::string& field,
               const std::function<void(const JsonObject&)>& visit) const;

 private:
  [[nodiscard]] const google::protobuf::Value& Find(
      const std::string& field) const;

  google::protobuf::Struct object_;
};

// Parses `json`, an object or an array of objects, which becomes the field
// "vectors". Aborts if it is neither.
JsonObject ParseVectors(const std::string& json);

// Calls `visit` with every test of a Wycheproof file and the group it is in.
// Returns how many there were.
size_t ForEachWycheproof(
    const std::string& json,
    const std::function<void(const JsonObject& group, const JsonObject& test)>&
        visit);

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_TESTS_CRYPTO_JSON_VECTORS_H_
