// SPDX-License-Identifier: Apache-2.0
#include "survey/text/json_fields.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "survey/text/identifier.h"
#include "survey/text/json.h"

namespace commonwage {

void FaultList::Add(absl::string_view place, absl::string_view sentence) {
  faults_.push_back({std::string(place), std::string(sentence)});
}

std::string ItemPlace(absl::string_view place, size_t index) {
  return absl::StrCat(place, "[", index, "]");
}

std::optional<std::string> ReadText(const JsonValue& value,
                                    absl::string_view place,
                                    FaultList& faults) {
  if (value.kind != JsonValue::Kind::kText) {
    faults.Add(place, "This must be a text in double quotes.");
    return std::nullopt;
  }
  return value.text;
}

std::optional<std::string> ReadIdentifier(const JsonValue& value,
                                          absl::string_view place,
                                          FaultList& faults) {
  std::optional<std::string> text = ReadText(value, place, faults);
  if (text.has_value() && !IsIdentifier(*text)) {
    faults.Add(place,
               "A name is 1 to 64 letters, digits or any of _ + . -, without "
               "spaces or accents.");
    return std::nullopt;
  }
  return text;
}

std::optional<int64_t> ReadWhole(const JsonValue& value,
                                 absl::string_view place, int64_t min,
                                 int64_t max, FaultList& faults) {
  if (value.kind != JsonValue::Kind::kNumber ||
      value.number != std::floor(value.number)) {
    faults.Add(place, "This must be a whole number.");
    return std::nullopt;
  }
  // Doubles beyond 2^53 may stand for another integer than was written.
  if (std::abs(value.number) > static_cast<double>(kMaxJsonWhole)) {
    faults.Add(place, "This number is too large.");
    return std::nullopt;
  }
  const auto whole = static_cast<int64_t>(value.number);
  if (whole < min || whole > max) {
    faults.Add(place,
               absl::StrCat("This must be from ", min, " to ", max, "."));
    return std::nullopt;
  }
  return whole;
}

FieldReader::FieldReader(const JsonValue& value, absl::string_view place,
                         FaultList& faults)
    : value_(value), place_(place), faults_(faults) {
  if (value_.kind != JsonValue::Kind::kObject) {
    faults_.Add(place_, "This must be an object in braces.");
  }
}

std::string FieldReader::PlaceOf(absl::string_view name) const {
  return place_.empty() ? std::string(name) : absl::StrCat(place_, ".", name);
}

const JsonValue* FieldReader::Optional(absl::string_view name) {
  known_.emplace(name);
  const auto& names = value_.names;
  const auto found = std::lower_bound(names.begin(), names.end(), name);
  if (found == names.end() || *found != name) {
    return nullptr;
  }
  return &value_.items[static_cast<size_t>(found - names.begin())];
}

const JsonValue* FieldReader::Required(absl::string_view name) {
  const JsonValue* field = Optional(name);
  if (field == nullptr && value_.kind == JsonValue::Kind::kObject) {
    faults_.Add(PlaceOf(name), "This field is missing.");
  }
  return field;
}

std::string FieldReader::Text(absl::string_view name) {
  const JsonValue* field = Required(name);
  return field == nullptr
             ? ""
             : ReadText(*field, PlaceOf(name), faults_).value_or("");
}

std::string FieldReader::Identifier(absl::string_view name) {
  const JsonValue* field = Required(name);
  return field == nullptr
             ? ""
             : ReadIdentifier(*field, PlaceOf(name), faults_).value_or("");
}

std::optional<int64_t> FieldReader::Whole(absl::string_view name, int64_t min,
                                          int64_t max) {
  const JsonValue* field = Required(name);
  if (field == nullptr) {
    return std::nullopt;
  }
  return ReadWhole(*field, PlaceOf(name), min, max, faults_);
}

std::vector<int64_t> FieldReader::Wholes(absl::string_view name,
                                         size_t max_items, int64_t min,
                                         int64_t max) {
  std::vector<int64_t> numbers;
  bool all = true;
  const bool listed = RequiredItems(
      name, max_items, [&](const JsonValue& item, const std::string& place) {
        const std::optional<int64_t> number =
            ReadWhole(item, place, min, max, faults_);
        all &= number.has_value();
        numbers.push_back(number.value_or(0));
      });
  return listed && all ? numbers : std::vector<int64_t>();
}

std::vector<std::string> FieldReader::Identifiers(absl::string_view name,
                                                  size_t max_items) {
  std::vector<std::string> identifiers;
  std::set<std::string> seen;
  RequiredItems(
      name, max_items, [&](const JsonValue& item, const std::string& place) {
        std::string id = ReadIdentifier(item, place, faults_).value_or("");
        if (!id.empty() && !seen.insert(id).second) {
          faults_.Add(place, "This is in the list twice.");
        }
        identifiers.push_back(std::move(id));
      });
  return identifiers;
}

bool FieldReader::RequiredItems(absl::string_view name, size_t max_items,
                                const ReadItem& read) {
  const JsonValue* list = Required(name);
  return list != nullptr && Items(list, name, max_items, read);
}

bool FieldReader::OptionalItems(absl::string_view name, size_t max_items,
                                const ReadItem& read) {
  const JsonValue* list = Optional(name);
  return list != nullptr && Items(list, name, max_items, read);
}

bool FieldReader::Items(const JsonValue* list, absl::string_view name,
                        size_t max_items, const ReadItem& read) {
  const std::string place = PlaceOf(name);
  if (list->kind != JsonValue::Kind::kList) {
    faults_.Add(place, "This must be a list in brackets.");
    return false;
  }
  if (list->items.empty()) {
    faults_.Add(place, "This list is empty.");
    return false;
  }
  if (list->items.size() > max_items) {
    faults_.Add(place, absl::StrCat("This list is longer than ", max_items,
                                    " entries."));
    return false;
  }
  for (size_t i = 0; i < list->items.size(); ++i) {
    read(list->items[i], ItemPlace(place, i));
  }
  return true;
}

void FieldReader::RefuseOthers() {
  for (const std::string& name : value_.names) {
    if (known_.contains(name)) {
      continue;
    }
    // A name that is none of ours could hold anything.
    faults_.Add(PlaceOf(IsIdentifier(name) ? name : "(a field)"),
                "There is no such field.");
  }
}

}  // namespace commonwage
