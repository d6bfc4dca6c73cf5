// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

#include "survey/plan/plan.h"
#include "survey/plan/plan_fields.h"
#include "survey/text/json.h"
#include "survey/text/json_fields.h"

namespace commonwage {
namespace {

constexpr size_t kMaxLabels = 20'000;
constexpr size_t kMaxLabelBytes = 1'000;
constexpr size_t kMaxLanguageBytes = 35;
constexpr size_t kMaxAnchors = 1'000;
constexpr size_t kMaxPopulationTotals = 20'000;
constexpr int64_t kMaxMembers = 10'000'000'000;

// Says whether `tag` has the form of a BCP 47 language tag: a language, then
// subtags, with hyphens between.
bool IsLanguageTag(absl::string_view tag) {
  if (tag.empty() || tag.size() > kMaxLanguageBytes) {
    return false;
  }
  bool first = true;
  for (const absl::string_view part : absl::StrSplit(tag, '-')) {
    const bool letters_only = std::exchange(first, false);
    if (part.size() < (letters_only ? 2U : 1U) || part.size() > 8 ||
        !std::all_of(part.begin(), part.end(), [&](unsigned char c) {
          return letters_only ? absl::ascii_isalpha(c) : absl::ascii_isalnum(c);
        })) {
      return false;
    }
  }
  return true;
}

// Says whether a label's text is safe to print on a line.
bool IsLabelText(absl::string_view text) {
  return !text.empty() && text.size() <= kMaxLabelBytes &&
         std::none_of(text.begin(), text.end(),
                      [](unsigned char c) { return absl::ascii_iscntrl(c); });
}

// Adds a fault unless the label's ID, and value if given, are in the plan.
void CheckLabelled(FieldReader& fields, const Label& label, const Plan& plan,
                   FaultList& faults) {
  if (label.id.empty()) {
    return;
  }
  const Dimension* dimension = FindDimension(plan, label.id);
  if (dimension == nullptr && FindMeasure(plan, label.id) == nullptr &&
      label.id != plan.survey) {
    faults.Add(fields.PlaceOf("id"),
               "No dimension or measure has this id, nor has the survey.");
    return;
  }
  if (!label.value.empty() &&
      (dimension == nullptr ||
       !ValueIndex(*dimension, label.value).has_value())) {
    faults.Add(fields.PlaceOf("value"), "The dimension has no such value.");
  }
}

Label ReadLabel(FieldReader& fields, const Plan& plan, FaultList& faults) {
  Label label;
  label.id = fields.Identifier("id");
  if (const JsonValue* value = fields.Optional("value"); value != nullptr) {
    label.value =
        ReadIdentifier(*value, fields.PlaceOf("value"), faults).value_or("");
  }
  CheckLabelled(fields, label, plan, faults);
  const size_t before = faults.size();
  label.language = fields.Text("language");
  if (faults.size() == before && !IsLanguageTag(label.language)) {
    faults.Add(fields.PlaceOf("language"),
               "This must be a language tag, such as \"en\" or \"pt-BR\".");
  }
  const size_t before_text = faults.size();
  label.text = fields.Text("text");
  if (faults.size() == before_text && !IsLabelText(label.text)) {
    faults.Add(fields.PlaceOf("text"),
               absl::StrCat("This must be one line of 1 to ", kMaxLabelBytes,
                            " bytes."));
  }
  return label;
}

}  // namespace

void ReadLabels(FieldReader& fields, FaultList& faults, Plan& plan) {
  std::set<std::tuple<std::string, std::string, std::string>> seen;
  fields.OptionalItems(
      "labels", kMaxLabels,
      [&](const JsonValue& item, const std::string& place) {
        FieldReader reader(item, place, faults);
        Label label = ReadLabel(reader, plan, faults);
        if (!seen.emplace(label.id, label.value, label.language).second) {
          faults.Add(place, "There is such a label in this language already.");
        }
        reader.RefuseOthers();
        plan.labels.push_back(std::move(label));
      });
}

void ReadAnchors(FieldReader& fields, FaultList& faults, Plan& plan) {
  std::set<std::string> seen;
  fields.OptionalItems(
      "anchors", kMaxAnchors,
      [&](const JsonValue& item, const std::string& place) {
        FieldReader reader(item, place, faults);
        Anchor anchor;
        anchor.id = reader.Identifier("id");
        if (!anchor.id.empty() && !seen.insert(anchor.id).second) {
          faults.Add(reader.PlaceOf("id"), "Another anchor has this id.");
        }
        anchor.measure = reader.Identifier("measure");
        const Measure* measure = FindMeasure(plan, anchor.measure);
        if (!anchor.measure.empty() && measure == nullptr) {
          faults.Add(reader.PlaceOf("measure"), "No measure has this id.");
        }
        const std::optional<int64_t> edge =
            reader.Whole("edge", 1, kMaxMinorUnits);
        anchor.edge = edge.value_or(0);
        if (edge.has_value() && measure != nullptr &&
            !measure->inner_edges.empty() &&
            std::find(measure->inner_edges.begin(), measure->inner_edges.end(),
                      *edge) == measure->inner_edges.end()) {
          faults.Add(reader.PlaceOf("edge"),
                     "This is not one of the measure's inner edges.");
        }
        reader.RefuseOthers();
        plan.anchors.push_back(std::move(anchor));
      });
}

void ReadPopulation(FieldReader& fields, FaultList& faults, Plan& plan) {
  std::set<std::pair<std::string, std::string>> seen;
  fields.OptionalItems(
      "population", kMaxPopulationTotals,
      [&](const JsonValue& item, const std::string& place) {
        FieldReader reader(item, place, faults);
        PopulationTotal total;
        total.dimension = reader.Identifier("dimension");
        const Dimension* dimension = FindDimension(plan, total.dimension);
        if (!total.dimension.empty() && dimension == nullptr) {
          faults.Add(reader.PlaceOf("dimension"), "No dimension has this id.");
        }
        total.value = reader.Identifier("value");
        if (!total.value.empty() && dimension != nullptr &&
            !ValueIndex(*dimension, total.value).has_value()) {
          faults.Add(reader.PlaceOf("value"),
                     "The dimension has no such value.");
        }
        total.members = reader.Whole("members", 0, kMaxMembers).value_or(0);
        if (!seen.emplace(total.dimension, total.value).second) {
          faults.Add(place, "There is a total for this value already.");
        }
        reader.RefuseOthers();
        plan.population.push_back(std::move(total));
      });
}

}  // namespace commonwage
