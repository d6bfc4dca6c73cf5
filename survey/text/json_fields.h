// SPDX-License-Identifier: Apache-2.0
// Walks a JSON object field by field and collects every fault with its place,
// instead of stopping at the first. For this folder only.

#ifndef COMMONWAGE_SURVEY_TEXT_JSON_FIELDS_H_
#define COMMONWAGE_SURVEY_TEXT_JSON_FIELDS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "base/error.h"
#include "survey/text/json.h"

namespace commonwage {

// The largest integer below which JSON readers agree on every integer: 2^53-1.
inline constexpr int64_t kMaxJsonWhole = (int64_t{1} << 53) - 1;

// Every fault of an input, in the order found.
class FaultList {
 public:
  void Add(absl::string_view place, absl::string_view sentence);

  [[nodiscard]] bool empty() const { return faults_.empty(); }
  [[nodiscard]] size_t size() const { return faults_.size(); }
  [[nodiscard]] const std::vector<Fault>& faults() const { return faults_; }

 private:
  std::vector<Fault> faults_;
};

// Returns `place` with "[index]" behind it.
std::string ItemPlace(absl::string_view place, size_t index);

// Return what `value` is if it is that, in bounds; otherwise add a fault.
std::optional<std::string> ReadText(const JsonValue& value,
                                    absl::string_view place, FaultList& faults);
std::optional<std::string> ReadIdentifier(const JsonValue& value,
                                          absl::string_view place,
                                          FaultList& faults);
std::optional<int64_t> ReadWhole(const JsonValue& value,
                                 absl::string_view place, int64_t min,
                                 int64_t max, FaultList& faults);

// The fields of one object. Every field asked for is known; RefuseOthers adds a
// fault for each that was never asked for.
class FieldReader {
 public:
  // A `value` that is no object is a fault, and then no field is missed.
  // `value` and `faults` must outlive this reader.
  FieldReader(const JsonValue& value, absl::string_view place,
              FaultList& faults);

  // Returns the place of a field, such as "marginals[2].fanouts".
  [[nodiscard]] std::string PlaceOf(absl::string_view name) const;

  // Returns a field, or null if it is missing. Required adds a fault then.
  const JsonValue* Optional(absl::string_view name);
  const JsonValue* Required(absl::string_view name);

  // Return a required field, or nothing, or an empty value, after adding a
  // fault.
  std::string Text(absl::string_view name);
  std::string Identifier(absl::string_view name);
  std::optional<int64_t> Whole(absl::string_view name, int64_t min,
                               int64_t max);

  // Returns a required list of 1 to `max_items` whole numbers in [min, max];
  // empty, after adding faults, if there is anything else.
  std::vector<int64_t> Wholes(absl::string_view name, size_t max_items,
                              int64_t min, int64_t max);

  // Returns a required list of identifiers without repetition. Places of faulty
  // ones stay empty, so that the others keep theirs.
  std::vector<std::string> Identifiers(absl::string_view name,
                                       size_t max_items);

  // Calls `read` with each item of a list and its place. Returns whether there
  // is such a list, of 1 to `max_items` items; otherwise adds a fault, unless
  // the list is optional and missing.
  using ReadItem = std::function<void(const JsonValue&, const std::string&)>;
  bool RequiredItems(absl::string_view name, size_t max_items,
                     const ReadItem& read);
  bool OptionalItems(absl::string_view name, size_t max_items,
                     const ReadItem& read);

  void RefuseOthers();

 private:
  bool Items(const JsonValue* list, absl::string_view name, size_t max_items,
             const ReadItem& read);

  const JsonValue& value_;
  std::string place_;
  FaultList& faults_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_TEXT_JSON_FIELDS_H_
