// SPDX-License-Identifier: Apache-2.0
#include "privacy/best_guess.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <iostream>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "privacy/plan_loss.h"
#include "privacy/tail.h"
#include "survey/plan/plan_json.h"
#include "tests/privacy/dp_vectors.h"
#include "tests/testing/best_guess_among.h"
#include "tests/testing/law_probability.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::privacy {
namespace {

using commonwage::testing::BestGuessAmong;
using commonwage::testing::DpVectors;
using commonwage::testing::Field;
using commonwage::testing::NumberOf;
using commonwage::testing::ProbabilityOf;

constexpr Mechanism kGaussian = Mechanism::kDiscreteGaussian;
constexpr Mechanism kLaplace = Mechanism::kDiscreteLaplace;

// The sample plan with these marginals in place of its own.
Plan PlanWith(const std::vector<Marginal>& marginals) {
  auto plan = ParsePlan(commonwage::testing::SamplePlanJson());
  EXPECT_OK(plan);
  plan->marginals = marginals;
  plan->survey_cap_micro_rho = int64_t{1} << 52;
  return *plan;
}

// A table by platform, so with several cells.
Marginal Table(Mechanism mechanism, std::vector<int64_t> levels) {
  auto plan = ParsePlan(commonwage::testing::SamplePlanJson());
  EXPECT_OK(plan);
  Marginal table = plan->marginals[0];
  table.mechanism = mechanism;
  table.micro_loss_per_level = std::move(levels);
  return table;
}

BestGuess Guess(const std::vector<Marginal>& marginals, int64_t rounds = 1) {
  const Plan plan = PlanWith(marginals);
  const auto loss = LossOf(plan);
  EXPECT_OK(loss);
  return BestGuessOf(plan, *loss, rounds);
}

int64_t RoundedUpCases(double share) {
  return static_cast<int64_t>(std::ceil(1e4 * share));
}

double Phi(double x) { return std::erfc(-x / std::sqrt(2.0)) / 2; }

TEST(BestGuessTest, NothingPublishedLeavesACoin) {
  EXPECT_EQ(Exposure().Guess(), (BestGuess{5000, 5000}));
  EXPECT_EQ(Guess({Table(kGaussian, {50000})}, 0), Exposure().Guess());
}

TEST(BestGuessTest, OneGaussianNodeGainsHalfTheChanceOfNoNoise) {
  // Of two laws that differ by a shift of 1, the distance is P[Z = 0].
  for (const int64_t micro_rho : {1, 1000, 50000, 200000, 1048576}) {
    const NoiseLaw law{kGaussian, ReducedFraction(500000, micro_rho)};
    const double share = 0.5 + static_cast<double>(ProbabilityOf(law, 0)) / 2;
    EXPECT_EQ(BestGuessAmong({{{kGaussian, micro_rho}, 1}}),
              RoundedUpCases(share));
    EXPECT_GE(share, Phi(std::sqrt(static_cast<double>(micro_rho) / 2e6)));
  }
}

TEST(BestGuessTest, OneLaplaceNodeGivesAllThatItsPureEpsilonAllows) {
  for (const int64_t micro_epsilon : {1, 10000, 300000, 1000000, 1 << 24}) {
    const double epsilon = static_cast<double>(micro_epsilon) / 1e6;
    EXPECT_EQ(BestGuessAmong({{{kLaplace, micro_epsilon}, 1}}),
              RoundedUpCases(1 / (1 + std::exp(-epsilon))));
  }
}

TEST(BestGuessTest, ALargeLossGivesMoreThanTheContinuousFormula) {
  // Phi(sqrt(1.048577 / 2)) = 0.7655.
  const BestGuess guess = Guess({Table(kGaussian, {1048576, 1})});
  EXPECT_EQ(guess.took_part, 7889);
  EXPECT_EQ(guess.which_answer, 8267);
}

TEST(BestGuessTest, ManyGaussianNodesComeCloseToTheContinuousFormula) {
  for (const auto& vector : DpVectors("audit_bounds")) {
    const auto micro_rho = std::llround(1e6L * NumberOf(Field(vector, "rho")));
    const double continuous =
        static_cast<double>(NumberOf(Field(vector, "max_accuracy_balanced")));
    // Levels that share no lattice.
    const std::vector<int64_t> levels = {
        micro_rho / 5, micro_rho / 7, micro_rho / 3,
        micro_rho - micro_rho / 5 - micro_rho / 7 - micro_rho / 3};
    const BestGuess guess = Guess({Table(kGaussian, levels)});
    EXPECT_GE(guess.took_part, RoundedUpCases(continuous));
    EXPECT_LE(guess.took_part, RoundedUpCases(continuous) + 1);
    const double rho = static_cast<double>(micro_rho) / 1e6;
    EXPECT_GE(guess.which_answer, RoundedUpCases(Phi(std::sqrt(rho))));
    EXPECT_LE(guess.which_answer, RoundedUpCases(Phi(std::sqrt(rho))) + 1);
  }
}

TEST(BestGuessTest, WhichOfTwoAnswersIsAsMuchAsTwoRounds) {
  const std::vector<Marginal> tables = {Table(kGaussian, {50000, 31250}),
                                        Table(kLaplace, {300000, 200000})};
  // But for the failure of the rule, far below the last digit here.
  EXPECT_EQ(Guess(tables, 1).which_answer, Guess(tables, 2).took_part);
  EXPECT_EQ(Guess(tables, 5).which_answer, Guess(tables, 10).took_part);
}

TEST(BestGuessTest, OneRootOverEverybodySaysNothingOfWhichAnswer) {
  Marginal everybody = Table(kGaussian, {200000, 30000});
  everybody.by.clear();
  EXPECT_EQ(Guess({everybody}).which_answer,
            BestGuessAmong({{{kGaussian, 30000}, 2}}));
  EXPECT_EQ(
      Guess({everybody}).took_part,
      BestGuessAmong({{{kGaussian, 30000}, 1}, {{kGaussian, 200000}, 1}}));
}

TEST(BestGuessTest, TheFailureOfTheRuleIsIncluded) {
  Plan plan = PlanWith({Table(kGaussian, {200, 200})});
  PlanLoss loss = *LossOf(plan);
  loss.threshold_delta = 0;
  const BestGuess without = BestGuessOf(plan, loss, 1);
  loss.threshold_delta = 0.01L;
  const BestGuess with = BestGuessOf(plan, loss, 1);
  // It takes a hundredth of what the two cases have in common, and twice that.
  EXPECT_NEAR(static_cast<double>(10000 - with.took_part),
              0.99 * static_cast<double>(10000 - without.took_part), 2);
  EXPECT_NEAR(static_cast<double>(10000 - with.which_answer),
              0.99 * 0.99 * static_cast<double>(10000 - without.which_answer),
              2);
}

TEST(BestGuessTest, MoreLossNeverMakesTheBestGuessWorse) {
  const std::vector<Marginal> all = {
      Table(kGaussian, {5000}), Table(kGaussian, {200000, 3000}),
      Table(kLaplace, {50000}), Table(kLaplace, {1000000, 1000000}),
      Table(kLaplace, std::vector<int64_t>(8, 100000))};
  for (size_t first = 0; first < all.size(); ++first) {
    std::vector<Marginal> tables;
    BestGuess least;
    for (size_t next = first; next < first + all.size(); ++next) {
      tables.push_back(all[next % all.size()]);
      const BestGuess guess = Guess(tables);
      EXPECT_GE(guess.took_part, least.took_part);
      EXPECT_GE(guess.which_answer, guess.took_part);
      EXPECT_GE(Guess(tables, 2).took_part, guess.took_part);
      least = guess;
    }
  }
}

TEST(BestGuessTest, NoBoundOnAnyNoiseIsExceeded) {
  // 1/2 + sqrt(rho / 8), by Pinsker's inequality; for a pure sum
  // e^eps / (1 + e^eps).
  for (const int64_t micro_epsilon : {20000, 300000, 900000}) {
    for (const int64_t levels : {1, 3, 9}) {
      const auto guess = static_cast<double>(
          BestGuessAmong({{{kLaplace, micro_epsilon}, levels}}));
      const double epsilon = static_cast<double>(micro_epsilon) / 1e6;
      const auto count = static_cast<double>(levels);
      EXPECT_LE(guess - 1,
                1e4 * (0.5 + std::sqrt(count * epsilon * epsilon / 16)));
      EXPECT_LE(guess - 1, 1e4 / (1 + std::exp(-count * epsilon)));
    }
  }
}

TEST(BestGuessTest, RoundsOfDifferentPlansAddUpInAnyOrder) {
  const Plan first = PlanWith({Table(kGaussian, {50000, 31250})});
  const Plan second = PlanWith({Table(kLaplace, {300000, 200000})});
  Exposure forth;
  forth.Add(first, *LossOf(first), 2);
  forth.Add(second, *LossOf(second), 1);
  Exposure back;
  back.Add(second, *LossOf(second), 1);
  back.Add(first, *LossOf(first), 1);
  back.Add(first, *LossOf(first), 1);
  EXPECT_EQ(forth.Guess(), back.Guess());
  EXPECT_GT(forth.Guess().took_part, Guess(first.marginals, 2).took_part);
}

TEST(BestGuessTest, RoundsWithoutEndShowEverythingAndOverflowNothing) {
  EXPECT_EQ(Guess({Table(kLaplace, {1, 1})}, int64_t{1} << 62),
            (BestGuess{10000, 10000}));
  EXPECT_EQ(Guess({Table(kLaplace, {1 << 24, 1 << 24})}, int64_t{1} << 52),
            (BestGuess{10000, 10000}));
}

TEST(BestGuessTest, ThePlanWithTheMostDifferentLevelsTakesNoTimeToSpeakOf) {
  std::vector<Marginal> tables;
  int64_t loss = 1000;
  for (size_t m = 0; m < kMaxMarginals; ++m) {
    std::vector<int64_t> levels;
    for (int level = 0; level < 9; ++level) {
      levels.push_back(loss++);
    }
    tables.push_back(Table(m % 2 == 0 ? kGaussian : kLaplace, levels));
  }
  const Plan plan = PlanWith(tables);
  const PlanLoss cost = *LossOf(plan);
  const std::clock_t start = std::clock();
  const BestGuess one = BestGuessOf(plan, cost, 1);
  const BestGuess many = BestGuessOf(plan, cost, 100);
  const double took =
      static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  std::cout
      << "odds of 64 tables of 9 levels, all different, for 1 and for 100 "
         "rounds: "
      << took << " s\n";
  EXPECT_LT(one.took_part, many.took_part);
  // Half a second as released; sanitizers and builds for debugging take longer.
  EXPECT_LT(took, 30);
}

}  // namespace
}  // namespace commonwage::privacy
