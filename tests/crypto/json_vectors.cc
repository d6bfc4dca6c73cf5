// SPDX-License-Identifier: Apache-2.0
#include "tests/crypto/json_vectors.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "base/bytes.h"
#include "base/check.h"

#include <google/protobuf/util/json_util.h>

namespace commonwage::crypto {

using google::protobuf::Value;

std::string JsonObject::Text(const std::string& field) const {
  COMMONWAGE_CHECK(Find(field).kind_case() == Value::kStringValue);
  return Find(field).string_value();
}

std::string JsonObject::Bytes(const std::string& field) const {
  return HexToBytes(Text(field));
}

int JsonObject::Number(const std::string& field) const {
  COMMONWAGE_CHECK(Find(field).kind_case() == Value::kNumberValue);
  return static_cast<int>(Find(field).number_value());
}

bool JsonObject::HasFlag(const std::string& flag) const {
  for (const Value& value : Find("flags").list_value().values()) {
    if (value.string_value() == flag) {
      return true;
    }
  }
  return false;
}

JsonObject JsonObject::Object(const std::string& field) const {
  COMMONWAGE_CHECK(Find(field).kind_case() == Value::kStructValue);
  return JsonObject(Find(field).struct_value());
}

void JsonObject::ForEach(
    const std::string& field,
    const std::function<void(const JsonObject&)>& visit) const {
  COMMONWAGE_CHECK(Find(field).kind_case() == Value::kListValue);
  for (const Value& value : Find(field).list_value().values()) {
    visit(JsonObject(value.struct_value()));
  }
}

const Value& JsonObject::Find(const std::string& field) const {
  const auto found = object_.fields().find(field);
  COMMONWAGE_CHECK(found != object_.fields().end());
  return found->second;
}

JsonObject ParseVectors(const std::string& json) {
  google::protobuf::Struct object;
  const std::string text = json.substr(0, 1) == "["
                               ? absl::StrCat("{\"vectors\":", json, "}")
                               : json;
  COMMONWAGE_CHECK(
      google::protobuf::util::JsonStringToMessage(text, &object).ok());
  return JsonObject(object);
}

size_t ForEachWycheproof(
    const std::string& json,
    const std::function<void(const JsonObject& group, const JsonObject& test)>&
        visit) {
  size_t count = 0;
  ParseVectors(json).ForEach("testGroups", [&](const JsonObject& group) {
    group.ForEach("tests", [&](const JsonObject& test) {
      visit(group, test);
      ++count;
    });
  });
  return count;
}

}  // namespace commonwage::crypto
