// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/parent_effects.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace commonwage::privacy::estimate {
namespace {

DirectEstimate At(double value, double sd) {
  DirectEstimate estimate;
  estimate.value = value;
  estimate.deviations = {sd, 0};
  return estimate;
}

// Effects are shrunk by t / (t + s^2), t = mean(effect^2) - mean(s^2).
TEST(ParentEffectsTest, MainEffectsAreShrunkByWhatIsKnownOfThem) {
  const std::vector<DirectEstimate> estimates = {At(10.8, 0.02), At(11.0, 0.05),
                                                 At(11.3, 0.1)};
  double mean = 0;
  double weights = 0;
  double variances = 0;
  for (const DirectEstimate& one : estimates) {
    const double weight = 1 / (0.0025 + one.deviations.Variance());
    mean += weight * one.value;
    weights += weight;
    variances += one.deviations.Variance() / 3;
  }
  mean /= weights;
  double t = -variances;
  for (const DirectEstimate& one : estimates) {
    t += (one.value - mean) * (one.value - mean) / 3;
  }
  const std::vector<double> effects = FitMainEffects(estimates);
  for (size_t i = 0; i < estimates.size(); ++i) {
    const double s2 = estimates[i].deviations.Variance();
    EXPECT_NEAR(effects[i], (estimates[i].value - mean) * t / (t + s2), 1e-12);
  }
}

TEST(ParentEffectsTest, EffectsThatAreNoiseAreHardlyTaken) {
  const std::vector<double> effects =
      FitMainEffects(std::vector<DirectEstimate>{At(10.9, 0.3), At(11.1, 0.3)});
  EXPECT_NEAR(effects[1], 0.1 * 0.0001 / (0.0001 + 0.09), 1e-12);
}

TEST(ParentEffectsTest, NothingAndOneValueHaveNoEffects) {
  EXPECT_TRUE(FitMainEffects({}).empty());
  EXPECT_NEAR(FitMainEffects(std::vector<DirectEstimate>{At(11, 0.1)})[0], 0,
              1e-12);
  EXPECT_TRUE(FitInteractions({}).empty());
}

TEST(ParentEffectsTest, AdditivePairsHaveNoInteractions) {
  std::vector<PairValue> pairs;
  for (size_t row = 0; row < 5; ++row) {
    for (size_t column = 0; column < 4; ++column) {
      pairs.push_back({row, column,
                       11 + 0.1 * static_cast<double>(row) -
                           0.2 * static_cast<double>(column),
                       50 + 7 * static_cast<double>(row * column)});
    }
  }
  for (const double interaction : FitInteractions(pairs)) {
    EXPECT_NEAR(interaction, 0, 1e-6);
  }
  pairs[6].value += 0.3;
  const std::vector<double> interactions = FitInteractions(pairs);
  EXPECT_GT(interactions[6], 0.1);
  double column_sum = 0;  // Weighted, of the pair's column.
  for (size_t i = 0; i < pairs.size(); ++i) {
    column_sum += pairs[i].column == pairs[6].column
                      ? pairs[i].workers * interactions[i]
                      : 0;
  }
  EXPECT_NEAR(column_sum, 0, 1e-9);
}

}  // namespace
}  // namespace commonwage::privacy::estimate
