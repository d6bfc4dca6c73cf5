// SPDX-License-Identifier: Apache-2.0
#include "server/collector/round_keeper.h"

#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include <gtest/gtest.h>

#include "artefacts/artefact_hash.h"
#include "base/error.h"
#include "storage/catalogue/catalogue.h"
#include "survey/domain_labels.h"
#include "tests/server/collector/collector_fixture.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::collector {
namespace {

using storage::RoundState;
using testing::HasReason;
using testing::SampleRound;

class RoundKeeperTest : public CollectorFixture {
 protected:
  const BoardRound* OnBoard(const SampleRound& round) {
    table_ = board_.Get();
    return table_->Find(round.hash);
  }

  // Lets the clock stand past a closing time for long enough.
  void PassTheClose() {
    ASSERT_OK(keeper_.Refresh());
    clock_.Advance(kCloseAfter);
    ASSERT_OK(keeper_.Refresh());
  }

 private:
  std::shared_ptr<const RoundTable> table_;
};

TEST_F(RoundKeeperTest, NoticesARoundThatACommandImported) {
  ASSERT_OK(keeper_.Refresh());
  const SampleRound round = host_.Import(host_.SampleManifest());
  EXPECT_EQ(OnBoard(round), nullptr);
  ASSERT_OK(keeper_.Refresh());
  ASSERT_NE(OnBoard(round), nullptr);
  EXPECT_NE(OnBoard(round)->inbox, nullptr);
}

TEST_F(RoundKeeperTest, OpensAndClosesARoundByTheClockAndRecordsIt) {
  const SampleRound round = host_.Import(host_.SampleManifest());
  const Plan& plan = round.manifest.plan;
  clock_.Set(plan.opens_at - absl::Seconds(1));
  ASSERT_OK(keeper_.Refresh());
  EXPECT_EQ(RecordedState(round.id), RoundState::kCreated);

  clock_.Set(plan.opens_at);
  ASSERT_OK(keeper_.Refresh());
  EXPECT_EQ(RecordedState(round.id), RoundState::kOpen);
  ASSERT_OK(Admit(host_.Frame(round, 1)));

  clock_.Set(plan.closes_at);
  ASSERT_OK(keeper_.Refresh());
  EXPECT_THAT(Admit(host_.Frame(round, 2)), HasReason(Reason::kRoundClosed));
  EXPECT_EQ(RecordedState(round.id), RoundState::kOpen);
  PassTheClose();
  const auto stored = host_.OpenCatalogue()->FindRound(round.id).value();
  EXPECT_EQ(stored->summary.state, RoundState::kClosed);
  EXPECT_FALSE(stored->summary.closed_early);
  EXPECT_TRUE(stored->inbox_root.has_value());
  EXPECT_EQ(OnBoard(round)->inbox, nullptr);
  EXPECT_TRUE(host_.OpenInbox(round.id, false).value()->IsClosed().value());
}

TEST_F(RoundKeeperTest, StaysClosedWhenTheClockGoesBack) {
  const SampleRound round = host_.Import(host_.SampleManifest());
  clock_.Set(round.manifest.plan.closes_at);
  PassTheClose();
  clock_.Set(InJanuary(15));
  ASSERT_OK(keeper_.Refresh());
  EXPECT_THAT(Admit(host_.Frame(round, 1)), HasReason(Reason::kRoundClosed));
}

TEST_F(RoundKeeperTest, StaysOpenWhenTheClockGoesBack) {
  const SampleRound round = host_.Import(host_.SampleManifest());
  ASSERT_OK(keeper_.Refresh());
  clock_.Set(round.manifest.plan.opens_at - absl::Hours(1));
  ASSERT_OK(keeper_.Refresh());
  EXPECT_OK(Admit(host_.Frame(round, 1)));
}

TEST_F(RoundKeeperTest, ClosesARoundThatWasNeverOpenOnTime) {
  const SampleRound round = host_.Import(host_.SampleManifest());
  clock_.Set(round.manifest.plan.closes_at + absl::Hours(24));
  PassTheClose();
  EXPECT_EQ(RecordedState(round.id), RoundState::kClosed);
  EXPECT_TRUE(host_.OpenInbox(round.id, false).value()->IsClosed().value());
}

TEST_F(RoundKeeperTest, FinishesAClosingThatWasCutShort) {
  const SampleRound round = host_.Import(host_.SampleManifest());
  ASSERT_OK(keeper_.Refresh());
  ASSERT_OK(Admit(host_.Frame(round, 1)));
  const auto root = board_.Get()->Find(round.id)->inbox->Close();
  ASSERT_OK(root);
  // Here the server died; the round is open on record. A new one starts.
  clock_.Set(round.manifest.plan.closes_at);
  PassTheClose();
  EXPECT_EQ(host_.OpenCatalogue()->FindRound(round.id).value()->inbox_root,
            *root);
}

TEST_F(RoundKeeperTest, NotesTheAgeOfInboxesOnceAMinuteAndAtTheEnd) {
  const SampleRound round = host_.Import(host_.SampleManifest());
  const auto noted = [&] {
    return host_.OpenCatalogue()->FindRound(round.id).value()->summary;
  };
  ASSERT_OK(keeper_.Refresh());
  ASSERT_OK(Admit(host_.Frame(round, 1)));
  ASSERT_OK(keeper_.Refresh());
  EXPECT_EQ(noted().inbox_commits, 0U);
  clock_.Set(InJanuary(15) + absl::Minutes(1));
  ASSERT_OK(keeper_.Refresh());
  EXPECT_EQ(noted().inbox_commits, 1U);
  ASSERT_OK(Admit(host_.Frame(round, 2)));
  ASSERT_OK(keeper_.NoteAges());
  EXPECT_EQ(noted().inbox_commits, 2U);
}

TEST_F(RoundKeeperTest, TakesNothingIntoAnOlderCopyOfAnInbox) {
  const SampleRound round = host_.Import(host_.SampleManifest());
  ASSERT_OK(host_.OpenCatalogue()->OpenRound(round.id));
  ASSERT_OK(host_.OpenInbox(round.id, /*may_create=*/true));
  ASSERT_OK(host_.OpenCatalogue()->NoteInboxCommits(round.id, 1));
  EXPECT_OK(keeper_.Refresh());
  EXPECT_THAT(OnBoard(round)->failure, HasReason(Reason::kInboxRolledBack));
  EXPECT_THAT(Admit(host_.Frame(round, 1)),
              HasReason(Reason::kStoreUnavailable));
}

TEST_F(RoundKeeperTest, NoticesThatACommandClosedARoundEarly) {
  const SampleRound round = host_.Import(host_.SampleManifest());
  ASSERT_OK(keeper_.Refresh());
  const auto command = host_.OpenInbox(round.id, /*may_create=*/false);
  const auto root = (*command)->Close();
  ASSERT_OK(root);
  // Closed in the file: at once, before anybody looks at the catalogue.
  EXPECT_THAT(Admit(host_.Frame(round, 1)), HasReason(Reason::kRoundClosed));
  ASSERT_OK(host_.OpenCatalogue()->CloseRound(
      round.id, round.manifest.plan.closes_at - absl::Hours(1), *root));
  ASSERT_OK(keeper_.Refresh());
  EXPECT_EQ(OnBoard(round)->summary.state, RoundState::kClosed);
  EXPECT_EQ(OnBoard(round)->inbox, nullptr);
}

TEST_F(RoundKeeperTest, NoticesReleasesAndErasures) {
  const SampleRound round = host_.Import(host_.SampleManifest());
  host_.ImportRelease(round);
  ASSERT_OK(keeper_.Refresh());
  EXPECT_EQ(OnBoard(round)->summary.state, RoundState::kPublished);
  ASSERT_OK(host_.OpenCatalogue()->MarkErased(round.id));
  ASSERT_OK(keeper_.Refresh());
  EXPECT_EQ(OnBoard(round)->summary.state, RoundState::kErased);
}

TEST_F(RoundKeeperTest, ServesTheOtherRoundsWhenOneInboxDoesNotOpen) {
  const SampleRound broken = host_.Import(host_.SampleManifest("broken"));
  const SampleRound sound = host_.Import(host_.SampleManifest("sound"));
  bool fails = true;
  RoundBoard board;
  RoundKeeper keeper(
      *catalogue_,
      [&](absl::string_view id,
          bool may_create) -> absl::StatusOr<std::unique_ptr<storage::Inbox>> {
        if (fails && id == broken.id) {
          return Refusal(Reason::kDiskFailed, "No.");
        }
        return host_.OpenInbox(id, may_create);
      },
      board, clock_, log_);
  EXPECT_OK(keeper.Refresh());
  EXPECT_THAT(board.Get()->Find(broken.id)->failure,
              HasReason(Reason::kDiskFailed));
  EXPECT_EQ(board.Get()->Find(broken.id)->inbox, nullptr);
  EXPECT_NE(board.Get()->Find(sound.id)->inbox, nullptr);

  fails = false;
  clock_.Advance(absl::Seconds(2));
  EXPECT_OK(keeper.Refresh());
  EXPECT_OK(board.Get()->Find(broken.id)->failure);
  EXPECT_NE(board.Get()->Find(broken.id)->inbox, nullptr);
  EXPECT_EQ(RecordedState(broken.id), RoundState::kOpen);
}

TEST_F(RoundKeeperTest, StaysOpenWhenTheClockJumpsAheadForAMoment) {
  const SampleRound round = host_.Import(host_.SampleManifest());
  ASSERT_OK(keeper_.Refresh());
  clock_.Jump(round.manifest.plan.closes_at + absl::Hours(1));
  ASSERT_OK(keeper_.Refresh());
  EXPECT_THAT(Admit(host_.Frame(round, 1)), HasReason(Reason::kRoundClosed));
  clock_.Advance(absl::Seconds(1));
  ASSERT_OK(keeper_.Refresh());
  clock_.Jump(InJanuary(15));
  ASSERT_OK(keeper_.Refresh());
  EXPECT_OK(Admit(host_.Frame(round, 1)));
  EXPECT_EQ(RecordedState(round.id), RoundState::kOpen);
}

TEST_F(RoundKeeperTest, DoesNotCloseByAClockFarAheadOfWhatHasPassed) {
  const SampleRound round = host_.Import(host_.SampleManifest());
  ASSERT_OK(keeper_.Refresh());
  clock_.Jump(round.manifest.plan.closes_at + absl::Hours(1));
  for (int minute = 0; minute < 60; ++minute) {
    ASSERT_OK(keeper_.Refresh());
    clock_.Advance(absl::Minutes(1));
  }
  EXPECT_EQ(RecordedState(round.id), RoundState::kOpen);
  clock_.Advance(kDoubtPatience);
  ASSERT_OK(keeper_.Refresh());
  EXPECT_EQ(RecordedState(round.id), RoundState::kClosed);
}

TEST_F(RoundKeeperTest, RemembersWhatTimeItWasWhenItStartsAgain) {
  const SampleRound round = host_.Import(host_.SampleManifest());
  ASSERT_OK(keeper_.Refresh());
  EXPECT_EQ(host_.OpenCatalogue()->FindNotedTime().value(), InJanuary(15));
  // Off, and on again with a clock that is weeks ahead.
  clock_.Jump(round.manifest.plan.closes_at + absl::Hours(1));
  RoundBoard board;
  RoundKeeper next(
      *catalogue_,
      [this](absl::string_view id, bool may_create) {
        return host_.OpenInbox(id, may_create);
      },
      board, clock_, log_);
  ASSERT_OK(next.Refresh());
  clock_.Advance(absl::Minutes(5));
  ASSERT_OK(next.Refresh());
  EXPECT_EQ(RecordedState(round.id), RoundState::kOpen);
}

TEST_F(RoundKeeperTest, TakesNothingIntoFilesThatWereMovedAway) {
  const SampleRound round = host_.Import(host_.SampleManifest());
  ASSERT_OK(keeper_.Refresh());
  ASSERT_OK(Admit(host_.Frame(round, 1)));
  const std::string inbox = host_.directory().inbox_path(round.id);
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::filesystem::rename(inbox + suffix, host_.File("moved") + suffix);
  }
  // At once, before anybody has looked.
  EXPECT_THAT(Admit(host_.Frame(round, 2)),
              HasReason(Reason::kStoreUnavailable));
  ASSERT_OK(keeper_.Refresh());
  EXPECT_THAT(OnBoard(round)->failure, HasReason(Reason::kDatabaseMissing));
  EXPECT_FALSE(std::filesystem::exists(inbox));

  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::filesystem::rename(host_.File("moved") + suffix, inbox + suffix);
  }
  clock_.Advance(absl::Seconds(2));
  ASSERT_OK(keeper_.Refresh());
  EXPECT_OK(Admit(host_.Frame(round, 2)));
}

TEST_F(RoundKeeperTest, TakesNothingIntoARoundThatIsSetAsideUntilItIsNot) {
  const SampleRound round = host_.Import(host_.SampleManifest());
  ASSERT_OK(keeper_.Refresh());
  ASSERT_OK(Admit(host_.Frame(round, 1)));
  ASSERT_OK(host_.OpenCatalogue()->SetAside(round.id, true));
  ASSERT_OK(keeper_.Refresh());
  EXPECT_THAT(Admit(host_.Frame(round, 2)), HasReason(Reason::kRoundSetAside));
  clock_.Set(round.manifest.plan.closes_at);
  PassTheClose();
  EXPECT_EQ(RecordedState(round.id), RoundState::kOpen);

  clock_.Set(InJanuary(20));
  ASSERT_OK(host_.OpenCatalogue()->SetAside(round.id, false));
  ASSERT_OK(keeper_.Refresh());
  EXPECT_OK(Admit(host_.Frame(round, 2)));
  EXPECT_EQ(*OnBoard(round)->inbox->CountFrames(), 2U);
}

TEST_F(RoundKeeperTest, TakesNothingIntoARoundThatWasCalledOff) {
  const SampleRound round = host_.Import(host_.SampleManifest());
  ASSERT_OK(keeper_.Refresh());
  ASSERT_OK(Admit(host_.Frame(round, 1)));
  ASSERT_OK(host_.OpenCatalogue()->ImportCancellation(round.id, {"off", {}}));
  ASSERT_OK(keeper_.Refresh());
  EXPECT_THAT(Admit(host_.Frame(round, 2)), HasReason(Reason::kRoundCancelled));
  // What it lets go of can be erased.
  EXPECT_EQ(OnBoard(round)->inbox, nullptr);
  clock_.Set(round.manifest.plan.closes_at);
  PassTheClose();
  EXPECT_EQ(RecordedState(round.id), RoundState::kCancelled);
  EXPECT_THAT(Admit(host_.Frame(round, 2)), HasReason(Reason::kRoundCancelled));
}

// A command may erase between the look at the catalogue and that at the inbox.
TEST_F(RoundKeeperTest, MakesNoInboxAnewForARoundThatMayHaveBeenCalledOff) {
  const SampleRound round = host_.Import(host_.SampleManifest());
  clock_.Set(round.manifest.plan.opens_at - absl::Hours(1));
  ASSERT_OK(keeper_.Refresh());
  const std::string inbox = host_.directory().inbox_path(round.id);
  ASSERT_TRUE(std::filesystem::remove(inbox));
  ASSERT_OK(keeper_.Refresh());
  EXPECT_FALSE(std::filesystem::exists(inbox));
}

TEST_F(RoundKeeperTest, KeepsTheBoardAsItIsWhenNothingHappens) {
  host_.Import(host_.SampleManifest());
  ASSERT_OK(keeper_.Refresh());
  ASSERT_OK(keeper_.Refresh());
  const auto table = board_.Get();
  ASSERT_OK(keeper_.Refresh());
  EXPECT_EQ(board_.Get(), table);
}

// One signature of the round's rules holds, and one does not: no client would
// answer under them.
TEST_F(RoundKeeperTest, TakesNothingUnderRulesThatAreNotSignedAsTheyShouldBe) {
  const SampleRound good = host_.Import(host_.SampleManifest());
  SampleRound mixed;
  mixed.manifest = host_.SampleManifest("2026-q2");
  const std::string bytes = WriteManifest(mixed.manifest);
  mixed.id = RoundIdOf(mixed.manifest.plan);
  mixed.hash = artefacts::HashOfManifest(bytes);
  storage::SignedBytes stored = host_.Sign(kManifestSignatureLabel, bytes);
  stored.signatures.push_back(
      {crypto::SigningKey::Generate(host_.random()).verify_key(),
       stored.signatures.front().signature});
  ASSERT_OK(
      host_.OpenCatalogue()->ImportRound(stored, mixed.manifest, mixed.hash));
  ASSERT_OK(keeper_.Refresh());
  ASSERT_NE(OnBoard(mixed), nullptr);
  EXPECT_THAT(OnBoard(mixed)->failure,
              HasReason(Reason::kStewardSignatureRefused));
  EXPECT_EQ(OnBoard(mixed)->inbox, nullptr);
  // The others are served.
  ASSERT_NE(OnBoard(good), nullptr);
  EXPECT_NE(OnBoard(good)->inbox, nullptr);
}

}  // namespace
}  // namespace commonwage::server::collector
