// SPDX-License-Identifier: Apache-2.0
// Figures::Compare: which groups are meant, and what is said of them.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "privacy/estimate/summary.h"
#include "tests/privacy/estimate/estimate_fixtures.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::privacy::estimate {
namespace {

using commonwage::testing::HasReason;
using commonwage::testing::ManifestOf;
using commonwage::testing::QuietRelease;
using commonwage::testing::SamplePlan;
using ::testing::ElementsAre;

class CompareTest : public ::testing::Test {
 protected:
  Figures Make() const {
    auto figures = Figures::Of(manifest_, release_);
    EXPECT_OK(figures);
    return *std::move(figures);
  }

  static CompareRequest ByPlatform(std::string a, std::string base) {
    CompareRequest request;
    request.by = {"platform"};
    request.a = {{"platform", {std::move(a)}}};
    request.base = {{"platform", {std::move(base)}}};
    return request;
  }

  // Puts all of a platform's people into one bin, as if without noise.
  void PutAllAt(size_t cell, size_t leaf, int64_t people) {
    std::vector<int64_t>& nodes = *release_.marginals[0].cells[cell];
    std::fill(nodes.begin(), nodes.end(), 0);
    nodes[0] = people;
    nodes[1 + leaf / 4] = people;
    nodes[5 + leaf] = people;
  }

  Manifest manifest_ = ManifestOf(SamplePlan());
  Release release_ = QuietRelease(manifest_, 1400);
};

TEST_F(CompareTest, FindsTheGapOfTwoCells) {
  PutAllAt(0, 10, 1400);
  const auto result = Make().Compare(ByPlatform("bolt-bike", "other"));
  ASSERT_OK(result);
  ASSERT_TRUE(result->gap.has_value());
  const Estimate& gap = result->gap->difference.relative;
  EXPECT_NEAR(gap.value, result->gap->a.value / result->gap->base.value - 1,
              1e-12);
  EXPECT_THAT(result->a_values, ElementsAre(ElementsAre("bolt-bike")));
  EXPECT_THAT(result->base_values, ElementsAre(ElementsAre("other")));
  EXPECT_LE(gap.interval.low, gap.value);
  EXPECT_EQ(result->gap->difference.verdict, Verdict::kClear);
}

TEST_F(CompareTest, ComparesAnyQuantile) {
  CompareRequest request = ByPlatform("bolt-bike", "other");
  const auto median = Make().Compare(request);
  request.p = 0.9;
  const auto p90 = Make().Compare(request);
  ASSERT_OK(p90);
  EXPECT_EQ(median->p, 0.5);
  EXPECT_EQ(p90->p, 0.9);
  EXPECT_GT(p90->gap->a.value, median->gap->a.value);
  request.p = 1;
  EXPECT_THAT(Make().Compare(request), HasReason(Reason::kRequestFaulty));
}

TEST_F(CompareTest, EqualCellsShowNoClearDifference) {
  const auto result = Make().Compare(ByPlatform("fast-food", "other"));
  ASSERT_OK(result);
  const Difference& gap = result->gap->difference;
  EXPECT_NE(gap.verdict, Verdict::kClear);
  EXPECT_EQ(gap.relative.value, 0);
  EXPECT_GT(gap.minimum_detectable, 0);
}

TEST_F(CompareTest, AMedianOffTheGridGivesABoundAndNoEstimate) {
  PutAllAt(0, 0, 400);
  PutAllAt(2, 10, 400);
  const auto less = Make().Compare(ByPlatform("bolt-bike", "other"));
  ASSERT_OK(less);
  const Difference& gap = less->gap->difference;
  EXPECT_EQ(less->gap->a.position, Position::kBelow);
  EXPECT_EQ(gap.relative.position, Position::kBelow);
  EXPECT_EQ(gap.relative.value, gap.relative.interval.high);
  EXPECT_LT(gap.relative.value, -0.5);
  EXPECT_EQ(gap.verdict, Verdict::kClear);

  PutAllAt(2, 0, 400);
  const auto both = Make().Compare(ByPlatform("bolt-bike", "other"));
  ASSERT_OK(both);
  EXPECT_EQ(both->gap->difference.relative.position, Position::kUnknown);
  EXPECT_EQ(both->gap->difference.relative.value, 0);
  EXPECT_EQ(both->gap->difference.verdict, Verdict::kTooLittleData);
}

TEST_F(CompareTest, ACellNearTheThresholdAllowsNoVerdict) {
  // All of bolt-bike in the lowest bin, all of other in the highest but one: as
  // clear a gap as there is.
  PutAllAt(0, 1, 400);
  PutAllAt(2, 14, 400);
  const auto clear = Make().Compare(ByPlatform("bolt-bike", "other"));
  ASSERT_OK(clear);
  EXPECT_EQ(clear->gap->difference.verdict, Verdict::kClear);
  PutAllAt(2, 14, manifest_.taus[0] + 1);
  for (const auto& [a, base] :
       {std::pair("bolt-bike", "other"), std::pair("other", "bolt-bike")}) {
    const auto near = Make().Compare(ByPlatform(a, base));
    ASSERT_OK(near);
    const Difference& gap = near->gap->difference;
    EXPECT_EQ(gap.relative.quality, Quality::kPoor);
    EXPECT_EQ(gap.verdict, Verdict::kTooLittleData);
    EXPECT_FALSE(gap.minimum_detectable.has_value());
  }
}

TEST_F(CompareTest, OverlappingCellsAreRefused) {
  const Figures figures = Make();
  CompareRequest part_and_whole = ByPlatform("other", "other");
  EXPECT_THAT(figures.Compare(part_and_whole),
              HasReason(Reason::kOverlappingCells));
  part_and_whole.a.clear();  // All platforms.
  EXPECT_THAT(figures.Compare(part_and_whole),
              HasReason(Reason::kOverlappingCells));
  CompareRequest crossed;
  crossed.by = {"platform", "region"};
  crossed.a = {{"platform", {"other"}}};
  crossed.base = {{"region", {"north"}}};
  EXPECT_THAT(figures.Compare(crossed), HasReason(Reason::kOverlappingCells));
}

TEST_F(CompareTest, WhatABaseDoesNotListIsAsInTheGroup) {
  CompareRequest request;
  request.by = {"platform", "region"};
  request.a = {{"platform", {"other"}}, {"region", {"north"}}};
  request.base = {{"platform", {"fast-food"}}};
  const auto result = Make().Compare(request);
  ASSERT_OK(result);
  EXPECT_THAT(result->base_values,
              ElementsAre(ElementsAre("fast-food"), ElementsAre("north")));
}

TEST_F(CompareTest, ABaseIsNamedUnlessThePlanHasAUsualOne) {
  CompareRequest request = ByPlatform("other", "fast-food");
  request.base.clear();
  const absl::Status status = Make().Compare(request).status();
  EXPECT_THAT(status, HasReason(Reason::kRequestFaulty));
  ASSERT_EQ(FaultsOf(status).size(), 1U);
  EXPECT_EQ(FaultsOf(status)[0].place, "base");
}

TEST_F(CompareTest, ThePlansUsualBaseIsTakenWhereTheGroupLeavesItOut) {
  manifest_.plan.dimensions[0].base = "fast-food";
  CompareRequest request = ByPlatform("other", "");
  request.base.clear();
  const auto usual = Make().Compare(request);
  ASSERT_OK(usual);
  EXPECT_THAT(usual->base_values, ElementsAre(ElementsAre("fast-food")));
  // Its own base, and everybody, leave nothing to compare with.
  request.a = {{"platform", {"fast-food", "bolt-bike"}}};
  EXPECT_THAT(Make().Compare(request), HasReason(Reason::kRequestFaulty));
  request.a.clear();
  EXPECT_THAT(Make().Compare(request), HasReason(Reason::kRequestFaulty));
  // Another base can be named all the same.
  EXPECT_THAT(Make().Compare(ByPlatform("fast-food", "bolt-bike"))->base_values,
              ElementsAre(ElementsAre("bolt-bike")));

  request.by = {"platform", "region"};
  request.a = {{"platform", {"other"}}, {"region", {"north"}}};
  EXPECT_THAT(Make().Compare(request)->base_values,
              ElementsAre(ElementsAre("fast-food"), ElementsAre("north")));
  manifest_.plan.dimensions[1].base = "south";
  EXPECT_THAT(Make().Compare(request), HasReason(Reason::kRequestFaulty));
  request.a["region"] = {"south"};
  EXPECT_THAT(Make().Compare(request)->base_values,
              ElementsAre(ElementsAre("fast-food"), ElementsAre("south")));
}

TEST_F(CompareTest, AWithheldCellIsAnOutcome) {
  release_.marginals[0].cells[2].reset();
  const auto result = Make().Compare(ByPlatform("fast-food", "other"));
  ASSERT_OK(result);
  EXPECT_FALSE(result->gap.has_value());
  EXPECT_FALSE(result->a_withheld);
  EXPECT_TRUE(result->base_withheld);
  EXPECT_FALSE(result->coarser.has_value());
}

TEST_F(CompareTest, GroupsAddedUpNameTheTableThatHasThem) {
  CompareRequest request;
  request.by = {"platform", "region"};
  request.a = {{"platform", {"other"}}};
  request.base = {{"platform", {"fast-food"}}};
  const auto regions = Make().Compare(request);
  ASSERT_OK(regions);
  EXPECT_EQ(regions->coarser, (CoarserTable{{"platform"}, "platform"}));
  request.a = {{"region", {"north"}}};
  request.base = {{"region", {"south"}}};
  EXPECT_EQ(Make().Compare(request)->coarser, (CoarserTable{{"region"}, ""}));
  request.a["platform"] = {"other", "fast-food"};
  EXPECT_FALSE(Make().Compare(request)->coarser.has_value());
}

}  // namespace
}  // namespace commonwage::privacy::estimate
