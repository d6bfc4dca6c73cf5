// SPDX-License-Identifier: Apache-2.0
#include "figures/requests.h"

#include <cmath>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "survey/plan/plan_json.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::figures {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

v1::SummarizeRequest ByPlatformAndRegion() {
  v1::SummarizeRequest request;
  request.set_name("releases/couriers.2026-q1");
  request.add_by("platform");
  request.add_by("region");
  return request;
}

std::set<std::string> FaultyFields(const absl::Status& status) {
  EXPECT_THAT(status, HasReason(Reason::kRequestFaulty));
  std::set<std::string> places;
  for (const Fault& fault : FaultsOf(status)) {
    places.insert(fault.place);
  }
  return places;
}

TEST(RequestsTest, TakesTheWholeOfASummary) {
  v1::SummarizeRequest request = ByPlatformAndRegion();
  request.set_measure("hourly_pay");
  v1::CellFilter* kept = request.add_where();
  kept->set_dimension("platform");
  kept->add_values("other");
  v1::CellFilter* combined = request.add_where();
  combined->set_dimension("region");
  combined->add_values("north");
  combined->add_values("south");
  combined->set_combine(true);
  v1::StatisticsSelection* statistics = request.mutable_statistics();
  statistics->set_count(true);
  statistics->add_quantiles(0.1);
  statistics->add_quantiles(0.9);
  statistics->set_histogram(true);
  statistics->set_trimmed_mean(true);
  statistics->add_shares_below(1250);
  request.set_modelled(true);

  const auto question = ToQuestion(request);
  ASSERT_OK(question);
  EXPECT_EQ(question->measure, "hourly_pay");
  EXPECT_THAT(question->by, ElementsAre("platform", "region"));
  EXPECT_THAT(question->where.at("platform"), ElementsAre("other"));
  EXPECT_THAT(question->where.at("region"), ElementsAre("north", "south"));
  EXPECT_THAT(question->add, ElementsAre("region"));
  EXPECT_TRUE(question->statistics.count());
  EXPECT_THAT(question->statistics.quantiles(), ElementsAre(0.1, 0.9));
  EXPECT_TRUE(question->statistics.histogram());
  EXPECT_TRUE(question->statistics.trimmed_mean());
  EXPECT_THAT(question->statistics.shares_below(), ElementsAre(1250));
  EXPECT_TRUE(question->modelled);
  EXPECT_FALSE(question->simultaneous);
}

TEST(RequestsTest, CombiningWithoutValuesTakesAllOfThem) {
  v1::SummarizeRequest request = ByPlatformAndRegion();
  request.add_where()->set_dimension("region");
  EXPECT_THAT(FaultyFields(ToQuestion(request).status()),
              ElementsAre("where[0].values"));
  request.mutable_where(0)->set_combine(true);
  const auto question = ToQuestion(request);
  ASSERT_OK(question);
  EXPECT_THAT(question->add, ElementsAre("region"));
  EXPECT_THAT(question->where.at("region"), IsEmpty());
  EXPECT_OK(
      CheckReplySize(*question, ParsePlan(testing::SamplePlanJson()).value()));
}

TEST(RequestsTest, SimultaneousIsTakenButNotTogetherWithModelled) {
  v1::SummarizeRequest request = ByPlatformAndRegion();
  request.set_simultaneous(true);
  EXPECT_TRUE(ToQuestion(request)->simultaneous);
  request.set_modelled(true);
  EXPECT_THAT(FaultyFields(ToQuestion(request).status()),
              ElementsAre("simultaneous"));
}

TEST(RequestsTest, NamesEveryFaultyFieldAtOnce) {
  v1::SummarizeRequest request = ByPlatformAndRegion();
  request.set_measure("not an identifier");
  request.add_by("region");
  request.add_where();
  v1::CellFilter* foreign = request.add_where();
  foreign->set_dimension("age");
  foreign->add_values("old");
  foreign->add_values("old");
  request.mutable_statistics()->add_quantiles(0.5);
  request.mutable_statistics()->add_quantiles(1);
  request.mutable_statistics()->add_shares_below(0);

  EXPECT_THAT(FaultyFields(ToQuestion(request).status()),
              UnorderedElementsAre(
                  "measure", "by[2]", "where[0].dimension", "where[0].values",
                  "where[1].dimension", "where[1].values[1]",
                  "statistics.quantiles[1]", "statistics.shares_below[0]"));
}

TEST(RequestsTest, RefusesEveryQuantileThatIsNone) {
  for (const double p : {0.0, 1.0, -0.5, 2.0, std::nan(""), HUGE_VAL}) {
    v1::SummarizeRequest request = ByPlatformAndRegion();
    request.mutable_statistics()->add_quantiles(p);
    EXPECT_THAT(FaultyFields(ToQuestion(request).status()),
                ElementsAre("statistics.quantiles[0]"))
        << p;
  }
}

TEST(RequestsTest, RefusesTooMany) {
  v1::SummarizeRequest request;
  for (int i = 0; i < 33; ++i) {
    request.add_by(absl::StrCat("d", i));
    request.mutable_statistics()->add_quantiles(0.5);
    request.mutable_statistics()->add_shares_below(1 + i);
  }
  EXPECT_THAT(FaultyFields(ToQuestion(request).status()),
              UnorderedElementsAre("by", "statistics.quantiles",
                                   "statistics.shares_below"));
}

TEST(RequestsTest, NeverRepeatsWhatWasSent) {
  v1::SummarizeRequest request;
  request.add_by("<planted>");
  const std::string text = ToQuestion(request).status().ToString();
  EXPECT_EQ(text.find("planted"), std::string::npos);
}

TEST(RequestsTest, TakesBothCellsOfAComparison) {
  v1::CompareRequest request;
  request.add_by("platform");
  v1::CellCoordinate* a = request.add_a();
  a->set_dimension("platform");
  a->add_values("other");
  v1::CellCoordinate* b = request.add_base();
  b->set_dimension("platform");
  b->add_values("bolt-bike");
  b->add_values("fast-food");
  const auto question = ToQuestion(request);
  ASSERT_OK(question);
  EXPECT_THAT(question->a.at("platform"), ElementsAre("other"));
  EXPECT_THAT(question->base.at("platform"),
              ElementsAre("bolt-bike", "fast-food"));
  EXPECT_EQ(question->p, 0.5);
  request.set_quantile(0.9);
  EXPECT_EQ(ToQuestion(request)->p, 0.9);
  request.set_quantile(1);
  EXPECT_THAT(FaultyFields(ToQuestion(request).status()),
              ElementsAre("quantile"));
  request.clear_quantile();
  v1::CompareRequest without = request;
  without.clear_base();
  EXPECT_THAT(ToQuestion(without)->base, IsEmpty());

  b->clear_values();
  request.mutable_a(0)->set_dimension("region");
  EXPECT_THAT(FaultyFields(ToQuestion(request).status()),
              UnorderedElementsAre("a[0].dimension", "base[0].values"));
}

TEST(RequestsTest, FollowsTheMedianUnlessAskedOtherwise) {
  v1::TrendRequest request;
  request.set_survey("couriers");
  EXPECT_EQ(ToQuestion(request)->p, 0.5);
  request.set_quantile(0.25);
  EXPECT_EQ(ToQuestion(request)->p, 0.25);
  request.set_quantile(0);
  request.set_survey("");
  EXPECT_THAT(FaultyFields(ToQuestion(request).status()),
              UnorderedElementsAre("quantile", "survey"));
}

TEST(ReplySizeTest, RefusesMoreFiguresThanOneMessageHolds) {
  Plan plan = ParsePlan(testing::SamplePlanJson()).value();
  for (int i = 0; i < 2000; ++i) {
    plan.dimensions[0].values.push_back(absl::StrCat("platform-", i));
  }
  v1::SummarizeRequest request = ByPlatformAndRegion();
  const auto all = ToQuestion(request);
  EXPECT_THAT(FaultyFields(CheckReplySize(*all, plan)), ElementsAre("where"));

  v1::CellFilter* kept = request.add_where();
  kept->set_dimension("platform");
  kept->add_values("other");
  EXPECT_OK(CheckReplySize(*ToQuestion(request), plan));

  // 16 bins of 3 * 2004 / 3 cells.
  kept->clear_values();
  for (const std::string& value : plan.dimensions[0].values) {
    kept->add_values(value);
  }
  kept->set_combine(true);
  EXPECT_OK(CheckReplySize(*ToQuestion(request), plan));
  kept->set_combine(false);
  EXPECT_THAT(FaultyFields(CheckReplySize(*ToQuestion(request), plan)),
              ElementsAre("where"));
}

}  // namespace
}  // namespace commonwage::figures
