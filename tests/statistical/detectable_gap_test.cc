// SPDX-License-Identifier: Apache-2.0
// Whether the smallest gap that figures say they would have shown as clear in
// four of five cases is shown as clear in four of five: two cells are drawn
// that far apart, again and again. And whether two equal cells are seldom
// called clearly different.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <vector>

#include <gtest/gtest.h>

#include "privacy/estimate/gap.h"
#include "privacy/estimate/quantile.h"
#include "privacy/model/critical.h"
#include "tests/statistical/coverage_cells.h"
#include "tests/statistical/coverage_world.h"

namespace commonwage {
namespace {

using privacy::estimate::Difference;
using privacy::estimate::FindQuantile;
using privacy::estimate::JudgeDifference;
using privacy::estimate::kGapWorthSeeing;
using privacy::estimate::Verdict;
using privacy::model::Critical;
using privacy::model::FindCritical;
using testing::CellSimulator;
using testing::Design;
using testing::WageWorld;

constexpr int kDraws = 600;
constexpr int kPositions = 20;
constexpr double kMedian = 3000;

// 128 bins of equal width in log pay from 1,000 to 9,000.
std::vector<int64_t> Edges() {
  std::vector<int64_t> edges;
  for (int j = 0; j < 127; ++j) {
    edges.push_back(std::lround(1000 * std::pow(9.0, j / 126.0)));
  }
  return edges;
}

class DetectableGapTest : public ::testing::Test {
 protected:
  // What one draw of two cells of `n` says, one paid `gap` more than the other.
  Difference Draw(int64_t n, double gap) {
    const Critical critical = FindCritical(0.05, cells_.mechanism());
    // Medians stand anywhere in their bins.
    position_ = (position_ + 1) % kPositions;
    const double median =
        kMedian * std::pow(9.0, position_ / (126.0 * kPositions));
    const WageWorld a("a", median * (1 + gap), 0.4);
    const WageWorld base("base", median, 0.4);
    const auto of = [&](const WageWorld& world) {
      return FindQuantile(cells_.Draw(world.BinShares(edges_), n), 0.5,
                          critical);
    };
    return JudgeDifference(of(a), of(base), kGapWorthSeeing);
  }

  // The middle one of what draws of equal cells could have shown.
  double Detectable(int64_t n) {
    std::vector<double> detectable;
    for (int i = 0; i < kDraws; ++i) {
      const Difference difference = Draw(n, 0);
      if (difference.minimum_detectable.has_value()) {
        detectable.push_back(*difference.minimum_detectable);
      }
    }
    const auto middle =
        detectable.begin() + static_cast<std::ptrdiff_t>(detectable.size() / 2);
    std::nth_element(detectable.begin(), middle, detectable.end());
    return *middle;
  }

  double ShareClear(int64_t n, double gap) {
    int clear = 0;
    for (int i = 0; i < kDraws; ++i) {
      clear += Draw(n, gap).verdict == Verdict::kClear ? 1 : 0;
    }
    return static_cast<double>(clear) / kDraws;
  }

  int position_ = 0;
  const std::vector<int64_t> edges_ = Edges();
  CellSimulator cells_{{"",
                        Mechanism::kDiscreteGaussian,
                        {4, 4, 4, 2},
                        {20000, 23200, 19500, 15400, 21900},
                        edges_},
                       7};
};

TEST_F(DetectableGapTest, TheSmallestGapThatCouldBeShownIsShownInFourOfFive) {
  for (const int64_t n : {100, 300, 1000, 4000}) {
    const double gap = Detectable(n);
    const double clear = ShareClear(n, gap);
    const double none = ShareClear(n, 0);
    std::printf(
        "n %5d: smallest gap %.1f %%, clear in %.1f %%; equal in %.1f %%\n",
        static_cast<int>(n), 100 * gap, 100 * clear, 100 * none);
    // Edges of bins, on which limits stand, make it a little more or less.
    EXPECT_GE(clear, 0.7);
    EXPECT_LE(clear, 0.9);
    EXPECT_LE(none, 0.05 + 2 * std::sqrt(0.05 * 0.95 / kDraws));
  }
}

}  // namespace
}  // namespace commonwage
