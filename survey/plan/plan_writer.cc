// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "survey/plan/plan.h"
#include "survey/plan/plan_fields.h"
#include "survey/text/json.h"

namespace commonwage {
namespace {

void WriteText(JsonWriter& writer, absl::string_view name,
               absl::string_view text) {
  writer.Name(name);
  writer.Text(text);
}

void WriteWhole(JsonWriter& writer, absl::string_view name, int64_t number) {
  writer.Name(name);
  writer.Whole(number);
}

void WriteTime(JsonWriter& writer, absl::string_view name, absl::Time time) {
  WriteText(
      writer, name,
      absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone()));
}

// Writes a list with an object per item, or nothing if there are none.
template <typename Items, typename WriteItem>
void WriteObjects(JsonWriter& writer, absl::string_view name,
                  const Items& items, const WriteItem& write_item) {
  if (items.empty()) {
    return;
  }
  writer.Name(name);
  writer.BeginList();
  for (const auto& item : items) {
    writer.BeginObject();
    write_item(item);
    writer.EndObject();
  }
  writer.EndList();
}

// Returns a number of millionths as a decimal number without needless zeros.
std::string DecimalOf(int64_t micro) {
  std::string text =
      absl::StrFormat("%d.%06d", micro / 1'000'000, micro % 1'000'000);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') {
    text.pop_back();
  }
  return text;
}

void WriteTail(JsonWriter& writer, absl::string_view name,
               const std::optional<Tail>& tail) {
  if (!tail.has_value()) {
    return;
  }
  writer.Name(name);
  writer.BeginObject();
  WriteWhole(writer, "from", tail->from);
  WriteText(writer, "index", DecimalOf(tail->micro_index));
  writer.EndObject();
}

void WriteQuestions(const Plan& plan, JsonWriter& writer) {
  WriteObjects(writer, "dimensions", plan.dimensions,
               [&](const Dimension& dimension) {
                 WriteText(writer, "id", dimension.id);
                 writer.Name("values");
                 writer.Texts(dimension.values);
                 if (!dimension.base.empty()) {
                   WriteText(writer, "base", dimension.base);
                 }
               });
  WriteObjects(writer, "measures", plan.measures, [&](const Measure& measure) {
    WriteText(writer, "id", measure.id);
    WriteText(writer, "currency", measure.currency);
    WriteText(writer, "period", NameOf(measure.period));
    WriteWhole(writer, "minor_unit_exponent", measure.minor_unit_exponent);
    writer.Name("inner_edges");
    writer.Wholes(measure.inner_edges);
    if (!measure.steps.empty()) {
      writer.Name("steps");
      writer.Wholes(measure.steps);
    }
    WriteTail(writer, "upper_tail", measure.upper_tail);
    WriteTail(writer, "lower_tail", measure.lower_tail);
  });
}

void WriteMarginal(const Marginal& marginal, JsonWriter& writer) {
  WriteText(writer, "id", marginal.id);
  WriteText(writer, "measure", marginal.measure);
  writer.Name("by");
  writer.Texts(marginal.by);
  WriteText(writer, "mechanism", NameOf(marginal.mechanism));
  writer.Name("fanouts");
  writer.Wholes(marginal.fanouts);
  writer.Name(marginal.mechanism == Mechanism::kDiscreteGaussian
                  ? kMicroRhoField
                  : kMicroEpsilonField);
  writer.Wholes(marginal.micro_loss_per_level);
}

void WriteOptionalParts(const Plan& plan, JsonWriter& writer) {
  WriteObjects(writer, "labels", plan.labels, [&](const Label& label) {
    WriteText(writer, "id", label.id);
    if (!label.value.empty()) {
      WriteText(writer, "value", label.value);
    }
    WriteText(writer, "language", label.language);
    WriteText(writer, "text", label.text);
  });
  WriteObjects(writer, "anchors", plan.anchors, [&](const Anchor& anchor) {
    WriteText(writer, "id", anchor.id);
    WriteText(writer, "measure", anchor.measure);
    WriteWhole(writer, "edge", anchor.edge);
  });
  WriteObjects(writer, "population", plan.population,
               [&](const PopulationTotal& total) {
                 WriteText(writer, "dimension", total.dimension);
                 WriteText(writer, "value", total.value);
                 WriteWhole(writer, "members", total.members);
               });
}

}  // namespace

void WritePlanFields(const Plan& plan, JsonWriter& writer) {
  writer.BeginObject();
  WriteText(writer, "survey", plan.survey);
  WriteText(writer, "round", plan.round);
  WriteTime(writer, "opens_at", plan.opens_at);
  WriteTime(writer, "closes_at", plan.closes_at);
  WriteQuestions(plan, writer);
  WriteWhole(writer, "k", plan.k);
  WriteText(writer, "threshold_delta", plan.threshold_delta);
  WriteWhole(writer, "survey_cap_micro_rho", plan.survey_cap_micro_rho);
  WriteObjects(
      writer, "marginals", plan.marginals,
      [&](const Marginal& marginal) { WriteMarginal(marginal, writer); });
  WriteOptionalParts(plan, writer);
  writer.EndObject();
}

}  // namespace commonwage
