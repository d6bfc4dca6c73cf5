// SPDX-License-Identifier: Apache-2.0
#include "survey/cells.h"

#include <cstddef>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "survey/answer.h"
#include "survey/plan/tree_shape.h"
#include "tests/survey/samples.h"
#include "tests/testing/plan_parts.h"

namespace commonwage {
namespace {

using ::testing::ElementsAre;
using testing::SamplePlan;

TEST(CellSpaceTest, CountsRowMajorWithTheLastDimensionFastest) {
  const Plan plan = SamplePlan();
  const CellSpace cells(plan, plan.marginals[1]);
  ASSERT_EQ(cells.size(), 12U);
  EXPECT_THAT(cells.ValuesOf(0), ElementsAre(0, 0));
  EXPECT_THAT(cells.ValuesOf(1), ElementsAre(0, 1));
  EXPECT_THAT(cells.ValuesOf(3), ElementsAre(1, 0));
  EXPECT_THAT(cells.ValuesOf(11), ElementsAre(3, 2));
}

TEST(CellSpaceTest, FindsEveryCellAgainByItsValues) {
  const Plan plan = SamplePlan();
  const CellSpace cells(plan, plan.marginals[1]);
  for (size_t cell = 0; cell < cells.size(); ++cell) {
    EXPECT_EQ(cells.CellOf(cells.ValuesOf(cell)), cell);
  }
}

TEST(CellSpaceTest, FollowsTheOrderOfTheMarginalNotOfThePlan) {
  const Plan plan = SamplePlan();
  Marginal marginal = plan.marginals[1];
  marginal.by = {"region", "platform"};
  const CellSpace cells(plan, marginal);
  EXPECT_THAT(cells.dimension_indexes(), ElementsAre(1, 0));
  EXPECT_THAT(cells.value_counts(), ElementsAre(3, 4));
  const Answer answer{.value_indexes = {3, 1}, .minor_units = {0}};
  EXPECT_EQ(testing::CellOfAnswer(cells, answer), 1U * 4 + 3);
}

TEST(TreeShapeTest, LaysLevelsOutRootFirst) {
  const TreeShape shape({4, 2});
  ASSERT_EQ(shape.levels(), 3U);
  EXPECT_EQ(shape.node_count(), 13U);
  EXPECT_EQ(shape.leaf_count(), 8U);
  EXPECT_EQ(shape.level_offset(0), 0U);
  EXPECT_EQ(shape.level_offset(1), 1U);
  EXPECT_EQ(shape.level_offset(2), 5U);
  EXPECT_EQ(shape.level_size(1), 4U);
  EXPECT_EQ(shape.leaves_per_node(0), 8U);
  EXPECT_EQ(shape.leaves_per_node(1), 2U);
  EXPECT_EQ(shape.leaves_per_node(2), 1U);
}

TEST(TreeShapeTest, PutsEachLeafUnderOneNodePerLevel) {
  const TreeShape shape({4, 4, 4});
  ASSERT_EQ(shape.node_count(), 85U);
  EXPECT_EQ(shape.NodeOver(0, 63), 0U);
  EXPECT_EQ(shape.NodeOver(1, 15), 1U);
  EXPECT_EQ(shape.NodeOver(1, 16), 2U);
  EXPECT_EQ(shape.NodeOver(2, 63), 20U);
  EXPECT_EQ(shape.NodeOver(3, 63), 84U);
}

}  // namespace
}  // namespace commonwage
