// SPDX-License-Identifier: Apache-2.0
// JSON in and out, for this folder only. Reading is protobuf's parser, which is
// more lenient than JSON; what it lets pass is refused here. Writing gives the
// same bytes for the same calls.

#ifndef COMMONWAGE_SURVEY_TEXT_JSON_H_
#define COMMONWAGE_SURVEY_TEXT_JSON_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace commonwage {

struct JsonValue {
  enum class Kind { kNull, kBool, kNumber, kText, kList, kObject };

  Kind kind = Kind::kNull;
  double number = 0;               // Of a kNumber; 1 of a true kBool.
  std::string text;                // Of a kText.
  std::vector<JsonValue> items;    // Of a kList or kObject.
  std::vector<std::string> names;  // Of a kObject: one per item, sorted.
};

struct JsonResult {
  bool ok = false;
  JsonValue value;       // An object, if ok.
  int line = 0;          // Of the error, from 1; 0 if it is not known.
  std::string sentence;  // What is wrong, if not ok.
};

// Reads a JSON object.
JsonResult ParseJsonObject(absl::string_view json);

// Writes JSON that people can read: a line per field, lists of plain numbers or
// identifiers on one line.
class JsonWriter {
 public:
  void BeginObject() { Begin('{'); }
  void EndObject() { End('}'); }
  void BeginList() { Begin('['); }
  void EndList() { End(']'); }

  // Writes a field's name; its value comes next.
  void Name(absl::string_view name);

  void Text(absl::string_view text);
  void Whole(int64_t number);
  void Bool(bool truth);
  void Texts(absl::Span<const std::string> texts);
  void Wholes(absl::Span<const int64_t> numbers);

  // Returns what was written, ended by a newline.
  std::string Finish() &&;

 private:
  void Begin(char open);
  void End(char close);
  void BeforeItem();

  std::string out_;
  size_t depth_ = 0;
  bool first_ = true;
  bool after_name_ = false;
};

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_TEXT_JSON_H_
