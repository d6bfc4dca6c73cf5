// SPDX-License-Identifier: Apache-2.0
// Properties of plans, over many of them.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "survey/plan/plan_json.h"
#include "survey/text/json.h"
#include "tests/survey/samples.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using ::testing::Contains;
using testing::PlacesOf;
using testing::SamplePlan;
using testing::SeededRandom;

// Draws a plan without faults.
class PlanMaker {
 public:
  explicit PlanMaker(uint64_t seed) : random_(seed) {}

  Plan Make() {
    Plan plan;
    plan.survey = Name("s");
    plan.round = Name("r");
    plan.opens_at =
        absl::FromUnixNanos(static_cast<int64_t>(random_.Below(1) << 60));
    plan.opens_at +=
        absl::Nanoseconds(random_.Below(4'000'000'000'000'000'000));
    plan.closes_at = plan.opens_at + absl::Seconds(1 + random_.Below(1 << 25));
    for (uint64_t i = 1 + random_.Below(4); i-- > 0;) {
      Dimension& dimension = plan.dimensions.emplace_back();
      dimension = {.id = Name("d"), .values = Names(9)};
      if (random_.Below(2) == 0) {
        dimension.base = dimension.values.back();
      }
    }
    for (uint64_t i = 1 + random_.Below(3); i-- > 0;) {
      AddMeasure(plan);
    }
    plan.k = static_cast<int64_t>(2 + random_.Below(50));
    plan.threshold_delta = absl::StrCat("1e-", 3 + random_.Below(9));
    plan.survey_cap_micro_rho =
        static_cast<int64_t>(1 + random_.Below(1 << 30));
    for (uint64_t i = 1 + random_.Below(5); i-- > 0;) {
      AddMarginal(plan);
    }
    AddOptionalParts(plan);
    return plan;
  }

 private:
  // A name not used before.
  std::string Name(const std::string& kind) {
    return absl::StrCat(kind, "_", ++names_, "+.", random_.Below(1000));
  }

  std::vector<std::string> Names(uint64_t most) {
    std::vector<std::string> names(1 + random_.Below(most));
    std::generate(names.begin(), names.end(), [this] { return Name("v"); });
    return names;
  }

  void AddMeasure(Plan& plan) {
    Measure& measure = plan.measures.emplace_back();
    measure.id = Name("m");
    measure.currency = "CHF";
    measure.period = static_cast<PayPeriod>(random_.Below(5));
    measure.minor_unit_exponent = static_cast<int>(random_.Below(5));
    int64_t edge = 0;
    for (uint64_t i = (8U << random_.Below(6)) - 1; i-- > 0;) {
      const bool makes_step = edge > 0 && random_.Below(4) == 0;
      if (makes_step) {
        measure.steps.push_back(edge);
      }
      edge += makes_step ? 1 : static_cast<int64_t>(1 + random_.Below(100'000));
      measure.inner_edges.push_back(edge);
    }
    const std::vector<int64_t>& edges = measure.inner_edges;
    if (random_.Below(2) == 0) {
      measure.upper_tail = TailFrom(edges[edges.size() / 2]);
    }
    if (random_.Below(2) == 0) {
      measure.lower_tail = TailFrom(edges[random_.Below(edges.size() / 2)]);
    }
  }

  Tail TailFrom(int64_t edge) {
    return {
        .from = edge,
        .micro_index = static_cast<int64_t>(1 + random_.Below(kMaxMicroIndex))};
  }

  // Adds none if the measure and dimensions drawn have one already.
  void AddMarginal(Plan& plan) {
    Marginal marginal;
    marginal.id = Name("t");
    const Measure& measure = plan.measures[random_.Below(plan.measures.size())];
    marginal.measure = measure.id;
    if (random_.Below(4) > 0) {
      marginal.by = {plan.dimensions[0].id};
    }
    if (plan.dimensions.size() > 1 && random_.Below(2) == 0) {
      marginal.by.insert(marginal.by.begin(), plan.dimensions[1].id);
    }
    for (const Marginal& earlier : plan.marginals) {
      if (earlier.measure == marginal.measure && earlier.by == marginal.by) {
        return;
      }
    }
    for (size_t bins = BinCount(measure); bins > 1;) {
      const size_t fanout = bins % 4 == 0 && random_.Below(2) == 0 ? 4 : 2;
      marginal.fanouts.push_back(static_cast<int64_t>(fanout));
      bins /= fanout;
    }
    marginal.mechanism = static_cast<Mechanism>(random_.Below(2));
    for (size_t i = 0; i <= marginal.fanouts.size(); ++i) {
      marginal.micro_loss_per_level.push_back(
          static_cast<int64_t>(1 + random_.Below(kMaxMicroRho)));
    }
    plan.marginals.push_back(marginal);
  }

  void AddOptionalParts(Plan& plan) {
    const Dimension& dimension = plan.dimensions[0];
    const Measure& measure = plan.measures[0];
    if (random_.Below(2) == 0) {
      plan.labels.push_back({.id = dimension.id,
                             .value = dimension.values[0],
                             .language = "de-CH",
                             .text = "\xc3\x9c \"\\/\t"});
      plan.labels.back().text.pop_back();
    }
    if (random_.Below(2) == 0) {
      plan.anchors.push_back({.id = Name("a"),
                              .measure = measure.id,
                              .edge = measure.inner_edges.back()});
    }
    if (random_.Below(2) == 0) {
      plan.population.push_back({.dimension = dimension.id,
                                 .value = dimension.values[0],
                                 .members = 12});
    }
  }

  SeededRandom random_;
  int names_ = 0;
};

TEST(PlanPropertyTest, EveryPlanIsReadBackEqual) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    const Plan plan = PlanMaker(seed).Make();
    const std::string json = WritePlan(plan);
    const auto read = ParsePlan(json);
    ASSERT_OK(read) << json;
    EXPECT_EQ(*read, plan) << json;
    EXPECT_EQ(WritePlan(*read), json);
  }
}

std::string ToJson(const JsonValue& value) {
  const auto list = [&](const auto& item) {
    std::vector<std::string> items;
    for (size_t i = 0; i < value.items.size(); ++i) {
      items.push_back(item(i));
    }
    return absl::StrJoin(items, ",");
  };
  switch (value.kind) {
    case JsonValue::Kind::kNumber:
      return absl::StrCat(static_cast<int64_t>(value.number));
    case JsonValue::Kind::kText: {
      JsonWriter writer;
      writer.Text(value.text);
      return std::move(writer).Finish();
    }
    case JsonValue::Kind::kList:
      return absl::StrCat(
          "[", list([&](size_t i) { return ToJson(value.items[i]); }), "]");
    case JsonValue::Kind::kObject:
      return absl::StrCat("{", list([&](size_t i) {
                            return absl::StrCat("\"", value.names[i],
                                                "\":", ToJson(value.items[i]));
                          }),
                          "}");
    default:
      return "null";
  }
}

// Calls `visit` with every field of every object inside `value`: the object,
// the field's index in it, and its place.
template <typename Visit>
void ForEachField(JsonValue& value, const std::string& place,
                  const Visit& visit) {
  for (size_t i = 0; i < value.items.size(); ++i) {
    if (value.kind == JsonValue::Kind::kList) {
      ForEachField(value.items[i], absl::StrCat(place, "[", i, "]"), visit);
      continue;
    }
    const std::string field =
        absl::StrCat(place, place.empty() ? "" : ".", value.names[i]);
    visit(value, i, field);
    ForEachField(value.items[i], field, visit);
  }
}

TEST(PlanPropertyTest, EveryFieldThatIsTakenAwayIsNamed) {
  JsonValue plan = ParseJsonObject(WritePlan(SamplePlan())).value;
  const std::set<std::string> optional = {"dimensions[1].base",
                                          "measures[0].steps",
                                          "measures[0].upper_tail",
                                          "measures[0].lower_tail",
                                          "labels",
                                          "anchors",
                                          "population",
                                          "labels[2].value"};
  int fields = 0;
  ForEachField(plan, "",
               [&](JsonValue& object, size_t i, const std::string& place) {
                 const JsonValue whole = object;
                 const auto at = static_cast<std::ptrdiff_t>(i);
                 object.names.erase(object.names.begin() + at);
                 object.items.erase(object.items.begin() + at);
                 const auto read = ParsePlan(ToJson(plan));
                 if (optional.contains(place)) {
                   EXPECT_OK(read) << place;
                 } else {
                   EXPECT_THAT(PlacesOf(read.status()), Contains(place));
                 }
                 object = whole;
                 ++fields;
               });
  EXPECT_GT(fields, 50);
}

TEST(PlanPropertyTest, EveryFieldOfTheWrongKindIsNamed) {
  JsonValue plan = ParseJsonObject(WritePlan(SamplePlan())).value;
  JsonValue list_of_object;
  list_of_object.kind = JsonValue::Kind::kList;
  list_of_object.items.resize(1);
  list_of_object.items[0].kind = JsonValue::Kind::kObject;
  for (const JsonValue& wrong : {JsonValue(), list_of_object}) {
    ForEachField(
        plan, "", [&](JsonValue& object, size_t i, const std::string& place) {
          const JsonValue right = object.items[i];
          object.items[i] = wrong;
          const std::vector<std::string> places =
              PlacesOf(ParsePlan(ToJson(plan)).status());
          EXPECT_TRUE(std::any_of(places.begin(), places.end(),
                                  [&](const std::string& fault) {
                                    return absl::StartsWith(fault, place);
                                  }))
              << place;
          object.items[i] = right;
        });
  }
}

}  // namespace
}  // namespace commonwage
