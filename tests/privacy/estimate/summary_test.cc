// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/summary.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
  EXPECT_DOUBLE_EQ(wide->confidence, 1 - 0.05 / kCells);
  EXPECT_LT(wide->cells[0].figures->count->interval.low,
            usual->cells[0].figures->count->interval.low);
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
  // Cells differ, so that there is something to learn from the others.
  release_ = QuietRelease(manifest_, 140);
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
  EXPECT_LT(narrow.high - narrow.low, wide.high - wide.low);
}

TEST_F(SummaryTest, RefusesWhatItDoesNotUnderstandAndSaysWhere) {
  const Figures figures = Make();
  const auto places = [&figures](const SummaryRequest& request) {
    std::vector<std::string> found;
    const absl::Status status = figures.Summarize(request).status();
    EXPECT_THAT(status, HasReason("REQUEST_FAULTY"));
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
  EXPECT_THAT(figures.Summarize(request), HasReason("UNKNOWN_CELL"));
  EXPECT_THAT(figures.Summarize(request),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(figures.Summarize(By("region")), HasReason("NO_SUCH_MARGINAL"));
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
  gap.b = {{"platform", {"moon"}}};
  EXPECT_EQ(place(figures.Compare(gap).status()), "b.platform[0]");
  gap.b = {{"platform", {"fast-food", "other"}}};
  EXPECT_EQ(place(figures.Compare(gap).status()), "b");
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

class CompareTest : public SummaryTest {
 protected:
  static CompareRequest ByPlatform(std::string a, std::string b) {
    CompareRequest request;
    request.by = {"platform"};
    request.a = {{"platform", {std::move(a)}}};
    request.b = {{"platform", {std::move(b)}}};
    return request;
  }
};

TEST_F(CompareTest, FindsTheGapOfTwoCells) {
  // Move the first cell's workers up by four bins of the tree.
  std::vector<int64_t>& nodes = *release_.marginals[0].cells[0];
  for (size_t leaf = 20; leaf > 9; --leaf) {
    nodes[leaf] = leaf >= 13 ? nodes[leaf] : 0;
  }
  for (size_t node = 1; node < 5; ++node) {
    nodes[node] = 0;
    for (size_t leaf = 0; leaf < 4; ++leaf) {
      nodes[node] += nodes[5 + (node - 1) * 4 + leaf];
    }
  }
  nodes[0] = nodes[1] + nodes[2] + nodes[3] + nodes[4];
  const auto result = Make().Compare(ByPlatform("bolt-bike", "other"));
  ASSERT_OK(result);
  ASSERT_TRUE(result->gap.has_value());
  EXPECT_NEAR(result->gap->relative.value,
              result->gap->a.value / result->gap->b.value - 1, 1e-12);
  EXPECT_THAT(result->a_values, ElementsAre(ElementsAre("bolt-bike")));
  EXPECT_LE(result->gap->relative.interval.low, result->gap->relative.value);
}

TEST_F(CompareTest, EqualCellsShowNoClearDifference) {
  const auto result = Make().Compare(ByPlatform("fast-food", "other"));
  ASSERT_OK(result);
  EXPECT_NE(result->gap->verdict, Verdict::kClear);
  EXPECT_EQ(result->gap->relative.value, 0);
  EXPECT_GT(result->gap->minimum_detectable, 0);
}

TEST_F(CompareTest, ACellNearTheThresholdAllowsNoVerdict) {
  // All of bolt-bike in the lowest bin, all of other in the highest but one: as
  // clear a gap as there is.
  const auto put_all_at = [this](size_t cell, size_t leaf, int64_t people) {
    std::vector<int64_t>& nodes = *release_.marginals[0].cells[cell];
    std::fill(nodes.begin(), nodes.end(), 0);
    nodes[0] = people;
    nodes[1 + leaf / 4] = people;
    nodes[5 + leaf] = people;
  };
  put_all_at(0, 1, 400);
  put_all_at(2, 14, 400);
  const auto clear = Make().Compare(ByPlatform("bolt-bike", "other"));
  ASSERT_OK(clear);
  EXPECT_EQ(clear->gap->verdict, Verdict::kClear);
  put_all_at(2, 14, manifest_.taus[0] + 1);
  for (const auto& [a, b] :
       {std::pair("bolt-bike", "other"), std::pair("other", "bolt-bike")}) {
    const auto near = Make().Compare(ByPlatform(a, b));
    ASSERT_OK(near);
    EXPECT_EQ(near->gap->relative.quality, Quality::kPoor);
    EXPECT_EQ(near->gap->verdict, Verdict::kTooLittleData);
    EXPECT_EQ(near->gap->minimum_detectable, 0);
  }
}

TEST_F(CompareTest, OverlappingCellsAreRefused) {
  const Figures figures = Make();
  CompareRequest part_and_whole = ByPlatform("other", "other");
  EXPECT_THAT(figures.Compare(part_and_whole), HasReason("OVERLAPPING_CELLS"));
  part_and_whole.b.clear();  // All platforms.
  EXPECT_THAT(figures.Compare(part_and_whole), HasReason("OVERLAPPING_CELLS"));
  CompareRequest crossed;
  crossed.by = {"platform", "region"};
  crossed.a = {{"platform", {"other"}}};
  crossed.b = {{"region", {"north"}}};
  EXPECT_THAT(figures.Compare(crossed), HasReason("OVERLAPPING_CELLS"));
}

TEST_F(CompareTest, AWithheldCellIsAnOutcome) {
  Withhold(0, 2);
  const auto result = Make().Compare(ByPlatform("fast-food", "other"));
  ASSERT_OK(result);
  EXPECT_FALSE(result->gap.has_value());
  EXPECT_FALSE(result->a_withheld);
  EXPECT_TRUE(result->b_withheld);
}

TEST_F(CompareTest, RefusesAQuantileThatIsNone) {
  CompareRequest request = ByPlatform("fast-food", "other");
  request.p = 1;
  EXPECT_THAT(Make().Compare(request), HasReason("REQUEST_FAULTY"));
}

}  // namespace
}  // namespace commonwage::privacy::estimate
