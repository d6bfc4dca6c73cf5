// SPDX-License-Identifier: Apache-2.0
#include "survey/plan/plan_json.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "tests/survey/plan_faults.h"
#include "tests/survey/samples.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using ::testing::ElementsAre;
using testing::ExpectFaultAt;
using testing::FaultsAfter;
using testing::FaultsIn;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::PlacesOf;
using testing::SamplePlan;
using testing::SamplePlanJson;
using testing::SharedFile;
using testing::StatusIs;

TEST(ParsePlanTest, AcceptsTheSample) {
  const auto plan = ParsePlan(SamplePlanJson());
  ASSERT_OK(plan);
  EXPECT_EQ(plan->survey, "couriers");
  EXPECT_EQ(absl::FormatTime(plan->closes_at, absl::UTCTimeZone()),
            "2026-02-01T00:00:00+00:00");
  EXPECT_THAT(plan->dimensions[1].values,
              ElementsAre("north", "south", "undisclosed"));
  EXPECT_EQ(plan->measures[0].period, PayPeriod::kHour);
  EXPECT_EQ(plan->marginals[0].mechanism, Mechanism::kDiscreteGaussian);
  EXPECT_EQ(plan->marginals[1].mechanism, Mechanism::kDiscreteLaplace);
  EXPECT_THAT(plan->marginals[1].micro_loss_per_level,
              ElementsAre(300000, 300000, 300000));
  EXPECT_THAT(plan->labels, IsEmpty());
}

TEST(ParsePlanTest, AcceptsThePublishedExample) {
  const std::optional<std::string> json = SharedFile("examples/plan.json");
  if (!json.has_value()) {
    COMMONWAGE_SKIP_WITHOUT("examples/plan.json");
  }
  const auto plan = ParsePlan(*json);
  ASSERT_OK(plan);
  EXPECT_EQ(RoundIdOf(*plan), "open-wages.2021-04");
  EXPECT_EQ(BinCount(plan->measures[0]), 64U);
  EXPECT_EQ(plan->marginals.size(), 5U);
}

TEST(ParsePlanTest, TakesWhatAnEditorPutsAroundThePlan) {
  const std::string plan = WritePlan(SamplePlan());
  const auto read = ParsePlan(
      absl::StrCat("\ufeff", absl::StrReplaceAll(plan, {{"\n", "\r\n"}})));
  ASSERT_OK(read);
  EXPECT_EQ(WritePlan(*read), plan);
  EXPECT_THAT(ParsePlan(absl::StrCat("\ufeff\ufeff", plan)),
              HasReason(Reason::kPlanFaulty));
}

TEST(ParsePlanTest, TellsTheLineOfASyntaxError) {
  const auto plan = ParsePlan("{\n \"survey\": \"a\"\n \"round\": \"b\"\n}");
  EXPECT_THAT(plan, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(plan, HasReason(Reason::kPlanFaulty));
  const std::vector<Fault> faults = FaultsOf(plan.status());
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].place, "line 3");
}

TEST(ParsePlanTest, NamesAFieldThatIsGivenTwiceAndItsLine) {
  std::vector<Fault> faults = FaultsIn(
      "{\n \"a\": [{\"k\": 1}, {\"k\": \"k:{\"}],\n \"b\": {\"k\": 1,\n \"k\": "
      "2}}");
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].place, "line 4");
  EXPECT_EQ(faults[0].sentence,
            "The field k is given twice in the same object.");
  faults = FaultsIn("{\n \"a b\": 1,\n \"a b\": 2}");
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].place, "line 3");
  EXPECT_EQ(faults[0].sentence, "A field is given twice in the same object.");
}

TEST(ParsePlanTest, TellsWhereACutOffPlanEnds) {
  const std::string json = WritePlan(SamplePlan());
  for (const size_t size : {size_t{0}, size_t{1}, size_t{5}, json.size() / 3,
                            json.size() / 2, json.size() - 2}) {
    const std::string cut = json.substr(0, size);
    const auto newlines = std::count(
        cut.begin(),
        cut.begin() +
            static_cast<std::ptrdiff_t>(cut.find_last_not_of("\n ") + 1),
        '\n');
    const std::vector<Fault> faults = FaultsIn(cut);
    ASSERT_EQ(faults.size(), 1U) << size;
    EXPECT_EQ(faults[0].place, absl::StrCat("line ", 1 + newlines)) << size;
    EXPECT_THAT(faults[0].sentence, HasSubstr("cut off")) << cut;
  }
}

TEST(ParsePlanTest, RefusesWhatOtherJsonReadersWouldRefuse) {
  for (const absl::string_view json : {"",
                                       " ",
                                       "null",
                                       "[]",
                                       "3",
                                       "\"a\"",
                                       "{",
                                       "{}}",
                                       "{} x",
                                       "{'k': 1}",
                                       "{k: 1}",
                                       "{\"k\": 1,}",
                                       "{\"k\": [1,]}",
                                       "{\"k\": 01}",
                                       "{\"k\": NaN}",
                                       "{\"k\": 1, \"k\": 1}",
                                       "// plan\n{}",
                                       "{\"k\": \"\n",
                                       "{\"k\": \"\xff\"}",
                                       "{\"k\": \"\\ud800\"}",
                                       "{\"k\": 1e999}"}) {
    EXPECT_EQ(FaultsIn(json).size(), 1U) << json;
  }
  std::string deep;
  for (int i = 0; i < 10'000; ++i) {
    deep += "{\"k\":";
  }
  EXPECT_EQ(FaultsIn(deep).size(), 1U);
  EXPECT_EQ(FaultsIn(std::string(kMaxPlanBytes + 1, ' ')).size(), 1U);
}

TEST(ParsePlanTest, NamesEveryFaultOfAPlanAtOnce) {
  std::string json = WritePlan(SamplePlan());
  json = absl::StrReplaceAll(json, {{"\"k\": 10", "\"k\": 1.5"},
                                    {"\"EUR\"", "\"euro\""},
                                    {"[4, 4]", "[4, 3]"},
                                    {"\"1e-7\"", "\"never\""}});
  const std::vector<std::string> places = PlacesOf(ParsePlan(json).status());
  EXPECT_THAT(places,
              ElementsAre("measures[0].currency", "k", "threshold_delta",
                          "marginals[0].fanouts", "marginals[1].fanouts"));
}

TEST(ParsePlanTest, TakesATableOfEverybodyOncePerMeasure) {
  Plan plan = SamplePlan();
  plan.marginals[0].by.clear();
  EXPECT_OK(ParsePlan(WritePlan(plan)));
  plan.marginals[1].by.clear();
  EXPECT_THAT(PlacesOf(ParsePlan(WritePlan(plan)).status()),
              ElementsAre("marginals[1].by"));
}

TEST(ParsePlanTest, RefusesFieldsItDoesNotKnowAtEveryLevel) {
  ExpectFaultAt("colour", "\"k\": 10", "\"k\": 10, \"colour\": 1");
  ExpectFaultAt("dimensions[0].colour", "\"id\": \"platform\",\n   \"values\"",
                "\"id\": \"platform\", \"colour\": 1, \"values\"");
  ExpectFaultAt("measures[0].colour", "\"currency\"",
                "\"colour\": 1, \"currency\"");
  ExpectFaultAt("marginals[1].colour", "\"DISCRETE_LAPLACE\"",
                "\"DISCRETE_LAPLACE\", \"colour\": 1");
  ExpectFaultAt("labels[2].colour", "\"pt-BR\"", "\"pt-BR\", \"colour\": 1");
  ExpectFaultAt("anchors[0].colour", "\"edge\"", "\"colour\": 1, \"edge\"");
  ExpectFaultAt("population[1].colour", "\"members\": 0",
                "\"members\": 0, \"colour\": 1");
  ExpectFaultAt("(a field)", "\"k\": 10", "\"k\": 10, \"a b\": 1");
}

TEST(ParsePlanTest, RefusesNumbersThatAreNotWholeOrTooLarge) {
  for (const absl::string_view k :
       {"1", "0", "-5", "1.5", "\"10\"", "null", "[10]", "1000001",
        "9007199254740993", "1e300", "true"}) {
    ExpectFaultAt("k", "\"k\": 10", absl::StrCat("\"k\": ", k));
  }
  for (const absl::string_view cap :
       {"0", "-1", "0.5", "9007199254740992", "9007199254740993"}) {
    ExpectFaultAt("survey_cap_micro_rho", ": 1600000", absl::StrCat(": ", cap));
  }
}

TEST(ParsePlanTest, RefusesADeltaOutsideItsRange) {
  for (const absl::string_view delta :
       {"\"0\"", "\"0.0\"", "\"-1e-7\"", "\"0.002\"", "\"1\"", "\"\"",
        "\"e-7\"", "\"1e\"", "\".1e-6\"", "\"1.e-7\"", "\" 1e-7\"",
        "\"0x1p-30\"", "\"nan\"", "\"1e-400\"", "1e-7",
        "\"0.00000000000000000000000000000000001\""}) {
    ExpectFaultAt("threshold_delta", "\"1e-7\"", delta);
  }
  for (const absl::string_view delta :
       {"\"0.001\"", "\"1E-9\"", "\"0.0000001\"", "\"2.5e-08\""}) {
    EXPECT_THAT(FaultsAfter("\"1e-7\"", delta), IsEmpty()) << delta;
  }
}

TEST(ParsePlanTest, RefusesTimesThatAreNotRfc3339) {
  for (const absl::string_view time :
       {"2026-01-01", "2026-01-01T00:00Z", "2026-01-01 00:00:00Z",
        "2026-01-01T00:00:00", "2026-01-01T00:00:00z", "2026-13-01T00:00:00Z",
        "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z", "infinite-past",
        "02026-01-01T00:00:00Z", "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00+1:00", "1969-12-31T23:59:59Z", ""}) {
    ExpectFaultAt("opens_at", "2026-01-01T00:00:00Z", time);
  }
  for (const absl::string_view time :
       {"2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00+05:45"}) {
    EXPECT_THAT(FaultsAfter("2026-01-01T00:00:00Z", time), IsEmpty()) << time;
  }
}

TEST(ParsePlanTest, RefusesARoundThatClosesBeforeItOpens) {
  ExpectFaultAt("closes_at", "2026-02-01T00:00:00Z", "2026-01-01T00:00:00Z");
  ExpectFaultAt("closes_at", "2026-02-01T00:00:00Z", "2025-02-01T00:00:00Z");
}

TEST(ParsePlanTest, RefusesNamesOutsideTheAlphabet) {
  // The label of the survey is at fault then, too.
  EXPECT_EQ(FaultsAfter("\"survey\": \"couriers\"", "\"survey\": \"a/b\"")
                .at(0)
                .place,
            "survey");
  ExpectFaultAt("round", "\"2026-q1\"", "\"\"");
  ExpectFaultAt("dimensions[0].values[1]", "\"fast-food\"", "\"fast food\"");
}

TEST(ParsePlanTest, RefusesDuplicates) {
  ExpectFaultAt("dimensions[0].values[1]", "\"fast-food\"", "\"bolt-bike\"");
  ExpectFaultAt("marginals[1].id", "\"id\": \"platform_region\"",
                "\"id\": \"platform\"");
  ExpectFaultAt("marginals[1].by[1]", "[\"platform\", \"region\"]",
                "[\"platform\", \"platform\"]");
  ExpectFaultAt("measures[0].inner_edges[1]", "[600, 700", "[600, 600");
  ExpectFaultAt("measures[0].inner_edges[2]", "700, 800", "800, 700");
  ExpectFaultAt("labels[1]", "\"id\": \"region\",\n   \"language\"",
                "\"id\": \"couriers\",\n   \"language\"");
  ExpectFaultAt("population[1]", "\"value\": \"south\"",
                "\"value\": \"north\"");
  const std::vector<Fault> faults =
      FaultsAfter("\"id\": \"hourly_pay\",\n   \"currency\"",
                  "\"id\": \"platform\",\n   \"currency\"");
  ASSERT_FALSE(faults.empty());
  EXPECT_EQ(faults[0].place, "measures[0].id");
}

TEST(ParsePlanTest, RefusesASecondMarginalOfTheSameMeasureAndDimensions) {
  Plan plan = SamplePlan();
  Marginal second = plan.marginals[1];
  second.id = "again";
  plan.marginals.push_back(second);
  EXPECT_THAT(PlacesOf(ParsePlan(WritePlan(plan)).status()),
              ElementsAre("marginals[2].by"));
  std::reverse(second.by.begin(), second.by.end());
  plan.marginals[2] = second;
  EXPECT_THAT(PlacesOf(ParsePlan(WritePlan(plan)).status()),
              ElementsAre("marginals[2].by"));
  plan.measures.push_back(plan.measures[0]);
  plan.measures[1].id = "weekly_pay";
  plan.marginals[2].measure = "weekly_pay";
  EXPECT_OK(ParsePlan(WritePlan(plan)));
}

TEST(ParsePlanTest, RefusesATreeThatDoesNotFitItsMeasure) {
  const std::vector<Fault> faults = FaultsAfter("[4, 4]", "[4, 3]");
  ASSERT_EQ(faults.size(), 2U);
  EXPECT_EQ(faults[0].place, "marginals[0].fanouts");
  EXPECT_EQ(faults[0].sentence,
            "The product is 12, but the measure has 16 bins.");
  EXPECT_EQ(FaultsAfter("[4, 4]", "[4, 1]").at(0).place,
            "marginals[0].fanouts[1]");
  EXPECT_EQ(FaultsAfter("[4, 4]", "[256, 256]").at(0).place,
            "marginals[0].fanouts");
  EXPECT_EQ(FaultsAfter("[4, 4]", "[]").at(0).place, "marginals[0].fanouts");
  EXPECT_EQ(FaultsAfter("[4, 4]", "[2, 2, 2, 2]").at(0).place,
            "marginals[0].micro_rho_per_level");
}

TEST(ParsePlanTest, RefusesALossOfTheWrongKindLengthOrSize) {
  const absl::string_view rho = "[50000, 50000, 50000]";
  const absl::string_view epsilon = "[300000, 300000, 300000]";
  ExpectFaultAt("marginals[0].micro_rho_per_level", rho, "[50000, 50000]");
  ExpectFaultAt("marginals[0].micro_rho_per_level[0]", rho,
                "[0, 50000, 50000]");
  ExpectFaultAt("marginals[0].micro_rho_per_level[2]", rho,
                "[50000, 50000, 1048577]");
  EXPECT_THAT(FaultsAfter(rho, "[1048576, 1, 1]"), IsEmpty());
  ExpectFaultAt("marginals[1].micro_epsilon_per_level[1]", epsilon,
                "[300000, 16777217, 300000]");
  EXPECT_THAT(FaultsAfter(epsilon, "[16777216, 1, 1]"), IsEmpty());
  ExpectFaultAt("marginals[0].micro_epsilon_per_level",
                "\"micro_rho_per_level\"", "\"micro_epsilon_per_level\"");
  ExpectFaultAt("marginals[1].micro_rho_per_level",
                "\"micro_epsilon_per_level\"", "\"micro_rho_per_level\"");
}

TEST(ParsePlanTest, RefusesAMarginalOfUnknownThings) {
  ExpectFaultAt("marginals[1].by[1]", "[\"platform\", \"region\"]",
                "[\"platform\", \"gender\"]");
  ExpectFaultAt("marginals[0].by", "[\"platform\"]", "{}");
  ExpectFaultAt("marginals[0].by", "\"by\": [\"platform\"],", "");
  ExpectFaultAt("marginals[0].mechanism", "\"DISCRETE_GAUSSIAN\"",
                "\"GAUSSIAN\"");
  EXPECT_EQ(FaultsAfter("\"measure\": \"hourly_pay\",\n   \"by\"",
                        "\"measure\": \"weekly_pay\",\n   \"by\"")
                .at(0)
                .place,
            "marginals[0].measure");
}

// Returns a plan of one marginal by two dimensions of `values` values each.
std::string WithValues(size_t values) {
  Plan plan = *ParsePlan(SamplePlanJson());
  for (Dimension& dimension : plan.dimensions) {
    dimension.values.clear();
    for (size_t i = 0; i < values; ++i) {
      dimension.values.push_back(absl::StrCat(i));
    }
  }
  return WritePlan(plan);
}

TEST(ParsePlanTest, RefusesMarginalsOfVeryManyCells) {
  EXPECT_OK(ParsePlan(WithValues(316)));
  const std::vector<Fault> faults = FaultsIn(WithValues(1000));
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].place, "marginals[1].by");
  EXPECT_THAT(faults[0].sentence, HasSubstr("more than 100000 cells"));
}

TEST(ParsePlanTest, RefusesMoreNodesThanFitInMemory) {
  Plan plan = *ParsePlan(WithValues(316));
  const Marginal large = plan.marginals[1];
  for (const char* id : {"b", "c", "d", "e"}) {
    plan.measures.push_back(plan.measures[0]);
    plan.measures.back().id = absl::StrCat("pay_", id);
    plan.marginals.push_back(large);
    plan.marginals.back().id = id;
    plan.marginals.back().measure = plan.measures.back().id;
  }
  const std::vector<Fault> faults = FaultsIn(WritePlan(plan));
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].place, "marginals");
}

TEST(ParsePlanTest, RefusesMoreQuestionsThanAnAnswerHolds) {
  Plan plan = *ParsePlan(SamplePlanJson());
  while (plan.dimensions.size() <= kMaxDimensions) {
    plan.dimensions.push_back(
        {.id = absl::StrCat("d", plan.dimensions.size()), .values = {"a"}});
  }
  EXPECT_EQ(FaultsIn(WritePlan(plan)).at(0).place, "dimensions");
}

TEST(ParsePlanTest, RefusesOptionalPartsThatDoNotFitThePlan) {
  ExpectFaultAt("labels[1].id", "\"id\": \"region\",\n   \"language\"",
                "\"id\": \"nothing\",\n   \"language\"");
  ExpectFaultAt("labels[2].value", "\"value\": \"north\",\n   \"language\"",
                "\"value\": \"east\",\n   \"language\"");
  ExpectFaultAt("labels[2].language", "\"pt-BR\"", "\"pt_BR\"");
  ExpectFaultAt("labels[0].text", "\"Couriers\"", "\"\"");
  ExpectFaultAt("labels[0].text", "\"Couriers\"", "\"two\\nlines\"");
  ExpectFaultAt("anchors[0].edge", "\"edge\": 1200", "\"edge\": 1250");
  ExpectFaultAt("anchors[0].measure",
                "\"measure\": \"hourly_pay\",\n   \"edge\"",
                "\"measure\": \"weekly_pay\",\n   \"edge\"");
  ExpectFaultAt("population[0].value", "\"value\": \"north\",\n   \"members\"",
                "\"value\": \"east\",\n   \"members\"");
  ExpectFaultAt("population[0].dimension",
                "\"dimension\": \"region\",\n   \"value\": \"north\"",
                "\"dimension\": \"nothing\",\n   \"value\": \"north\"");
  ExpectFaultAt("population[0].members", "\"members\": 1500",
                "\"members\": -1");
}

}  // namespace
}  // namespace commonwage
