// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/heaps.h"

#include <cmath>
#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

#include "privacy/estimate/reference_wages.h"
#include "tests/statistical/coverage_world.h"

namespace commonwage::privacy::estimate {
namespace {

using commonwage::testing::EvenEdges;
using commonwage::testing::WageWorld;

std::vector<double> Scaled(std::vector<double> shares, double n) {
  for (double& share : shares) {
    share *= n;
  }
  return shares;
}

TEST(HeapsTest, SmoothWagesNeedNoAllowanceInside) {
  const std::vector<int64_t> edges = EvenEdges(800, 6000, 64);
  const PayGrid grid(edges);
  const HeapDetector detector(grid);
  const WageWorld world("", 2191, 0.5);
  const std::vector<double> allowances =
      detector.Allowances(Scaled(world.BinShares(edges), 1000), 20);
  for (size_t b = 3; b + 3 < grid.bins(); ++b) {
    EXPECT_EQ(allowances[b], 0) << b;
  }
}

TEST(HeapsTest, AHeapIsSeenWithItsSize) {
  const std::vector<int64_t> edges = EvenEdges(800, 6000, 64);
  const PayGrid grid(edges);
  const HeapDetector detector(grid);
  const WageWorld world = WageWorld::WithHeaps("", 2191, 0.5, {{2037, 0.12}});
  const std::vector<double> allowances =
      detector.Allowances(Scaled(world.BinShares(edges), 200), 20);
  size_t bin = 0;
  while (grid.Edge(bin + 1) <= 2037) {
    ++bin;
  }
  EXPECT_GT(allowances[bin], 24);  // 12 % of 200, and a deviation.
  EXPECT_LT(allowances[bin], 40);
}

TEST(HeapsTest, ManySmallHeapsMakeTheNeighbourhoodRough) {
  const std::vector<int64_t> edges = EvenEdges(800, 6000, 64);
  const PayGrid grid(edges);
  const HeapDetector detector(grid);
  const WageWorld world = WageWorld::Rounded("", 2191, 0.5, 100, 0.8);
  const std::vector<double> allowances =
      detector.Allowances(Scaled(world.BinShares(edges), 10000), 20);
  EXPECT_TRUE(std::isinf(allowances[32]));
}

TEST(HeapsTest, NothingIsSaidOfOuterAndOpenBins) {
  const PayGrid grid(EvenEdges(800, 6000, 16));
  const HeapDetector detector(grid);
  const std::vector<double> allowances =
      detector.Allowances(std::vector<double>(16, 10.0), 5);
  for (const size_t b : {size_t{0}, size_t{1}, size_t{14}, size_t{15}}) {
    EXPECT_TRUE(std::isinf(allowances[b])) << b;
  }
}

TEST(HeapsTest, NarrowBinsAroundARateDoNotDisturbTheCurve) {
  // The same even grid with a narrow bin at 2000, which holds a heap.
  std::vector<int64_t> edges = EvenEdges(800, 6000, 63);
  for (auto place = edges.begin(); place != edges.end(); ++place) {
    if (*place > 2000) {
      *place = 2001;
      edges.insert(place, 2000);
      break;
    }
  }
  const PayGrid grid(edges);
  const WageWorld world = WageWorld::WithHeaps("", 2191, 0.5, {{2000, 0.25}});
  const std::vector<double> allowances =
      HeapDetector(grid).Allowances(Scaled(world.BinShares(edges), 500), 20);
  size_t narrow = 0;
  while (grid.Edge(narrow + 1) <= 2000) {
    ++narrow;
  }
  EXPECT_TRUE(std::isinf(allowances[narrow]));
  EXPECT_EQ(allowances[narrow + 3], 0);
  EXPECT_EQ(allowances[narrow - 3], 0);
}

TEST(HeapsTest, TheSmallestGridsAreHandled) {
  for (const int64_t bins : {8, 9, 10}) {
    const PayGrid grid(EvenEdges(800, 6000, bins));
    const auto size = static_cast<size_t>(bins);
    EXPECT_EQ(
        HeapDetector(grid).Allowances(std::vector<double>(size, 3.0), 5).size(),
        size);
  }
  const PayGrid two(std::vector<int64_t>{1000});
  EXPECT_EQ(HeapDetector(two).Allowances(std::vector<double>(2, 3.0), 5).size(),
            2U);
}

}  // namespace
}  // namespace commonwage::privacy::estimate
