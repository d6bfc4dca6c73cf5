// SPDX-License-Identifier: Apache-2.0
#include "survey/text/json.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"

#include "base/json_bounds.h"
#include "survey/text/identifier.h"

namespace commonwage {
namespace {

int LineAt(absl::string_view json, size_t position) {
  const absl::string_view before = json.substr(0, position);
  return 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
}

// Finds what protobuf's parser accepts and JSON does not: other quotes, names
// without quotes, a comma before a closing bracket. Returns its line, or 0.
int LineOfLeniency(absl::string_view json) {
  bool in_text = false;
  char last = '\0';
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_text) {
      // What is escaped is protobuf's to judge.
      i += c == '\\' ? 1 : 0;
      in_text = c != '"';
      continue;
    }
    if (absl::ascii_isspace(static_cast<unsigned char>(c))) {
      continue;
    }
    const bool closing = c == '}' || c == ']';
    const bool bare_name = c == ':' && last != '"';
    if (c == '\'' || bare_name || (closing && last == ',')) {
      return LineAt(json, i);
    }
    in_text = c == '"';
    last = c;
  }
  return 0;
}

// protobuf's message ends with an excerpt of the text and a caret under the
// place. Returns the line of that place in `json`, or 0 if it cannot be told.
int LineOfExcerpt(absl::string_view message, absl::string_view json) {
  const size_t begin = message.find('\n');
  const size_t end = message.rfind('\n');
  const size_t caret = message.rfind('^');
  if (begin == end || caret == absl::string_view::npos || caret < end) {
    return 0;
  }
  const absl::string_view excerpt = message.substr(begin + 1, end - begin - 1);
  const size_t found = json.find(excerpt);
  if (excerpt.empty() || found == absl::string_view::npos ||
      json.find(excerpt, found + 1) != absl::string_view::npos) {
    return 0;
  }
  return LineAt(json, found + (caret - end - 1));
}

// What a look at the brackets and texts alone tells of a faulty JSON.
struct Outline {
  bool cut_off = false;    // A text or a bracket is open at the end.
  size_t repeated_at = 0;  // Where a name comes a second time in its object.
  std::string repeated;    // That name; empty if there is none.
};

Outline OutlineOf(absl::string_view json) {
  Outline outline;
  std::vector<std::set<absl::string_view>> names;
  absl::string_view last_text;
  size_t begin = absl::string_view::npos;
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (begin != absl::string_view::npos) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        last_text = json.substr(begin, i - begin);
        begin = absl::string_view::npos;
      }
    } else if (c == '"') {
      begin = i + 1;
    } else if (c == '{' || c == '[') {
      names.emplace_back();
    } else if ((c == '}' || c == ']') && !names.empty()) {
      names.pop_back();
    } else if (c == ':' && !names.empty() && outline.repeated.empty() &&
               !names.back().insert(last_text).second) {
      outline.repeated = std::string(last_text);
      outline.repeated_at = i;
    }
  }
  outline.cut_off = begin != absl::string_view::npos || !names.empty();
  return outline;
}

// Says what protobuf's `message` means for `json`, and where.
void Explain(absl::string_view message, absl::string_view json,
             JsonResult& result) {
  const absl::string_view what = message.substr(0, message.find('\n'));
  const Outline outline = OutlineOf(json);
  result.line = LineOfExcerpt(message, json);
  if (absl::StrContains(what, "Repeated map key")) {
    // A name that is none of ours could hold anything.
    result.sentence = IsIdentifier(outline.repeated)
                          ? absl::StrCat("The field ", outline.repeated,
                                         " is given twice in the same object.")
                          : "A field is given twice in the same object.";
    result.line = outline.repeated.empty() ? result.line
                                           : LineAt(json, outline.repeated_at);
    return;
  }
  if (absl::StrContains(what, "Unexpected end of string") ||
      (result.line == 0 && outline.cut_off)) {
    result.sentence =
        "The text ends before its JSON object does: the file is empty, or was "
        "cut off here.";
    result.line = LineAt(json, absl::StripTrailingAsciiWhitespace(json).size());
    return;
  }
  result.sentence = "This is not a JSON object.";
}

JsonValue FromProto(const google::protobuf::Value& value);

JsonValue FromProto(const google::protobuf::Struct& object) {
  JsonValue result;
  result.kind = JsonValue::Kind::kObject;
  for (const auto& field : object.fields()) {
    result.names.push_back(field.first);
  }
  // The map's own order differs between runs.
  std::sort(result.names.begin(), result.names.end());
  for (const std::string& name : result.names) {
    result.items.push_back(FromProto(object.fields().at(name)));
  }
  return result;
}

JsonValue FromProto(const google::protobuf::Value& value) {
  JsonValue result;
  switch (value.kind_case()) {
    case google::protobuf::Value::kBoolValue:
      result.kind = JsonValue::Kind::kBool;
      result.number = value.bool_value() ? 1 : 0;
      break;
    case google::protobuf::Value::kNumberValue:
      result.kind = JsonValue::Kind::kNumber;
      result.number = value.number_value();
      break;
    case google::protobuf::Value::kStringValue:
      result.kind = JsonValue::Kind::kText;
      result.text = value.string_value();
      break;
    case google::protobuf::Value::kListValue:
      result.kind = JsonValue::Kind::kList;
      for (const auto& item : value.list_value().values()) {
        result.items.push_back(FromProto(item));
      }
      break;
    case google::protobuf::Value::kStructValue:
      return FromProto(value.struct_value());
    case google::protobuf::Value::kNullValue:
    case google::protobuf::Value::KIND_NOT_SET:
      break;
  }
  return result;
}

std::string Quoted(absl::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted.push_back('\\');
      quoted.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppend(&quoted, "\\u00",
                      absl::BytesToHexString(absl::string_view(&c, 1)));
    } else {
      quoted.push_back(c);
    }
  }
  quoted.push_back('"');
  return quoted;
}

}  // namespace

JsonResult ParseJsonObject(absl::string_view json) {
  JsonResult result;
  if (const auto place = FindBeyondJsonBounds(json); place.has_value()) {
    result.line = LineAt(json, *place);
    result.sentence =
        "The text nests deeper, or has more parts, than any of our files does.";
    return result;
  }
  if (const int line = LineOfLeniency(json); line > 0) {
    result.line = line;
    result.sentence =
        "This is not JSON: names and texts stand in double quotes, and no "
        "comma stands before a closing bracket.";
    return result;
  }
  google::protobuf::Struct object;
  const auto status =
      google::protobuf::util::JsonStringToMessage(std::string(json), &object);
  if (status.ok()) {
    result.ok = true;
    result.value = FromProto(object);
    return result;
  }
  Explain(std::string(status.message()), json, result);
  return result;
}

void JsonWriter::BeforeItem() {
  if (std::exchange(after_name_, false)) {
    return;
  }
  if (depth_ > 0) {
    absl::StrAppend(&out_, first_ ? "\n" : ",\n", std::string(depth_, ' '));
  }
  first_ = false;
}

void JsonWriter::Begin(char open) {
  BeforeItem();
  out_.push_back(open);
  ++depth_;
  first_ = true;
}

void JsonWriter::End(char close) {
  --depth_;
  absl::StrAppend(&out_, "\n", std::string(depth_, ' '));
  out_.push_back(close);
  first_ = false;
}

void JsonWriter::Name(absl::string_view name) {
  BeforeItem();
  absl::StrAppend(&out_, Quoted(name), ": ");
  after_name_ = true;
}

void JsonWriter::Text(absl::string_view text) {
  BeforeItem();
  out_ += Quoted(text);
}

void JsonWriter::Whole(int64_t number) {
  BeforeItem();
  absl::StrAppend(&out_, number);
}

void JsonWriter::Bool(bool truth) {
  BeforeItem();
  absl::StrAppend(&out_, truth ? "true" : "false");
}

void JsonWriter::Texts(absl::Span<const std::string> texts) {
  BeforeItem();
  absl::StrAppend(&out_, "[",
                  absl::StrJoin(texts, ", ",
                                [](std::string* out, const std::string& text) {
                                  *out += Quoted(text);
                                }),
                  "]");
}

void JsonWriter::Wholes(absl::Span<const int64_t> numbers) {
  BeforeItem();
  absl::StrAppend(&out_, "[", absl::StrJoin(numbers, ", "), "]");
}

std::string JsonWriter::Finish() && {
  out_.push_back('\n');
  return std::move(out_);
}

}  // namespace commonwage
