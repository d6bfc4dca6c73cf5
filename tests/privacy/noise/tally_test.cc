// SPDX-License-Identifier: Apache-2.0
#include "privacy/noise/tally.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "survey/cells.h"
#include "survey/plan/plan_json.h"
#include "survey/plan/tree_shape.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::privacy::noise {
namespace {

using commonwage::testing::HasReason;
using commonwage::testing::SamplePlanJson;
using commonwage::testing::SeededRandom;

Plan SamplePlan() {
  auto plan = ParsePlan(SamplePlanJson());
  EXPECT_OK(plan);
  return *plan;
}

// Returns `count` answers to `plan`, some far outside the grid.
std::vector<Answer> MadeAnswers(const Plan& plan, size_t count, uint64_t seed) {
  SeededRandom random(seed);
  std::vector<Answer> answers(count);
  for (Answer& answer : answers) {
    for (const Dimension& dimension : plan.dimensions) {
      answer.value_indexes.push_back(
          static_cast<uint16_t>(random.Below(dimension.values.size())));
    }
    for (size_t i = 0; i < plan.measures.size(); ++i) {
      answer.minor_units.push_back(static_cast<int64_t>(random.Below(3000)));
    }
  }
  return answers;
}

// Returns the exact counts of the nodes of a cell, in TreeShape's order.
std::vector<int64_t> NodesOfCell(const TreeShape& tree,
                                 absl::Span<const int64_t> bins) {
  std::vector<int64_t> nodes(tree.node_count(), 0);
  for (size_t leaf = 0; leaf < bins.size(); ++leaf) {
    for (size_t level = 0; level < tree.levels(); ++level) {
      nodes[tree.NodeOver(level, leaf)] += bins[leaf];
    }
  }
  return nodes;
}

// Returns the counts of all nodes of a level of a marginal, cell by cell.
std::vector<int64_t> LevelOf(const Plan& plan, const Tally& tally,
                             size_t marginal, size_t level) {
  const TreeShape tree(plan.marginals[marginal].fanouts);
  const size_t cells = CellSpace(plan, plan.marginals[marginal]).size();
  std::vector<int64_t> counts;
  for (size_t cell = 0; cell < cells; ++cell) {
    const auto nodes = NodesOfCell(tree, tally.BinCounts(marginal, cell));
    const auto first =
        nodes.begin() + static_cast<ptrdiff_t>(tree.level_offset(level));
    counts.insert(counts.end(), first,
                  first + static_cast<ptrdiff_t>(tree.level_size(level)));
  }
  return counts;
}

// Returns LevelOf all levels of all marginals, which is all there is.
std::vector<std::vector<int64_t>> LevelsOf(const Plan& plan,
                                           const Tally& tally) {
  std::vector<std::vector<int64_t>> levels;
  for (size_t m = 0; m < plan.marginals.size(); ++m) {
    for (size_t level = 0; level <= plan.marginals[m].fanouts.size(); ++level) {
      levels.push_back(LevelOf(plan, tally, m, level));
    }
  }
  return levels;
}

TEST(TallyTest, OneMoreAnswerAddsOneToExactlyOneNodeOfEachLevel) {
  const Plan plan = SamplePlan();
  Tally tally(plan);
  auto before = LevelsOf(plan, tally);
  ASSERT_EQ(before.size(), 6U);
  for (const Answer& answer : MadeAnswers(plan, 300, 1)) {
    ASSERT_OK(tally.Add(answer));
    const auto after = LevelsOf(plan, tally);
    for (size_t level = 0; level < after.size(); ++level) {
      std::vector<int64_t> added(after[level].size());
      std::transform(after[level].begin(), after[level].end(),
                     before[level].begin(), added.begin(), std::minus<>());
      EXPECT_EQ(std::count(added.begin(), added.end(), 1), 1);
      EXPECT_EQ(std::count(added.begin(), added.end(), 0),
                static_cast<ptrdiff_t>(added.size()) - 1);
    }
    before = after;
  }
  EXPECT_EQ(tally.answers(), 300);
}

TEST(TallyTest, CountsInTheCellAndBinOfTheAnswer) {
  const Plan plan = SamplePlan();
  Tally tally(plan);
  // Platform "other", region "south", 9.99 EUR: the bin from 9.00 to 10.00.
  ASSERT_OK(tally.Add({{2, 1}, {999}}));
  EXPECT_EQ(tally.BinCounts(0, 2)[4], 1);
  EXPECT_EQ(tally.BinCounts(1, 2 * 3 + 1)[4], 1);
}

TEST(TallyTest, PayBeyondTheGridCountsInTheEndBins) {
  const Plan plan = SamplePlan();
  Tally tally(plan);
  for (const int64_t pay : {std::numeric_limits<int64_t>::min(), int64_t{-1},
                            int64_t{0}, int64_t{599}}) {
    ASSERT_OK(tally.Add({{0, 0}, {pay}}));
  }
  for (const int64_t pay :
       {std::numeric_limits<int64_t>::max(), int64_t{2200}}) {
    ASSERT_OK(tally.Add({{0, 0}, {pay}}));
  }
  EXPECT_EQ(tally.BinCounts(0, 0).front(), 4);
  EXPECT_EQ(tally.BinCounts(0, 0).back(), 2);
}

TEST(TallyTest, TheOrderOfAnswersDoesNotMatter) {
  const Plan plan = SamplePlan();
  std::vector<Answer> answers = MadeAnswers(plan, 500, 2);
  Tally first(plan);
  for (const Answer& answer : answers) {
    ASSERT_OK(first.Add(answer));
  }
  SeededRandom random(3);
  for (size_t i = answers.size() - 1; i > 0; --i) {
    std::swap(answers[i], answers[random.Below(i + 1)]);
  }
  Tally second(plan);
  for (const Answer& answer : answers) {
    ASSERT_OK(second.Add(answer));
  }
  EXPECT_EQ(LevelsOf(plan, first), LevelsOf(plan, second));
}

TEST(TallyTest, PartsOfThreadsAddUpToTheWhole) {
  const Plan plan = SamplePlan();
  const std::vector<Answer> answers = MadeAnswers(plan, 500, 4);
  Tally whole(plan);
  std::vector<Tally> parts(3, Tally(plan));
  for (size_t i = 0; i < answers.size(); ++i) {
    ASSERT_OK(whole.Add(answers[i]));
    ASSERT_OK(parts[i % 3].Add(answers[i]));
  }
  Tally merged(plan);
  for (const Tally& part : parts) {
    ASSERT_OK(merged.Merge(part));
  }
  EXPECT_EQ(merged.answers(), 500);
  EXPECT_EQ(LevelsOf(plan, merged), LevelsOf(plan, whole));
}

TEST(TallyTest, AnAnswerOfAnotherPlanIsRefusedAndChangesNothing) {
  const Plan plan = SamplePlan();
  Tally tally(plan);
  const auto before = LevelsOf(plan, tally);
  for (const Answer& answer :
       {Answer{}, Answer{{0}, {1000}}, Answer{{0, 0, 0}, {1000}},
        Answer{{0, 0}, {}}, Answer{{0, 0}, {1, 2}}, Answer{{4, 0}, {1000}},
        Answer{{0, 3}, {1000}}, Answer{{0, 65535}, {1000}}}) {
    EXPECT_THAT(tally.Add(answer), HasReason(Reason::kAnswerMalformed));
  }
  EXPECT_EQ(tally.answers(), 0);
  EXPECT_EQ(LevelsOf(plan, tally), before);
}

TEST(TallyTest, DoublingItselfStopsBeforeACountOverflows) {
  const Plan plan = SamplePlan();
  Tally tally(plan);
  ASSERT_OK(tally.Add({{0, 0}, {1000}}));
  for (int i = 0; i < 30; ++i) {
    ASSERT_OK(tally.Merge(Tally(tally)));
  }
  EXPECT_EQ(tally.answers(), int64_t{1} << 30);
  EXPECT_THAT(tally.Merge(Tally(tally)), HasReason(Reason::kTooManyAnswers));
  EXPECT_EQ(tally.answers(), int64_t{1} << 30);
  EXPECT_EQ(tally.BinCounts(0, 0)[5], int64_t{1} << 30);
}

TEST(TallyTest, TheLastAnswerThatFitsIsTheLastOneTaken) {
  const Plan plan = SamplePlan();
  Tally power(plan);
  ASSERT_OK(power.Add({{0, 0}, {1000}}));
  Tally full(plan);
  for (int i = 0; i < 31; ++i) {
    ASSERT_OK(full.Merge(power));
    if (i < 30) {
      ASSERT_OK(power.Merge(Tally(power)));
    }
  }
  EXPECT_EQ(full.answers(), Tally::kMaxAnswers);
  EXPECT_THAT(full.Add({{0, 0}, {1000}}), HasReason(Reason::kTooManyAnswers));
  EXPECT_EQ(full.answers(), Tally::kMaxAnswers);
}

TEST(TallyTest, CountsOfDifferentPlansDoNotMix) {
  const Plan plan = SamplePlan();
  Plan other = plan;
  other.measures[0].inner_edges.back() += 1;
  EXPECT_FALSE(Tally(plan).Fits(other));
  Tally tally(plan);
  EXPECT_THAT(tally.Merge(Tally(other)), HasReason(Reason::kTallyMismatch));
  Plan fewer = plan;
  fewer.marginals.pop_back();
  EXPECT_FALSE(Tally(plan).Fits(fewer));
  EXPECT_TRUE(Tally(plan).Fits(plan));
}

}  // namespace
}  // namespace commonwage::privacy::noise
