// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/robustness.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "privacy/estimate/quantile.h"
#include "tests/privacy/estimate/estimate_fixtures.h"

namespace commonwage::privacy::estimate {
namespace {

using commonwage::testing::EdgesFrom1000;
using commonwage::testing::FlatModel;
using commonwage::testing::FlatNodes;
using commonwage::testing::Usual;

class RobustnessTest : public ::testing::Test {
 protected:
  model::CellCdf Cell(const std::vector<double>& counts) const {
    return {*model_, FlatNodes(counts), 1};
  }

  // Edges 1000, 1100, ..., 1600.
  const std::unique_ptr<model::CellModel> model_ =
      FlatModel(EdgesFrom1000(8), 1e-6);
};

TEST_F(RobustnessTest, KRanksToEitherSideAreCountedOff) {
  // 100 workers; the median is in the middle of the bin from 1200 to 1300, and
  // 10 ranks on either side are half a bin of 20.
  const model::CellCdf cell = Cell({0, 20, 20, 20, 20, 20, 0, 0});
  const double middle = std::sqrt(1200.0 * 1300.0);
  const auto shift = FindShiftByFalse(cell, 0.5, 10);
  ASSERT_TRUE(shift.has_value());
  EXPECT_NEAR(*shift, 1300 / middle - 1, 1e-6);
  // The first quartile stands at rank 25; 20 ranks down are rank 5.
  const double quartile = 1100 * std::pow(1200.0 / 1100, 0.25);
  const double below = 1000 * std::pow(1.1, 0.25);
  EXPECT_NEAR(*FindShiftByFalse(cell, 0.25, 20),
              std::max(1 - below / quartile,
                       1200 * std::pow(1300.0 / 1200, 0.25) / quartile - 1),
              1e-6);
}

TEST_F(RobustnessTest, TheRankItselfMovesByK) {
  // Independently: the quantile of rank k higher is the quantile p + k / n.
  const model::CellCdf cell = Cell({0, 10, 50, 90, 60, 30, 10, 0});
  const double here = FindQuantile(cell, 0.5, Usual()).value;
  const double up = FindQuantile(cell, 0.5 + 25 / 250.0, Usual()).value;
  const double down = FindQuantile(cell, 0.5 - 25 / 250.0, Usual()).value;
  EXPECT_NEAR(*FindShiftByFalse(cell, 0.5, 25),
              std::max(std::expm1(up - here), -std::expm1(down - here)), 1e-6);
}

TEST_F(RobustnessTest, AnEmptyStretchIsLeaptOver) {
  // Two far apart heaps of 50: one false answer moves the median across.
  const model::CellCdf cell = Cell({0, 50, 0, 0, 0, 50, 0, 0});
  const double middle = std::sqrt(1100.0 * 1400.0);
  EXPECT_NEAR(*FindShiftByFalse(cell, 0.5, 1),
              1400 * std::pow(1500.0 / 1400, 0.02) / middle - 1, 1e-6);
}

TEST_F(RobustnessTest, BeyondTheWorkersOrTheGridThereIsNoNumber) {
  const model::CellCdf cell = Cell({0, 20, 20, 20, 20, 20, 0, 0});
  EXPECT_FALSE(FindShiftByFalse(cell, 0.5, 50).has_value());
  EXPECT_FALSE(FindShiftByFalse(cell, 0.1, 10).has_value());
  const model::CellCdf high = Cell({0, 0, 0, 0, 30, 20, 20, 30});
  EXPECT_TRUE(FindShiftByFalse(high, 0.5, 15).has_value());
  EXPECT_FALSE(FindShiftByFalse(high, 0.5, 21).has_value());
  EXPECT_FALSE(FindShiftByFalse(Cell({40, 20, 20, 20, 0, 0, 0, 0}), 0.5, 11)
                   .has_value());
}

}  // namespace
}  // namespace commonwage::privacy::estimate
