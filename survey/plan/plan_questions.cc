// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

#include "survey/plan/plan.h"
#include "survey/plan/plan_fields.h"
#include "survey/text/json.h"
#include "survey/text/json_fields.h"

namespace commonwage {
namespace {

constexpr size_t kMaxIndexWholeDigits = 3;
constexpr size_t kMaxIndexDecimals = 6;
constexpr std::array kPayPeriods = {PayPeriod::kHour, PayPeriod::kWeek,
                                    PayPeriod::kMonth, PayPeriod::kYear,
                                    PayPeriod::kTask};

// Reads an ID that dimensions and measures may use only once between them.
std::string ReadQuestionId(FieldReader& fields, std::set<std::string>& seen,
                           FaultList& faults) {
  std::string id = fields.Identifier("id");
  if (!id.empty() && !seen.insert(id).second) {
    faults.Add(fields.PlaceOf("id"),
               "Another dimension or measure has this id.");
  }
  return id;
}

void CheckCurrency(FieldReader& fields, FaultList& faults, Measure& measure) {
  const JsonValue* field = fields.Required("currency");
  if (field == nullptr) {
    return;
  }
  measure.currency = field->text;
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const std::string& code = measure.currency;
  if (code.size() != 3 || !is_upper(code[0]) || !is_upper(code[1]) ||
      !is_upper(code[2])) {
    faults.Add(fields.PlaceOf("currency"),
               "This must be the three capital letters of a currency, such as "
               "\"EUR\".");
  }
}

void CheckPeriod(FieldReader& fields, FaultList& faults, Measure& measure) {
  const JsonValue* field = fields.Required("period");
  if (field == nullptr) {
    return;
  }
  for (const PayPeriod period : kPayPeriods) {
    if (field->text == NameOf(period)) {
      measure.period = period;
      return;
    }
  }
  faults.Add(fields.PlaceOf("period"),
             "This must be \"HOUR\", \"WEEK\", \"MONTH\", \"YEAR\" or "
             "\"TASK\".");
}

void CheckEdges(FieldReader& fields, FaultList& faults, Measure& measure) {
  const std::string place = fields.PlaceOf("inner_edges");
  // Far more than allowed, so that a grid that is too fine is told so below.
  constexpr size_t kMaxEdgesRead = 100'000;
  measure.inner_edges =
      fields.Wholes("inner_edges", kMaxEdgesRead, 1, kMaxMinorUnits);
  const std::vector<int64_t>& edges = measure.inner_edges;
  if (edges.empty()) {
    return;
  }
  for (size_t i = 1; i < edges.size(); ++i) {
    if (edges[i] <= edges[i - 1]) {
      faults.Add(ItemPlace(place, i),
                 "Each edge must be greater than the one before it.");
    }
  }
  const size_t bins = edges.size() + 1;
  if (bins < kMinBins || bins > kMaxBins) {
    faults.Add(place, absl::StrCat("There are ", bins,
                                   " bins, one more than "
                                   "edges; there must be from ",
                                   kMinBins, " to ", kMaxBins, "."));
  }
}

// Says whether an amount is an inner edge.
bool IsEdge(const Measure& measure, int64_t minor_units) {
  const std::vector<int64_t>& edges = measure.inner_edges;
  return std::find(edges.begin(), edges.end(), minor_units) != edges.end();
}

void ReadSteps(FieldReader& fields, FaultList& faults, Measure& measure) {
  if (fields.Optional("steps") == nullptr) {
    return;
  }
  const std::string place = fields.PlaceOf("steps");
  measure.steps = fields.Wholes("steps", kMaxBins, 1, kMaxMinorUnits);
  for (size_t i = 0; i < measure.steps.size(); ++i) {
    const int64_t step = measure.steps[i];
    if (i > 0 && step <= measure.steps[i - 1]) {
      faults.Add(ItemPlace(place, i),
                 "Each step must be greater than the one before it.");
    } else if (!measure.inner_edges.empty() &&
               !(IsEdge(measure, step) && IsEdge(measure, step + 1))) {
      faults.Add(ItemPlace(place, i),
                 "This step and the amount one above it must both be inner "
                 "edges, so that the step has a bin of its own.");
    }
  }
}

bool IsDigits(absl::string_view text, size_t most) {
  return !text.empty() && text.size() <= most &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return absl::ascii_isdigit(c); });
}

// Returns the number that `text` is in millionths, if it is digits and up to
// six decimals and within what an index may be.
std::optional<int64_t> ParseMicroIndex(absl::string_view text) {
  std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits('.', 1));
  const bool has_point = parts.first.size() < text.size();
  if (!IsDigits(parts.first, kMaxIndexWholeDigits) ||
      (has_point && !IsDigits(parts.second, kMaxIndexDecimals))) {
    return std::nullopt;
  }
  std::string millionths = absl::StrCat(parts.first, parts.second);
  millionths.append(kMaxIndexDecimals - parts.second.size(), '0');
  int64_t micro_index = 0;
  if (!absl::SimpleAtoi(millionths, &micro_index) || micro_index < 1 ||
      micro_index > kMaxMicroIndex) {
    return std::nullopt;
  }
  return micro_index;
}

std::optional<Tail> ReadTail(FieldReader& fields, absl::string_view name,
                             const Measure& measure, FaultList& faults) {
  const JsonValue* field = fields.Optional(name);
  if (field == nullptr) {
    return std::nullopt;
  }
  FieldReader reader(*field, fields.PlaceOf(name), faults);
  const std::optional<int64_t> from = reader.Whole("from", 1, kMaxMinorUnits);
  if (from.has_value() && !measure.inner_edges.empty() &&
      !IsEdge(measure, *from)) {
    faults.Add(reader.PlaceOf("from"),
               "This is not one of the measure's inner edges.");
  }
  std::optional<int64_t> micro_index;
  if (const JsonValue* index = reader.Required("index"); index != nullptr) {
    if (index->kind == JsonValue::Kind::kText) {
      micro_index = ParseMicroIndex(index->text);
    }
    if (!micro_index.has_value()) {
      faults.Add(reader.PlaceOf("index"),
                 "This must be a decimal number in double quotes, greater than "
                 "0 and at most 100, with up to six decimals, such as "
                 "\"2.5\".");
    }
  }
  reader.RefuseOthers();
  return Tail{.from = from.value_or(0), .micro_index = micro_index.value_or(0)};
}

void ReadTails(FieldReader& fields, FaultList& faults, Measure& measure) {
  measure.upper_tail = ReadTail(fields, "upper_tail", measure, faults);
  measure.lower_tail = ReadTail(fields, "lower_tail", measure, faults);
  if (measure.upper_tail.has_value() && measure.lower_tail.has_value() &&
      measure.upper_tail->from > 0 &&
      measure.lower_tail->from > measure.upper_tail->from) {
    faults.Add(absl::StrCat(fields.PlaceOf("lower_tail"), ".from"),
               "The lower tail must not begin above the upper one.");
  }
}

// Reads the value that a dimension's others are usually compared with.
void ReadBase(FieldReader& fields, FaultList& faults, Dimension& dimension) {
  const JsonValue* field = fields.Optional("base");
  if (field == nullptr) {
    return;
  }
  dimension.base =
      ReadIdentifier(*field, fields.PlaceOf("base"), faults).value_or("");
  if (!dimension.base.empty() && !dimension.values.empty() &&
      !ValueIndex(dimension, dimension.base).has_value()) {
    faults.Add(fields.PlaceOf("base"), "The dimension has no such value.");
  }
}

void ReadDimensions(FieldReader& fields, std::set<std::string>& ids,
                    FaultList& faults, Plan& plan) {
  fields.RequiredItems("dimensions", kMaxDimensions,
                       [&](const JsonValue& item, const std::string& place) {
                         FieldReader reader(item, place, faults);
                         Dimension& dimension = plan.dimensions.emplace_back();
                         dimension.id = ReadQuestionId(reader, ids, faults);
                         dimension.values = reader.Identifiers(
                             "values", kMaxValuesPerDimension);
                         ReadBase(reader, faults, dimension);
                         reader.RefuseOthers();
                       });
}

void ReadMeasures(FieldReader& fields, std::set<std::string>& ids,
                  FaultList& faults, Plan& plan) {
  fields.RequiredItems(
      "measures", kMaxMeasures,
      [&](const JsonValue& item, const std::string& place) {
        FieldReader reader(item, place, faults);
        Measure& measure = plan.measures.emplace_back();
        measure.id = ReadQuestionId(reader, ids, faults);
        CheckCurrency(reader, faults, measure);
        CheckPeriod(reader, faults, measure);
        measure.minor_unit_exponent = static_cast<int>(
            reader.Whole("minor_unit_exponent", 0, kMaxMinorUnitExponent)
                .value_or(0));
        CheckEdges(reader, faults, measure);
        ReadSteps(reader, faults, measure);
        ReadTails(reader, faults, measure);
        reader.RefuseOthers();
      });
}

}  // namespace

void ReadQuestions(FieldReader& fields, FaultList& faults, Plan& plan) {
  std::set<std::string> ids;
  ReadDimensions(fields, ids, faults, plan);
  ReadMeasures(fields, ids, faults, plan);
}

}  // namespace commonwage
