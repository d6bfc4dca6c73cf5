// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/fab_limits.h"

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "privacy/estimate/fab_weights.h"
#include "privacy/model/critical.h"
#include "tests/statistical/coverage_cells.h"
#include "tests/statistical/coverage_world.h"

namespace commonwage::privacy::estimate {
namespace {

using commonwage::testing::CellSimulator;
using commonwage::testing::Design;
using commonwage::testing::EvenEdges;
using commonwage::testing::WageWorld;

constexpr int64_t kWorkers = 60;
constexpr double kDeviation = 0.12;

Design Gaussian() {
  return {"Gaussian",
          Mechanism::kDiscreteGaussian,
          {4, 4, 4, 2},
          {20000, 23200, 19500, 15400, 21900},
          EvenEdges(20000, 300000, 128)};
}

Design Laplace() {
  return {"Laplace",
          Mechanism::kDiscreteLaplace,
          {4, 8},
          {400000, 300000, 300000},
          EvenEdges(20000, 300000, 32)};
}

LogQuantile Find(const model::CellCdf& cdf, Mechanism mechanism) {
  return FindQuantile(cdf, 0.5, model::FindCritical(model::kMiss, mechanism));
}

double FabWeight(double distance) {
  return FabWeights()[PlaceOfFabWeight(distance)];
}

// Phi^-1(kMiss w) - Phi^-1(kMiss (1 - w)) = distance, to a step of w.
TEST(FabLimitsTest, TheWeightIsTheCheapestOne) {
  for (double distance = -2; distance <= 2; distance += 0.01) {
    const double w = FabWeight(distance);
    if (w > kLeastWeight + 1e-9) {
      const double lower = w - 0.501 * kWeightStep;
      EXPECT_LE(model::NormalQuantile(model::kMiss * lower) -
                    model::NormalQuantile(model::kMiss * (1 - lower)),
                distance);
    }
    if (w < 1 - kLeastWeight - 1e-9) {
      const double upper = w + 0.501 * kWeightStep;
      EXPECT_GE(model::NormalQuantile(model::kMiss * upper) -
                    model::NormalQuantile(model::kMiss * (1 - upper)),
                distance);
    }
    EXPECT_NEAR(FabWeight(distance) + FabWeight(-distance), 1,
                1.001 * kWeightStep);
  }
  EXPECT_DOUBLE_EQ(FabWeight(-1e300), kLeastWeight);
  EXPECT_NEAR(FabWeight(1e300), 1 - kLeastWeight, 1e-12);
}

TEST(FabLimitsTest, WithoutAnythingExpectedTheyAreTheCellsOwn) {
  CellSimulator cells(Gaussian(), 5);
  const WageWorld world("", 60000, 0.4);
  const std::vector<double> shares = world.BinShares(Gaussian().inner_edges);
  for (int draw = 0; draw < 200; ++draw) {
    const model::CellCdf cdf = cells.Draw(shares, kWorkers);
    const LogQuantile own = Find(cdf, cells.mechanism());
    LogQuantile assisted = own;
    SetFabLimits(cdf, 0.5, cells.mechanism(), {11, 1e12}, kDeviation, assisted);
    EXPECT_EQ(assisted.low, own.low);
    EXPECT_EQ(assisted.high, own.high);
    EXPECT_EQ(assisted.open_low, own.open_low);
    EXPECT_EQ(assisted.open_high, own.open_high);
  }
}

struct Outcome {
  double held = 0;
  double own_width = 0;
  double width = 0;
};

// Draws one cell again and again that is expected `off` from where it is.
Outcome Simulate(const Design& design, const WageWorld& world, double off,
                 double variance, int draws) {
  CellSimulator cells(design, 6);
  const std::vector<double> shares = world.BinShares(design.inner_edges);
  const double truth = std::log(world.Quantile(0.5));
  Outcome outcome;
  for (int draw = 0; draw < draws; ++draw) {
    const model::CellCdf cdf = cells.Draw(shares, kWorkers);
    const LogQuantile own = Find(cdf, cells.mechanism());
    LogQuantile assisted = own;
    SetFabLimits(cdf, 0.5, cells.mechanism(), {truth + off, variance},
                 kDeviation, assisted);
    outcome.held +=
        (assisted.open_low || assisted.low <= truth + 1e-9) &&
                (assisted.open_high || assisted.high >= truth - 1e-9)
            ? 1.0 / draws
            : 0;
    outcome.own_width += own.HalfWidth() / draws;
    outcome.width += assisted.HalfWidth() / draws;
  }
  return outcome;
}

// The point of it: a cell may be as unlike what is expected as it likes.
TEST(FabLimitsTest, TheyHoldInACellThatIsUnlikeWhatIsExpected) {
  constexpr int kDraws = 1000;
  const double least = 0.95 - 2 * std::sqrt(0.95 * 0.05 / kDraws);
  const WageWorld smooth("smooth", 60000, 0.4);
  const WageWorld heaped =
      WageWorld::WithHeaps("heaped", 60000, 0.4, {{58000, 0.25}});
  const WageWorld rounded = WageWorld::Rounded("rounded", 60000, 0.4, 5000, 1);
  for (const Design& design : {Gaussian(), Laplace()}) {
    for (const WageWorld& world : {smooth, heaped, rounded}) {
      for (const double off : {-2.0, -0.3, -0.1, 0.0, 0.1, 0.3, 2.0}) {
        EXPECT_GE(Simulate(design, world, off, 0.01, kDraws).held, least)
            << design.name << " " << world.name() << " " << off;
      }
    }
  }
}

TEST(FabLimitsTest, TheyAreNarrowerWhereTheCellIsAsExpected) {
  const WageWorld world("", 60000, 0.4);
  const Outcome outcome = Simulate(Gaussian(), world, 0, 0.01, 400);
  EXPECT_LT(outcome.width, 0.9 * outcome.own_width);
}

}  // namespace
}  // namespace commonwage::privacy::estimate
