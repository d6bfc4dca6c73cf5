// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/summary.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "privacy/estimate/trend.h"
#include "tests/privacy/estimate/estimate_fixtures.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::privacy::estimate {
namespace {

using commonwage::testing::HasReason;
using commonwage::testing::ManifestOf;
using commonwage::testing::QuietRelease;
using commonwage::testing::SamplePlan;
using commonwage::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Cells of the table by platform and region, in plan order.
constexpr size_t kCells = 12;

class SummaryTest : public ::testing::Test {
 protected:
  SummaryTest() : manifest_(ManifestOf(SamplePlan())) {
    release_ = QuietRelease(manifest_, 1400);
  }

  Figures Make() const {
    auto figures = Figures::Of(manifest_, release_);
    EXPECT_OK(figures);
    return *std::move(figures);
  }

  void Withhold(size_t marginal, size_t cell) {
    release_.marginals[marginal].cells[cell].reset();
  }

  static SummaryRequest By(std::string dimension) {
    SummaryRequest request;
    request.by = {std::move(dimension)};
    return request;
  }

  static SummaryRequest ByBoth() {
    SummaryRequest request;
    request.by = {"platform", "region"};
    return request;
  }

  Manifest manifest_;
  Release release_;
};

TEST_F(SummaryTest, GivesCountAndQuartilesWhenNothingIsAsked) {
  const auto result = Make().Summarize(ByBoth());
  ASSERT_OK(result);
  EXPECT_EQ(result->round_id, "couriers.2026-q1");
  EXPECT_EQ(result->marginal, "platform_region");
  EXPECT_EQ(result->measure, "hourly_pay");
  ASSERT_EQ(result->cells.size(), kCells);
  const SummaryCell& cell = result->cells[4];
  EXPECT_THAT(cell.values,
              ElementsAre(ElementsAre("fast-food"), ElementsAre("south")));
  ASSERT_TRUE(cell.figures.has_value());
  EXPECT_NEAR(cell.figures->count->value, 1400, 1e-6);
  ASSERT_EQ(cell.figures->quantiles.size(), 3U);
  EXPECT_EQ(cell.figures->quantiles[1].p, 0.5);
  // 14 even bins from 600 to 2200: the seventh edge is 1300.
  EXPECT_NEAR(cell.figures->quantiles[1].wage.value, 1300, 1);
  EXPECT_FALSE(cell.figures->histogram.size() > 0);
}

TEST_F(SummaryTest, GivesEveryStatisticInTheOrderAsked) {
  SummaryRequest request = ByBoth();
  request.quantiles = {0.9, 0.1};
  request.histogram = true;
  request.trimmed_mean = true;
  request.shares_below = {1500, 1250, 100};
  const auto result = Make().Summarize(request);
  ASSERT_OK(result);
  const CellFigures& figures = *result->cells[0].figures;
  EXPECT_FALSE(figures.count.has_value());
  EXPECT_EQ(figures.quantiles[0].p, 0.9);
  EXPECT_GT(figures.quantiles[0].wage.value, figures.quantiles[1].wage.value);
  EXPECT_EQ(figures.histogram.size(), 16U);
  EXPECT_GT(figures.trimmed_mean->value, 1000);
  ASSERT_EQ(figures.shares_below.size(), 3U);
  EXPECT_EQ(figures.shares_below[0].rate, 1500);
  EXPECT_NEAR(figures.shares_below[0].share.value, 9.0 / 14, 1e-6);
  EXPECT_TRUE(figures.shares_below[1].share.interpolated);
  EXPECT_EQ(figures.shares_below[2].share.position, Position::kBelow);
}

TEST_F(SummaryTest, SameRequestGivesTheSameResultToTheLastBit) {
  SummaryRequest request = ByBoth();
  request.count = true;
  request.quantiles = {0.1, 0.5, 0.9};
  request.histogram = true;
  request.trimmed_mean = true;
  request.shares_below = {1234};
  request.modelled = true;
  const auto once = Make().Summarize(request);
  ASSERT_OK(once);
  EXPECT_EQ(*once, *Make().Summarize(request));
  std::swap(request.by[0], request.by[1]);
  EXPECT_EQ(*once, *Make().Summarize(request));  // Any order of `by`.
}

TEST_F(SummaryTest, WithheldCellsAreListedAndAllAlike) {
  Withhold(1, 3);
  Withhold(1, 7);
  const auto result = Make().Summarize(ByBoth());
  ASSERT_OK(result);
  ASSERT_EQ(result->cells.size(), kCells);
  EXPECT_FALSE(result->cells[3].figures.has_value());
  EXPECT_EQ(result->cells[3].figures, result->cells[7].figures);
  EXPECT_TRUE(result->cells[4].figures.has_value());
}

TEST_F(SummaryTest, WhereKeepsOnlyWhatItNames) {
  SummaryRequest request = ByBoth();
  request.where = {{"platform", {"other", "bolt-bike", "other"}},
                   {"region", {"north"}}};
  const auto result = Make().Summarize(request);
  ASSERT_OK(result);
  ASSERT_EQ(result->cells.size(), 2U);  // In plan order, named twice or not.
  EXPECT_THAT(result->cells[0].values,
              ElementsAre(ElementsAre("bolt-bike"), ElementsAre("north")));
  EXPECT_THAT(result->cells[1].values,
              ElementsAre(ElementsAre("other"), ElementsAre("north")));
}

TEST_F(SummaryTest, AddedCellsAddCountsAndVariances) {
  SummaryRequest request = ByBoth();
  request.count = true;
  const auto parts = Make().Summarize(request);
  request.add = {"region"};
  request.where = {{"region", {"south", "north"}}};
  const auto sums = Make().Summarize(request);
  ASSERT_OK(parts);
  ASSERT_OK(sums);
  ASSERT_EQ(sums->cells.size(), 4U);
  EXPECT_THAT(
      sums->cells[0].values,
      ElementsAre(ElementsAre("bolt-bike"), ElementsAre("north", "south")));
  const Estimate& sum = *sums->cells[0].figures->count;
  const Estimate& part = *parts->cells[0].figures->count;
  EXPECT_NEAR(sum.value, 2 * part.value, 1e-6);
  EXPECT_NEAR(sum.noise_sd, std::sqrt(2.0) * part.noise_sd, 1e-9);
}

TEST_F(SummaryTest, ASumWithAWithheldPartIsWithheld) {
  Withhold(1, 1);  // bolt-bike, south
  SummaryRequest request = ByBoth();
  request.add = {"region"};
  const auto result = Make().Summarize(request);
  ASSERT_OK(result);
  EXPECT_FALSE(result->cells[0].figures.has_value());
  EXPECT_TRUE(result->cells[1].figures.has_value());
}

// The hint is of the request and the plan, withheld or not.
TEST_F(SummaryTest, ASumOverAWholeDimensionNamesTheTableThatHasIt) {
  SummaryRequest request = ByBoth();
  EXPECT_FALSE(Make().Summarize(request)->coarser.has_value());
  request.add = {"region"};
  const CoarserTable by_platform = {{"platform"}, "platform"};
  EXPECT_EQ(Make().Summarize(request)->coarser, by_platform);
  Withhold(1, 1);
  EXPECT_EQ(Make().Summarize(request)->coarser, by_platform);
  request.add = {"platform"};
  const CoarserTable by_region = {{"region"}, ""};
  EXPECT_EQ(Make().Summarize(request)->coarser, by_region);
  request.add = {"platform", "region"};
  EXPECT_EQ(Make().Summarize(request)->coarser, CoarserTable());
  // A part of a dimension is no cell of any table.
  request.add = {"region"};
  request.where = {{"region", {"north", "south"}}};
  EXPECT_FALSE(Make().Summarize(request)->coarser.has_value());
}

TEST_F(SummaryTest, ACellNearTheThresholdIsGrey) {
  std::vector<int64_t>& nodes = *release_.marginals[0].cells[2];
  EXPECT_FALSE(
      Make().Summarize(By("platform"))->cells[2].figures->near_threshold);
  const int64_t before = nodes[0];
  for (int64_t& node : nodes) {
    node = node * (manifest_.taus[0] + 1) / before;
  }
  const auto result = Make().Summarize(By("platform"));
  ASSERT_OK(result);
  const CellFigures& figures = *result->cells[2].figures;
  EXPECT_TRUE(figures.near_threshold);
  EXPECT_EQ(figures.count->quality, Quality::kPoor);
  for (const QuantileFigure& figure : figures.quantiles) {
    EXPECT_EQ(figure.wage.quality, Quality::kPoor);
  }
  EXPECT_FALSE(result->cells[1].figures->near_threshold);
}

TEST_F(SummaryTest, SimultaneousIntervalsAreWider) {
  SummaryRequest request = ByBoth();
  const auto usual = Make().Summarize(request);
  request.simultaneous = true;
  const auto wide = Make().Summarize(request);
  ASSERT_OK(wide);
  EXPECT_DOUBLE_EQ(usual->confidence, 0.95);
  // Count and three quartiles of each.
  EXPECT_DOUBLE_EQ(wide->confidence, 1 - 0.05 / (4 * kCells));
  EXPECT_EQ(wide->intervals_at_once, 4 * static_cast<int64_t>(kCells));
  EXPECT_EQ(usual->intervals_at_once, 0);
  EXPECT_LT(wide->cells[0].figures->count->interval.low,
            usual->cells[0].figures->count->interval.low);
}

TEST_F(SummaryTest, EveryFigureAskedForInAShownCellIsCountedAtOnce) {
  Withhold(1, 3);
  SummaryRequest request = ByBoth();
  request.simultaneous = true;
  const auto at_once = [&] {
    return Make().Summarize(request)->intervals_at_once;
  };
  request.quantiles = {0.5};
  EXPECT_EQ(at_once(), 11);
  request.quantiles = {0.1, 0.5, 0.9};
  request.shares_below = {1200, 1500};
  EXPECT_EQ(at_once(), 11 * 5);
  request.count = request.trimmed_mean = request.histogram = true;
  EXPECT_EQ(at_once(), 11 * (5 + 2 + 16));
  const auto result = Make().Summarize(request);
  EXPECT_DOUBLE_EQ(result->confidence, 1 - 0.05 / (11 * 23));
  for (size_t cell = 0; cell < kCells; ++cell) {
    Withhold(1, cell);
  }
  EXPECT_EQ(at_once(), 0);
  EXPECT_EQ(Make().Summarize(request)->confidence, 0.95);
}

TEST_F(SummaryTest, EveryQuantileSaysHowFarFalseAnswersMoveIt) {
  SummaryRequest request = By("platform");
  request.quantiles = {0.5, 0.999};
  const auto result = Make().Summarize(request);
  ASSERT_OK(result);
  const CellFigures& figures = *result->cells[1].figures;
  ASSERT_TRUE(figures.quantiles[0].shift_by_k_false.has_value());
  EXPECT_GT(*figures.quantiles[0].shift_by_k_false, 0);
  EXPECT_LT(*figures.quantiles[0].shift_by_k_false, 0.1);
  EXPECT_FALSE(figures.quantiles[1].shift_by_k_false.has_value());
}

TEST_F(SummaryTest, ModelledFiguresSayThatTheyAre) {
  // Small cells, enough of them, and alike: there is something to borrow.
  release_ = QuietRelease(manifest_, 70);
  SummaryRequest request = ByBoth();
  request.quantiles = {0.5};
  const auto own = Make().Summarize(request);
  request.modelled = true;
  const auto modelled = Make().Summarize(request);
  ASSERT_OK(modelled);
  const Estimate& value = modelled->cells[5].figures->quantiles[0].wage;
  EXPECT_TRUE(value.modelled);
  EXPECT_FALSE(own->cells[5].figures->quantiles[0].wage.modelled);
  const Interval& narrow = value.interval;
  const Interval& wide = own->cells[5].figures->quantiles[0].wage.interval;
  EXPECT_LE(narrow.high - narrow.low, wide.high - wide.low);
  // What is borrowed is not counted under noise or chance.
  EXPECT_GT(value.model_sd, 0);
  EXPECT_EQ(own->cells[5].figures->quantiles[0].wage.model_sd, 0);
}

TEST_F(SummaryTest, RefusesWhatItDoesNotUnderstandAndSaysWhere) {
  const Figures figures = Make();
  const auto places = [&figures](const SummaryRequest& request) {
    std::vector<std::string> found;
    const absl::Status status = figures.Summarize(request).status();
    EXPECT_THAT(status, HasReason(Reason::kRequestFaulty));
    for (const Fault& fault : FaultsOf(status)) {
      found.push_back(fault.place);
    }
    return found;
  };
  SummaryRequest request = ByBoth();
  request.quantiles = {0.5, 0, 1, std::nan("")};
  request.shares_below = {0, 1500};
  EXPECT_THAT(places(request), ElementsAre("quantiles[1]", "quantiles[2]",
                                           "quantiles[3]", "shares_below[0]"));
  request = ByBoth();
  request.add = {"gender"};
  EXPECT_THAT(places(request), ElementsAre("add[0]"));
  request = ByBoth();
  request.by = {"platform", "platform", "nowhere"};
  request.measure = "height";
  EXPECT_THAT(places(request), ElementsAre("measure", "by[1]", "by[2]"));
  request = ByBoth();
  request.quantiles.assign(33, 0.5);
  EXPECT_THAT(places(request), ElementsAre("quantiles"));
  request = By("platform");
  request.where = {{"region", {"north"}}};
  EXPECT_THAT(places(request), ElementsAre("where"));
}

TEST_F(SummaryTest, UnknownCellsAndTablesAreNotFound) {
  const Figures figures = Make();
  SummaryRequest request = ByBoth();
  request.where = {{"region", {"moon"}}};
  EXPECT_THAT(figures.Summarize(request), HasReason(Reason::kUnknownCell));
  EXPECT_THAT(figures.Summarize(request),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(figures.Summarize(By("region")),
              HasReason(Reason::kNoSuchMarginal));
  // Names that the plan has are: the table needed, and those there are.
  EXPECT_EQ(figures.Summarize(By("region")).status().message(),
            "The round publishes no table by region alone of this measure. It "
            "has tables by platform alone; by platform and region. Adding up "
            "the one by platform and region gives the same only where no part "
            "is withheld.");
  EXPECT_THAT(figures.Summarize(SummaryRequest()).status().message(),
              HasSubstr("no table of everybody together"));
  // What was sent is not repeated.
  EXPECT_EQ(figures.Summarize(request).status().ToString().find("moon"),
            std::string::npos);
}

TEST_F(SummaryTest, WhatIsNotFoundOrOverlapsIsNamedByItsField) {
  const Figures figures = Make();
  const auto place = [](const absl::Status& status) {
    const std::vector<Fault> faults = FaultsOf(status);
    EXPECT_EQ(faults.size(), 1U);
    return faults.empty() ? "" : faults[0].place;
  };
  SummaryRequest request = ByBoth();
  request.where = {{"region", {"north", "moon"}}};
  EXPECT_EQ(place(figures.Summarize(request).status()), "where.region[1]");
  EXPECT_EQ(place(figures.Summarize(By("region")).status()), "by");
  CompareRequest gap;
  gap.by = {"platform"};
  gap.a = {{"platform", {"other"}}};
  gap.base = {{"platform", {"moon"}}};
  EXPECT_EQ(place(figures.Compare(gap).status()), "base.platform[0]");
  gap.base = {{"platform", {"fast-food", "other"}}};
  EXPECT_EQ(place(figures.Compare(gap).status()), "base");
  gap.p = 1;
  EXPECT_EQ(place(figures.Compare(gap).status()), "p");
  TrendRequest trend;
  trend.by = {"platform"};
  trend.where = {{"platform", {"moon"}}};
  const std::vector<const Figures*> rounds = {&figures};
  EXPECT_EQ(place(Trend(rounds, trend).status()), "cell.platform[0]");
}

TEST_F(SummaryTest, RefusesAReleaseThatDoesNotFit) {
  release_.k = 11;
  EXPECT_FALSE(Figures::Of(manifest_, release_).ok());
}

}  // namespace
}  // namespace commonwage::privacy::estimate
