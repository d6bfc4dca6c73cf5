// SPDX-License-Identifier: Apache-2.0
#include "privacy/model/pay_grid.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "tests/privacy/estimate/estimate_fixtures.h"

namespace commonwage::privacy::model {
namespace {

using commonwage::testing::EdgesFrom1000;

TEST(PayGridTest, PayIsEvenInItsLogarithmUnlessThePlanSaysOtherwise) {
  const PayGrid grid(EdgesFrom1000(16));
  EXPECT_NEAR(std::exp(*grid.LogPayAt(1, 0.5)), std::sqrt(1000.0 * 1100), 1e-9);
  EXPECT_NEAR(*grid.PartBelow(1, std::log(std::sqrt(1000.0 * 1100))), 0.5,
              1e-12);
  EXPECT_FALSE(grid.LogPayAt(0, 0.5).has_value());
  EXPECT_FALSE(grid.LogPayAt(15, 0.5).has_value());
  EXPECT_FALSE(grid.PartBelow(15, std::log(9000)).has_value());
}

// Above `from` a Pareto law: P[pay > x] = (from / x)^index.
TEST(PayGridTest, AnUpperTailIsAParetoLawInsideEachBinAndBeyondTheGrid) {
  BinLaws laws;
  laws.upper = TailLaw{2000, 2.5};
  const PayGrid grid(EdgesFrom1000(16), laws);
  const auto above = [](double pay) { return std::pow(2000 / pay, 2.5); };
  // Bin 12 is [2100, 2200), bin 15 everything from 2400 on.
  const double inside =
      (above(2100) - above(2130)) / (above(2100) - above(2200));
  EXPECT_NEAR(*grid.PartBelow(12, std::log(2130)), inside, 1e-12);
  EXPECT_NEAR(std::exp(*grid.LogPayAt(12, inside)), 2130, 1e-9);
  const double beyond = 1 - above(3600) / above(2400);
  EXPECT_NEAR(*grid.PartBelow(15, std::log(3600)), beyond, 1e-12);
  EXPECT_NEAR(std::exp(*grid.LogPayAt(15, beyond)), 3600, 1e-9);
  EXPECT_FALSE(grid.LogPayAt(15, 1).has_value());
  // Below the tail nothing changes.
  EXPECT_NEAR(std::exp(*grid.LogPayAt(5, 0.5)), std::sqrt(1400.0 * 1500), 1e-9);
}

TEST(PayGridTest, ALowerTailMirrorsIt) {
  BinLaws laws;
  laws.lower = TailLaw{1200, 3};
  const PayGrid grid(EdgesFrom1000(16), laws);
  const auto below = [](double pay) { return std::pow(pay / 1200, 3); };
  EXPECT_NEAR(*grid.PartBelow(0, std::log(800)), below(800) / below(1000),
              1e-12);
  EXPECT_NEAR(std::exp(*grid.LogPayAt(0, below(800) / below(1000))), 800, 1e-9);
  EXPECT_NEAR(*grid.PartBelow(1, std::log(1030)),
              (below(1030) - below(1000)) / (below(1100) - below(1000)), 1e-12);
  EXPECT_FALSE(grid.LogPayAt(0, 0).has_value());
  EXPECT_NEAR(std::exp(*grid.LogPayAt(2, 0.5)), std::sqrt(1100.0 * 1200), 5);
  EXPECT_NEAR(std::exp(*grid.LogPayAt(3, 0.5)), std::sqrt(1200.0 * 1300), 1e-9);
}

TEST(PayGridTest, AStepHasAllItsPeopleOnTheStep) {
  BinLaws laws;
  laws.steps = {1200};
  const PayGrid grid(std::vector<int64_t>{1000, 1200, 1201, 1500}, laws);
  ASSERT_TRUE(grid.IsStep(2));
  EXPECT_FALSE(grid.IsStep(1));
  for (const double part : {0.0, 0.3, 1.0}) {
    EXPECT_NEAR(std::exp(*grid.LogPayAt(2, part)), 1200, 1e-9);
  }
  EXPECT_EQ(grid.MomentOf(2, 0, 1, 1), 1200);
  EXPECT_EQ(grid.MomentOf(2, 0, 1, 2), 1200.0 * 1200);
}

TEST(PayGridTest, APlansMeasureBringsItsLaws) {
  Measure measure;
  measure.inner_edges = {1000, 1200, 1201, 1500, 2000};
  measure.steps = {1200};
  measure.lower_tail = Tail{1200, 3'000'000};
  measure.upper_tail = Tail{1500, 2'500'000};
  const PayGrid grid(measure);
  EXPECT_TRUE(grid.IsStep(2));
  EXPECT_NEAR(std::exp(*grid.LogPayAt(5, 0.5)), 2000 * std::pow(2, 0.4), 1e-9);
  EXPECT_NEAR(std::exp(*grid.LogPayAt(0, 0.5)), 1000 * std::pow(0.5, 1 / 3.0),
              1e-9);
}

// Against sums over ten thousand slivers of the slice.
TEST(PayGridTest, MomentsAreThoseOfTheLaw) {
  BinLaws laws;
  laws.lower = TailLaw{1200, 2};
  laws.upper = TailLaw{2000, 1};  // The mean of pay is a logarithm here.
  const PayGrid grid(EdgesFrom1000(16), laws);
  for (const size_t b :
       {size_t{0}, size_t{1}, size_t{7}, size_t{12}, size_t{15}}) {
    for (const int power : {1, 2}) {
      constexpr int kSlivers = 10000;
      double sum = 0;
      for (int i = 0; i < kSlivers; ++i) {
        const double part = 0.2 + 0.6 * (i + 0.5) / kSlivers;
        sum += std::exp(power * *grid.LogPayAt(b, part)) / kSlivers;
      }
      EXPECT_NEAR(grid.MomentOf(b, 0.2, 0.8, power) / sum, 1, 1e-5) << b;
    }
  }
  const PayGrid plain(EdgesFrom1000(16));
  EXPECT_EQ(plain.MomentOf(15, 0.2, 0.8, 1), 2400);
  EXPECT_EQ(plain.MomentOf(0, 0.2, 0.8, 1), 1000);
}

}  // namespace
}  // namespace commonwage::privacy::model
