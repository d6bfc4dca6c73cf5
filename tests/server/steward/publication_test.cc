// SPDX-License-Identifier: Apache-2.0
#include "server/steward/publication.h"

#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "artefacts/artefact_hash.h"
#include "artefacts/signed_manifest.h"
#include "artefacts/signed_release.h"
#include "crypto/opening/opening_key.h"
#include "crypto/spoken_digest.h"
#include "server/command/stored_files.h"
#include "survey/domain_labels.h"
#include "survey/release.h"
#include "tests/server/steward/vault_round.h"
#include "tests/testing/sign_files.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::steward {
namespace {

using testing::FrameDraft;
using testing::HasReason;
using testing::VaultRound;

Release ReleaseIn(const Publication& publication) {
  return *ParseRelease(publication.file.release());
}

TEST(PublicationTest, ReleasesTheCellsWithEnoughWorkersAndNoOthers) {
  VaultRound round;
  const auto published = round.Publish(round.Inbox(round.Frames(200)));
  ASSERT_OK(published);
  EXPECT_EQ(published->report.counted(), 200);
  EXPECT_EQ(published->report.dropped(), 0);
  const Release release = ReleaseIn(*published);
  ASSERT_EQ(release.marginals.size(), 2U);
  // Noise of the first marginal's root has standard deviation 3.2.
  const ReleasedMarginal& platform = release.marginals[0];
  ASSERT_TRUE(platform.cells[0].has_value());
  EXPECT_NEAR(static_cast<double>(platform.cells[0]->front()), 200.0, 40.0);
  for (size_t cell = 1; cell < platform.cells.size(); ++cell) {
    EXPECT_FALSE(platform.cells[cell].has_value()) << cell;
  }
  EXPECT_FALSE(release.closed_early);
}

TEST(PublicationTest, SignsWithTheSurveyKeyAndBringsTheManifestAlong) {
  VaultRound round;
  const auto published = round.Publish(round.Inbox(round.Frames(3)));
  ASSERT_OK(published);
  const auto checked =
      artefacts::ReadSignedRelease(published->file.SerializeAsString());
  ASSERT_OK(checked);
  EXPECT_THAT(checked->signers,
              ::testing::ElementsAre(round.created().survey_key));
  EXPECT_EQ(checked->manifest.hash, round.hash());
}

TEST(PublicationTest, ChargesTheLedgerOnceAndDestroysTheRoundKey) {
  VaultRound round;
  ASSERT_OK(round.vault().OpeningKeyOf("couriers.2026-q1"));
  const auto published = round.Publish(round.Inbox({}));
  ASSERT_OK(published);
  EXPECT_GT(published->report.micro_rho(), 0);
  EXPECT_EQ(published->report.spent_micro_rho(), published->report.micro_rho());
  EXPECT_THAT(round.vault().OpeningKeyOf("couriers.2026-q1"),
              HasReason(Reason::kRoundKeyDestroyed));
}

TEST(PublicationTest, DropsAndCountsWhatAHostileClientSealed) {
  VaultRound round;
  std::vector<std::string> frames = round.Frames(4);
  // A value that is in no list.
  frames.push_back(round.Frame({{99, 0}, {1250}}));
  // Bytes that are no answer.
  FrameDraft noise = round.Draft();
  noise.plaintext = std::string(kAnswerSize, '\x5a');
  frames.push_back(noise.Build(round.manifest(), round.random()));
  // Another round's key.
  FrameDraft foreign = round.Draft();
  foreign.header.round_key_id = RoundKeyId();
  frames.push_back(foreign.Build(round.manifest(), round.random()));
  // A broken seal.
  frames.push_back(round.Frame());
  frames.back()[400] ^= 1;
  const auto published = round.Publish(round.Inbox(frames));
  ASSERT_OK(published);
  EXPECT_EQ(published->report.counted(), 4);
  EXPECT_EQ(published->report.dropped(), 4);
}

TEST(PublicationTest, DropsAnAnswerThatWasMovedUnderAnotherHeader) {
  VaultRound round;
  const std::string mine = round.Frame();
  const std::string yours = round.Frame();
  const std::string moved =
      yours.substr(0, kFrameHeadSize) + mine.substr(kFrameHeadSize);
  const auto published = round.Publish(round.Inbox({mine, moved}));
  ASSERT_OK(published);
  EXPECT_EQ(published->report.counted(), 1);
  EXPECT_EQ(published->report.dropped(), 1);
}

TEST(PublicationTest, ClampsPayOutsideTheGridIntoItsEnds) {
  VaultRound round;
  const auto published = round.Publish(round.Inbox(
      {round.Frame({{0, 0}, {0}}), round.Frame({{0, 0}, {100'000'000}})}));
  ASSERT_OK(published);
  EXPECT_EQ(published->report.counted(), 2);
}

TEST(PublicationTest, RefusesBeforeTheCloseAndSpendsNothing) {
  VaultRound round;
  const std::string inbox = round.Inbox(round.Frames(2));
  round.clock().Set(testing::DuringRound());
  EXPECT_THAT(round.Publish(inbox), HasReason(Reason::kRoundNotClosed));
  EXPECT_EQ((*round.vault().BalanceOf("couriers"))->spent, 0);
  round.clock().Set(testing::AfterClose());
  EXPECT_OK(round.Publish(inbox));
}

TEST(PublicationTest, PublishesARoundClosedEarlyAndSaysSo) {
  VaultRound round;
  round.clock().Set(testing::DuringRound());
  const auto published =
      round.Publish(round.Inbox(round.Frames(2), /*closed_early=*/true));
  ASSERT_OK(published);
  EXPECT_TRUE(ReleaseIn(*published).closed_early);
}

TEST(PublicationTest, AsksAboutAnEarlyCloseBeforeAnythingIsOpened) {
  VaultRound round;
  const std::string inbox = round.Inbox(round.Frames(2), /*closed_early=*/true);
  PublicationOptions options;
  bool opened = false;
  options.progress = [&opened](uint64_t, uint64_t) { opened = true; };
  std::vector<EarlyClose> asked;
  options.confirm_early_close = [&asked](const EarlyClose& early) {
    asked.push_back(early);
    return absl::CancelledError("no");
  };
  EXPECT_THAT(round.Publish(inbox, options),
              testing::StatusIs(absl::StatusCode::kCancelled));
  EXPECT_FALSE(opened);
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].round_id, "couriers.2026-q1");
  EXPECT_EQ(asked[0].closed_at, testing::DuringRound());
  EXPECT_EQ(asked[0].closes_at, testing::SamplePlan().closes_at);
  EXPECT_EQ((*round.vault().BalanceOf("couriers"))->spent, 0);
  // What is published already is given again, and a round that was not closed
  // early is nobody's question.
  EXPECT_OK(round.Publish(inbox));
  EXPECT_OK(round.Publish(inbox, options));
  VaultRound other;
  EXPECT_OK(other.Publish(other.Inbox({}), options));
  EXPECT_EQ(asked.size(), 1U);
}

TEST(PublicationTest, NothingIsPublishedUnasked) {
  VaultRound round;
  for (const bool early : {false, true}) {
    const std::string inbox = round.Inbox({}, early);
    PublicationOptions options;
    const auto publish = [&] {
      return PublishRound(
          round.vault(),
          [&inbox]() -> absl::StatusOr<InboxSource> {
            return testing::SourceOf(inbox);
          },
          round.clock(), round.random(), options);
    };
    EXPECT_THAT(publish(), HasReason(Reason::kNotConfirmed));
    options.confirm_inbox = [](const InboxFacts&) { return absl::OkStatus(); };
    if (early) {
      EXPECT_THAT(publish(), HasReason(Reason::kNotConfirmed));
    }
  }
  EXPECT_EQ((*round.vault().BalanceOf("couriers"))->spent, 0);
}

TEST(PublicationTest, AsksAboutTheInboxBeforeAnythingIsOpened) {
  VaultRound round;
  const std::string inbox = round.Inbox(round.Frames(3));
  PublicationOptions options;
  bool opened = false;
  options.progress = [&opened](uint64_t, uint64_t) { opened = true; };
  std::vector<InboxFacts> asked;
  options.confirm_inbox = [&asked](const InboxFacts& facts) {
    asked.push_back(facts);
    return absl::CancelledError("no");
  };
  EXPECT_THAT(round.Publish(inbox, options),
              testing::StatusIs(absl::StatusCode::kCancelled));
  EXPECT_FALSE(opened);
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].round_id, "couriers.2026-q1");
  EXPECT_EQ(asked[0].submissions, 3U);
  EXPECT_EQ(crypto::SpokenDigest(asked[0].digest),
            testing::WordsOfInbox(inbox));
  EXPECT_OK(round.vault().OpeningKeyOf("couriers.2026-q1"));

  // Nobody is asked about what the operator has not signed.
  EXPECT_FALSE(round.Publish(inbox.substr(0, inbox.size() - 1), options).ok());
  EXPECT_EQ(asked.size(), 1U);
  // Said yes, and then the file was another one.
  std::string now = inbox;
  const std::string other = round.Inbox(round.Frames(2));
  options.confirm_inbox = [&](const InboxFacts&) {
    now = other;
    return absl::OkStatus();
  };
  EXPECT_THAT(round.Publish(now, options), HasReason(Reason::kInboxMalformed));
  EXPECT_EQ((*round.vault().BalanceOf("couriers"))->spent, 0);
  EXPECT_OK(round.Publish(inbox));
}

TEST(PublicationTest, NamesTheInboxThatWasCounted) {
  VaultRound round;
  const std::string inbox = round.Inbox(round.Frames(3));
  const auto published = round.Publish(inbox);
  ASSERT_OK(published);
  EXPECT_EQ(published->report.inbox_words(), testing::WordsOfInbox(inbox));
  const auto checked =
      artefacts::ReadSignedRelease(published->file.SerializeAsString());
  ASSERT_OK(checked);
  EXPECT_EQ(checked->inbox_digest,
            inbox.substr(inbox.size() - kInboxTrailerSize, kInboxDigestSize));
}

TEST(PublicationTest, RefusesAnEarlyCloseAfterTheClosingTime) {
  VaultRound round;
  EXPECT_THAT(round.Publish(testing::SealedInbox(
                  round.hash(), {}, testing::SamplePlan().closes_at)),
              HasReason(Reason::kInboxMalformed));
}

TEST(PublicationTest, RefusesAnInboxThatIsCutShortAnywhere) {
  VaultRound round;
  const std::string inbox = round.Inbox(round.Frames(3));
  for (const size_t length :
       {size_t{0}, size_t{10}, kInboxHeaderSize, kInboxHeaderSize + kFrameSize,
        inbox.size() - kInboxTrailerSize, inbox.size() - 1}) {
    EXPECT_THAT(round.Publish(inbox.substr(0, length)),
                HasReason(Reason::kInboxMalformed))
        << length;
  }
  EXPECT_THAT(round.Publish(inbox + "x"), HasReason(Reason::kInboxMalformed));
  EXPECT_EQ((*round.vault().BalanceOf("couriers"))->spent, 0);
  EXPECT_OK(round.Publish(inbox));
}

TEST(PublicationTest, RefusesAnInboxWithAnyByteChanged) {
  VaultRound round;
  const std::string inbox = round.Inbox(round.Frames(1));
  for (size_t at = 0; at < inbox.size(); at += 7) {
    std::string changed = inbox;
    changed[at] ^= 0x10;
    EXPECT_FALSE(round.Publish(changed).ok()) << at;
  }
  EXPECT_OK(round.Publish(inbox));
}

TEST(PublicationTest, RefusesTheInboxOfARoundThatItDidNotMake) {
  VaultRound round;
  VaultRound other;
  EXPECT_THAT(round.Publish(other.Inbox(other.Frames(2))),
              HasReason(Reason::kInboxOfUnknownRound));
}

TEST(PublicationTest, RefusesFramesOfAnotherRoundUnderItsOwnHeader) {
  VaultRound round;
  VaultRound other;
  std::string inbox = other.Inbox(other.Frames(2));
  const std::string own = round.Inbox({});
  // Everything of the header but the number of frames.
  inbox.replace(0, kInboxHeaderSize - 8, own, 0, kInboxHeaderSize - 8);
  EXPECT_THAT(round.Publish(inbox), HasReason(Reason::kInboxMalformed));
  EXPECT_OK(round.Publish(own));
}

TEST(PublicationTest, GivesTheSameReleaseAgainWithoutOpeningAnything) {
  VaultRound round;
  const std::string inbox = round.Inbox(round.Frames(100));
  const auto first = round.Publish(inbox);
  ASSERT_OK(first);
  EXPECT_FALSE(first->report.repeated_release());
  PublicationOptions options;
  bool opened = false;
  options.progress = [&opened](uint64_t, uint64_t) { opened = true; };
  // Not even another inbox of the round, or the rest of the file, matters.
  for (const std::string& again :
       {inbox, round.Inbox(round.Frames(5)), inbox.substr(0, 100)}) {
    const auto second = round.Publish(again, options);
    ASSERT_OK(second);
    EXPECT_TRUE(second->report.repeated_release());
    EXPECT_EQ(second->file.SerializeAsString(),
              first->file.SerializeAsString());
  }
  EXPECT_FALSE(opened);
  EXPECT_EQ((*round.vault().BalanceOf("couriers"))->spent,
            first->report.micro_rho());
}

TEST(PublicationTest, TwoPublishersAtOnceMakeOneRelease) {
  VaultRound round;
  const std::string inbox = round.Inbox(round.Frames(60));
  std::vector<std::string> files(4);
  std::vector<int> repeated(files.size());
  {
    std::vector<std::jthread> publishers;
    for (size_t i = 0; i < files.size(); ++i) {
      publishers.emplace_back([&, i] {
        storage::Vault vault = round.OpenAgain();
        const auto published = round.PublishWith(vault, inbox);
        ASSERT_OK(published);
        files[i] = published->file.SerializeAsString();
        repeated[i] = published->report.repeated_release() ? 1 : 0;
      });
    }
  }
  EXPECT_THAT(files, ::testing::Each(files.front()));
  EXPECT_THAT(repeated, ::testing::UnorderedElementsAre(0, 1, 1, 1));
}

TEST(PublicationTest, ShowsProgressUpToTheEnd) {
  VaultRound round;
  PublicationOptions options;
  std::vector<uint64_t> shown;
  options.progress = [&shown](uint64_t done, uint64_t total) {
    EXPECT_EQ(total, 600U);
    shown.push_back(done);
  };
  ASSERT_OK(round.Publish(round.Inbox(round.Frames(600)), options));
  EXPECT_THAT(shown, ::testing::ElementsAre(0, 512, 600));
}

// One signature of the round's rules holds, and one does not.
TEST(PublicationTest, OpensNothingUnderRulesThatNoReaderTakes) {
  VaultRound round;
  Manifest manifest = round.manifest();
  manifest.plan.round = "2026-q2";
  const auto survey_key =
      round.vault().SigningKeyOf(manifest.plan.survey, round.random());
  ASSERT_OK(survey_key);
  v1::SignedManifest file =
      artefacts::SignManifest(WriteManifest(manifest), *survey_key);
  testing::AddBadSignature(file, crypto::SigningKey::Generate(round.random()),
                           kManifestSignatureLabel, file.manifest());
  const ManifestHash hash = artefacts::HashOfManifest(file.manifest());
  const auto opening_key =
      crypto::opening::OpeningKey::Generate(round.random());
  ASSERT_OK(round.vault().CreateRound({.id = RoundIdOf(manifest.plan),
                                       .survey = manifest.plan.survey,
                                       .manifest = *StoredFormOf(file),
                                       .manifest_hash = hash,
                                       .loss_micro_rho = 1,
                                       .cap_micro_rho = 1'600'000},
                                      opening_key.Expose()));
  EXPECT_THAT(round.Publish(testing::SealedInbox(hash, {}, std::nullopt,
                                                 testing::TestOperatorKey())),
              HasReason(Reason::kStewardSignatureRefused));
  EXPECT_OK(round.vault().OpeningKeyOf(RoundIdOf(manifest.plan)));
}

}  // namespace
}  // namespace commonwage::server::steward
