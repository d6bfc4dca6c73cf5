// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "survey/json.h"
#include "survey/plan.h"
#include "survey/plan_fields.h"

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

void WriteQuestions(const Plan& plan, JsonWriter& writer) {
  WriteObjects(writer, "dimensions", plan.dimensions,
               [&](const Dimension& dimension) {
                 WriteText(writer, "id", dimension.id);
                 writer.Name("values");
                 writer.Texts(dimension.values);
               });
  WriteObjects(writer, "measures", plan.measures, [&](const Measure& measure) {
    WriteText(writer, "id", measure.id);
    WriteText(writer, "currency", measure.currency);
    WriteText(writer, "period", NameOf(measure.period));
    WriteWhole(writer, "minor_unit_exponent", measure.minor_unit_exponent);
    writer.Name("inner_edges");
    writer.Wholes(measure.inner_edges);
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
