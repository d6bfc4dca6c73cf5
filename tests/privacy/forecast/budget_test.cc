// SPDX-License-Identifier: Apache-2.0
#include "privacy/forecast/budget.h"

#include <cmath>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "privacy/model/marginal_view.h"
#include "privacy/noise_terms.h"
#include "privacy/threshold.h"
#include "tests/privacy/estimate/estimate_fixtures.h"
#include "tests/statistical/coverage_cells.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::privacy::forecast {
namespace {

using commonwage::testing::EvenEdges;
using commonwage::testing::SamplePlan;
using ::testing::ElementsAre;

using Levels = std::vector<int64_t>;

int64_t AddUp(const Levels& levels) {
  return std::accumulate(levels.begin(), levels.end(), int64_t{0});
}

// The mean noise variance of U_j - T / 2 over the middle half of the edges.
double MedianVariance(const Levels& fanouts, const Levels& micro_rho) {
  std::vector<double> variances;
  for (const int64_t level : micro_rho) {
    variances.push_back(5e5 / static_cast<double>(level));
  }
  const model::TreeModel tree(fanouts, variances);
  const size_t quarter = tree.bins() / 4;
  double sum = 0;
  for (size_t j = quarter; j <= tree.bins() - quarter; ++j) {
    std::vector<double> weights(tree.bins(), -0.5);
    std::fill(weights.begin(), weights.begin() + static_cast<int64_t>(j), 0.5);
    sum += tree.VarianceOf(weights);
  }
  return sum;
}

BudgetQuestion SmallQuestion() {
  BudgetQuestion question;
  for (const int64_t bins : {16, 64}) {
    question.grids.emplace_back(EvenEdges(1000, 5000, bins));
  }
  question.micro_rho = 100'000;
  question.k = 10;
  question.threshold_delta = "1e-7";
  return question;
}

TEST(TreesOfTest, TakesFanoutsNearFourEightAndSixteen) {
  EXPECT_THAT(ListTrees(16), ElementsAre(Levels{4, 4}, Levels{16}));
  EXPECT_THAT(ListTrees(64),
              ElementsAre(Levels{4, 4, 4}, Levels{8, 8}, Levels{64}));
  EXPECT_THAT(ListTrees(128), ElementsAre(Levels{4, 4, 4, 2}, Levels{16, 8}));
  EXPECT_THAT(ListTrees(256),
              ElementsAre(Levels{4, 4, 4, 4}, Levels{8, 8, 4}, Levels{16, 16}));
  EXPECT_THAT(ListTrees(13), ElementsAre(Levels{13}));
}

TEST(TreesOfTest, MultiplyToTheNumberOfBinsForEveryNumber) {
  for (size_t bins = kMinBins; bins <= kMaxBins; ++bins) {
    for (const Levels& tree : ListTrees(bins)) {
      int64_t product = 1;
      for (const int64_t fanout : tree) {
        EXPECT_GE(fanout, 2);
        product *= fanout;
      }
      EXPECT_EQ(product, static_cast<int64_t>(bins));
      EXPECT_LE(tree.size(), 8U);
    }
  }
}

TEST(SplitLossTest, SpendsTheWholeLossAndItsShareOnTheRoot) {
  for (const int64_t micro_rho : {7'000, 60'000, 95'000, 1'000'000}) {
    const Levels levels =
        SplitLoss(Mechanism::kDiscreteGaussian, {4, 4, 4}, micro_rho, 0.25);
    EXPECT_EQ(AddUp(levels), micro_rho);
    EXPECT_NEAR(static_cast<double>(levels[0]),
                0.25 * static_cast<double>(micro_rho), 50);
    if (micro_rho >= 10'000) {
      EXPECT_EQ(levels[0] % 100, 0);
      EXPECT_EQ(levels[1] % 100, 0);
    }
  }
}

TEST(SplitLossTest, NoOtherDivisionReadsTheMedianBetter) {
  for (const Levels& fanouts : {Levels{4, 4, 4}, Levels{4, 4, 4, 2},
                                Levels{4, 4, 4, 4}, Levels{8, 8}}) {
    const Levels best =
        SplitLoss(Mechanism::kDiscreteGaussian, fanouts, 1'000'000, 0.2);
    const double least = MedianVariance(fanouts, best);
    for (size_t from = 1; from < best.size(); ++from) {
      for (size_t to = 1; to < best.size(); ++to) {
        Levels other = best;
        other[from] -= 20'000;
        other[to] += 20'000;
        EXPECT_GE(MedianVariance(fanouts, other), least * (1 - 1e-6));
      }
    }
  }
}

TEST(SplitLossTest, LaplaceCostsWhatTheCapCountsOfIt) {
  const Levels gaussian =
      SplitLoss(Mechanism::kDiscreteGaussian, {4, 4}, 100'000, 0.25);
  const Levels laplace =
      SplitLoss(Mechanism::kDiscreteLaplace, {4, 4}, 100'000, 0.25);
  for (size_t level = 0; level < gaussian.size(); ++level) {
    const auto epsilon = static_cast<double>(laplace[level]) * 1e-6;
    const double rho = static_cast<double>(gaussian[level]) * 1e-6;
    EXPECT_LE(epsilon * epsilon / 2, rho);
    EXPECT_NEAR(epsilon * epsilon / 2, rho, 1e-6);
  }
}

TEST(YieldTest, SharesOfCellsShownAreTheRulesOwn) {
  const Plan plan = SamplePlan();
  const Marginal& table = plan.marginals[0];
  // As good as one size.
  const auto yield = ForecastYield(plan, table, {.least = 27, .most = 27});
  ASSERT_OK(yield);
  const auto tau = MinimalTau(table, plan.k, plan.threshold_delta);
  ASSERT_OK(tau);
  EXPECT_NEAR(yield->shown,
              static_cast<double>(ReleaseProbability(LawPerLevel(table).front(),
                                                     plan.k, *tau, 27)),
              1e-12);
  EXPECT_LE(yield->useful, yield->shown);
  // Nobody below k is shown; everybody in a large group is, and well.
  EXPECT_EQ(ForecastYield(plan, table, {.least = 1, .most = 9})->shown, 0);
  EXPECT_NEAR(
      ForecastYield(plan, table, {.least = 2000, .most = 1'000'000})->useful, 1,
      1e-9);
}

TEST(WeighBudgetsTest, WeighsEveryGridTreeShareAndMechanism) {
  const auto weighed = WeighBudgets(SmallQuestion());
  ASSERT_OK(weighed);
  EXPECT_EQ(weighed->size(), (2U + 3U) * 5U * 2U);
  for (const Budget& budget : *weighed) {
    EXPECT_GT(budget.tau, 10);
    EXPECT_LE(budget.yield.useful, budget.yield.shown);
  }
  BudgetQuestion faulty = SmallQuestion();
  faulty.k = 1;
  EXPECT_FALSE(WeighBudgets(faulty).ok());
}

TEST(WeighBudgetsTest, ALargerRootShowsMoreOfTheSameCells) {
  const auto weighed = WeighBudgets(SmallQuestion());
  ASSERT_OK(weighed);
  for (size_t i = 2; i < 10; ++i) {  // The first tree's.
    const Budget& smaller = (*weighed)[i - 2];
    const Budget& larger = (*weighed)[i];
    ASSERT_EQ(smaller.mechanism, larger.mechanism);
    EXPECT_LT(smaller.root_share, larger.root_share);
    EXPECT_GE(smaller.tau, larger.tau);
    EXPECT_LE(smaller.yield.shown, larger.yield.shown);
  }
}

// At the price that a cap counts a Laplace level has twice the variance of a
// Gaussian one, and longer tails.
TEST(WeighBudgetsTest, GaussianNoiseIsChosenAtThePriceThatACapCounts) {
  const auto weighed = WeighBudgets(SmallQuestion());
  ASSERT_OK(weighed);
  for (size_t i = 0; i + 1 < weighed->size(); i += 2) {
    ASSERT_EQ((*weighed)[i].mechanism, Mechanism::kDiscreteGaussian);
    EXPECT_GT((*weighed)[i].yield.useful, (*weighed)[i + 1].yield.useful);
    EXPECT_LT((*weighed)[i].tau, (*weighed)[i + 1].tau);
  }
  EXPECT_EQ(ChooseBest(*weighed).mechanism, Mechanism::kDiscreteGaussian);
}

Budget Made(double shown, double useful, double half_width) {
  Budget budget;
  budget.yield = {shown, useful};
  if (half_width > 0) {
    budget.half_width = half_width;
  }
  return budget;
}

TEST(BestOfTest, TakesTheLargerShareShownWithinOnePoint) {
  EXPECT_EQ(ChooseBest({Made(0.5, 0.4, 0.04), Made(0.6, 0.391, 0.04),
                        Made(0.7, 0.389, 0.04)})
                .yield.shown,
            0.6);
  // As many shown: the better one.
  EXPECT_EQ(
      ChooseBest({Made(0.6, 0.395, 0.04), Made(0.6, 0.4, 0.04)}).yield.useful,
      0.4);
}

TEST(BestOfTest, LargeGroupsComeFirst) {
  EXPECT_EQ(ChooseBest({Made(0.9, 0.8, 0.051), Made(0.9, 0.8, 0),
                        Made(0.5, 0.4, 0.05)})
                .yield.useful,
            0.4);
  // Where nothing is narrow enough, what is near the narrowest.
  EXPECT_EQ(ChooseBest({Made(0.9, 0.8, 0.12), Made(0.6, 0.5, 0.109),
                        Made(0.5, 0.4, 0.1), Made(0.95, 0.9, 0)})
                .yield.useful,
            0.5);
}

}  // namespace
}  // namespace commonwage::privacy::forecast
