// SPDX-License-Identifier: Apache-2.0
#include "server/steward/answer_counter.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/server/steward/vault_round.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::steward {
namespace {

using testing::HasReason;
using testing::VaultRound;

TEST(AnswerCounterTest, CountsTheSameWithAnyNumberOfWorkers) {
  VaultRound round;
  const auto opener =
      AnswerOpener::For(round.manifest(), round.hash(),
                        *round.vault().OpeningKeyOf("couriers.2026-q1"));
  ASSERT_OK(opener);
  // More than one chunk for each worker.
  std::vector<std::string> frames;
  for (uint16_t i = 0; i < 300; ++i) {
    frames.push_back(round.Frame({{static_cast<uint16_t>(i % 4), 1},
                                  {500 + 7 * static_cast<int64_t>(i)}}));
  }
  frames.emplace_back(kFrameSize, 'x');
  for (const size_t workers : {1U, 2U, 5U}) {
    AnswerCounter counter(*opener, round.manifest().plan, workers);
    for (const std::string& frame : frames) {
      counter.Add(frame);
    }
    const auto counted = counter.Finish();
    ASSERT_OK(counted);
    EXPECT_EQ(counted->tally.answers(), 300);
    EXPECT_EQ(counted->dropped, 1);
    int64_t in_first_cell = 0;
    for (const int64_t count : counted->tally.BinCounts(0, 0)) {
      in_first_cell += count;
    }
    EXPECT_EQ(in_first_cell, 75);
    // 500 + 7 * 4 i < 600 for four of platform 0.
    EXPECT_EQ(counted->tally.BinCounts(0, 0).front(), 4);
  }
}

TEST(AnswerCounterTest, CountsNothingOfNothing) {
  VaultRound round;
  const auto opener =
      AnswerOpener::For(round.manifest(), round.hash(),
                        *round.vault().OpeningKeyOf("couriers.2026-q1"));
  ASSERT_OK(opener);
  AnswerCounter counter(*opener, round.manifest().plan, 2);
  const auto counted = counter.Finish();
  ASSERT_OK(counted);
  EXPECT_EQ(counted->tally.answers(), 0);
}

TEST(AnswerCounterTest, EndsItsThreadsWhenItIsAbandoned) {
  VaultRound round;
  const auto opener =
      AnswerOpener::For(round.manifest(), round.hash(),
                        *round.vault().OpeningKeyOf("couriers.2026-q1"));
  ASSERT_OK(opener);
  AnswerCounter counter(*opener, round.manifest().plan, 2);
  counter.Add(round.Frame());
}

TEST(AnswerOpenerTest, RefusesAKeyThatIsNotTheManifests) {
  VaultRound round;
  EXPECT_THAT(AnswerOpener::For(round.manifest(), round.hash(),
                                crypto::Secret<32>::Random(round.random())),
              HasReason(Reason::kRoundKeyDiffers));
}

}  // namespace
}  // namespace commonwage::server::steward
