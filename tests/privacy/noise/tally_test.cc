// SPDX-License-Identifier: Apache-2.0
#include "privacy/noise/tally.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "survey/cells.h"
#include "survey/plan_json.h"
#include "survey/tree_shape.h"
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

// Returns all exact counts of all nodes of a tally, marginal by marginal, cell
// by cell.
std::vector<std::vector<std::vector<int64_t>>> NodesOf(const Plan& plan,
                                                       const Tally& tally) {
  std::vector<std::vector<std::vector<int64_t>>> all;
  for (size_t m = 0; m < plan.marginals.size(); ++m) {
    const TreeShape tree(plan.marginals[m].fanouts);
    auto& cells = all.emplace_back();
    for (size_t c = 0; c < CellSpace(plan, plan.marginals[m]).size(); ++c) {
      auto& nodes = cells.emplace_back(tree.node_count(), 0);
      const auto bins = tally.BinCounts(m, c);
      for (size_t leaf = 0; leaf < bins.size(); ++leaf) {
        for (size_t level = 0; level < tree.levels(); ++level) {
          nodes[tree.NodeOver(level, leaf)] += bins[leaf];
        }
      }
    }
  }
  return all;
}

TEST(TallyTest, OneMoreAnswerAddsOneToExactlyOneNodeOfEachLevel) {
  const Plan plan = SamplePlan();
  Tally tally(plan);
  for (const Answer& answer : MadeAnswers(plan, 300, 1)) {
    const auto before = NodesOf(plan, tally);
    ASSERT_OK(tally.Add(answer));
    const auto after = NodesOf(plan, tally);
    for (size_t m = 0; m < plan.marginals.size(); ++m) {
      const TreeShape tree(plan.marginals[m].fanouts);
      std::vector<int64_t> changed(tree.levels(), 0);
      for (size_t c = 0; c < after[m].size(); ++c) {
        for (size_t level = 0; level < tree.levels(); ++level) {
          for (size_t i = 0; i < tree.level_size(level); ++i) {
            const size_t node = tree.level_offset(level) + i;
            const int64_t difference = after[m][c][node] - before[m][c][node];
            ASSERT_TRUE(difference == 0 || difference == 1);
            changed[level] += difference;
          }
        }
      }
      EXPECT_EQ(changed, std::vector<int64_t>(tree.levels(), 1));
    }
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
  EXPECT_EQ(NodesOf(plan, first), NodesOf(plan, second));
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
  EXPECT_EQ(NodesOf(plan, merged), NodesOf(plan, whole));
}

TEST(TallyTest, AnAnswerOfAnotherPlanIsRefusedAndChangesNothing) {
  const Plan plan = SamplePlan();
  Tally tally(plan);
  const auto before = NodesOf(plan, tally);
  for (const Answer& answer :
       {Answer{}, Answer{{0}, {1000}}, Answer{{0, 0, 0}, {1000}},
        Answer{{0, 0}, {}}, Answer{{0, 0}, {1, 2}}, Answer{{4, 0}, {1000}},
        Answer{{0, 3}, {1000}}, Answer{{0, 65535}, {1000}}}) {
    EXPECT_THAT(tally.Add(answer), HasReason("ANSWER_FAULTY"));
  }
  EXPECT_EQ(tally.answers(), 0);
  EXPECT_EQ(NodesOf(plan, tally), before);
}

TEST(TallyTest, DoublingItselfStopsBeforeACountOverflows) {
  const Plan plan = SamplePlan();
  Tally tally(plan);
  ASSERT_OK(tally.Add({{0, 0}, {1000}}));
  for (int i = 0; i < 30; ++i) {
    ASSERT_OK(tally.Merge(Tally(tally)));
  }
  EXPECT_EQ(tally.answers(), int64_t{1} << 30);
  EXPECT_THAT(tally.Merge(Tally(tally)), HasReason("TOO_MANY_ANSWERS"));
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
  EXPECT_THAT(full.Add({{0, 0}, {1000}}), HasReason("TOO_MANY_ANSWERS"));
  EXPECT_EQ(full.answers(), Tally::kMaxAnswers);
}

TEST(TallyTest, CountsOfDifferentPlansDoNotMix) {
  const Plan plan = SamplePlan();
  Plan other = plan;
  other.measures[0].inner_edges.back() += 1;
  EXPECT_FALSE(Tally(plan).Fits(other));
  Tally tally(plan);
  EXPECT_THAT(tally.Merge(Tally(other)), HasReason("TALLY_MISMATCH"));
  Plan fewer = plan;
  fewer.marginals.pop_back();
  EXPECT_FALSE(Tally(plan).Fits(fewer));
  EXPECT_TRUE(Tally(plan).Fits(plan));
}

}  // namespace
}  // namespace commonwage::privacy::noise
