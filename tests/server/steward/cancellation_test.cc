// SPDX-License-Identifier: Apache-2.0
#include "server/steward/cancellation.h"

#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "artefacts/signed_cancellation.h"
#include "artefacts/signed_manifest.h"
#include "artefacts/signed_release.h"
#include "server/steward/round_creation.h"
#include "server/steward/survey_delta.h"
#include "survey/issuer_key_file.h"
#include "tests/server/steward/vault_round.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::steward {
namespace {

using testing::HasReason;
using testing::VaultRound;

absl::Status Yes(const storage::VaultRound& /*round*/) {
  return absl::OkStatus();
}

absl::Status NobodyAsks(const storage::VaultRound& /*round*/) {
  ADD_FAILURE() << "asked";
  return absl::CancelledError("asked");
}

class CancellationTest : public ::testing::Test {
 protected:
  absl::StatusOr<CalledOff> Cancel(
      absl::Status (*confirm)(const storage::VaultRound&) = Yes) {
    return CancelRound(round_.vault(), round_.created().round_id, confirm,
                       round_.random());
  }

  VaultRound round_;
};

TEST_F(CancellationTest, IsSignedByTheSurveysKeyForThisManifest) {
  const auto called_off = Cancel();
  ASSERT_OK(called_off);
  EXPECT_EQ(called_off->report.micro_rho(), 285'000);
  EXPECT_EQ(called_off->report.left_micro_rho(), 1'600'000);
  EXPECT_FALSE(called_off->report.done_before());
  const auto read =
      artefacts::ReadSignedCancellation(called_off->file.SerializeAsString());
  ASSERT_OK(read);
  EXPECT_EQ(read->manifest.hash, round_.hash());
  EXPECT_EQ(read->signers.front(), round_.created().survey_key);
}

TEST_F(CancellationTest, RepeatingGivesTheSameFileAndAsksNobody) {
  const std::string first = Cancel()->file.SerializeAsString();
  const auto again = Cancel(NobodyAsks);
  ASSERT_OK(again);
  EXPECT_TRUE(again->report.done_before());
  EXPECT_EQ(again->file.SerializeAsString(), first);
}

TEST_F(CancellationTest, WhoSaysNoHasChangedNothing) {
  EXPECT_FALSE(Cancel([](const storage::VaultRound&) {
                 return absl::CancelledError("no");
               }).ok());
  EXPECT_OK(round_.Publish(round_.Inbox(round_.Frames(3))));
}

// Nobody could be asked, since nobody knows what would be called off.
TEST_F(CancellationTest, AKeyThatCannotBeReadIsNotDestroyedWithoutAQuestion) {
  const std::string shred = round_.shred_path();
  std::filesystem::rename(shred, shred + ".away");
  EXPECT_FALSE(Cancel(NobodyAsks).ok());
  std::filesystem::rename(shred + ".away", shred);
  EXPECT_OK(round_.Publish(round_.Inbox(round_.Frames(3))));
}

TEST_F(CancellationTest, TheVaultPublishesItNoMore) {
  ASSERT_OK(Cancel());
  EXPECT_THAT(round_.Publish(round_.Inbox(round_.Frames(3))),
              HasReason(Reason::kRoundCancelled));
  EXPECT_EQ(DeltaOf(round_.vault(), "couriers")->total, 0);
}

// The name is never used again; the round's cap stays promised.
TEST_F(CancellationTest, TheSameNameIsNotMadeAnew) {
  ASSERT_OK(Cancel());
  round_.clock().Set(testing::BeforeOpening());
  EXPECT_THAT(CreateRound(round_.vault(), {.plan = testing::SamplePlan()},
                          round_.clock(), round_.random()),
              HasReason(Reason::kRoundExists));
  RoundTerms raised{.plan = testing::SamplePlan()};
  raised.plan.round = "2026-q2";
  raised.plan.opens_at += absl::Hours(24);
  raised.plan.survey_cap_micro_rho += 1;
  EXPECT_THAT(
      CreateRound(round_.vault(), raised, round_.clock(), round_.random()),
      HasReason(Reason::kPrivacyCapRaised));
}

TEST_F(CancellationTest, WhatIsPublishedIsNotCalledOff) {
  ASSERT_OK(round_.Publish(round_.Inbox(round_.Frames(3))));
  EXPECT_THAT(Cancel(NobodyAsks), HasReason(Reason::kRoundPublished));
}

TEST_F(CancellationTest, AnotherVaultsRoundIsUnknown) {
  EXPECT_THAT(
      CancelRound(round_.vault(), "couriers.2031", NobodyAsks, round_.random()),
      HasReason(Reason::kUnknownRound));
}

TEST_F(CancellationTest, ADamagedOrForgedFileIsRefused) {
  const v1::SignedCancellation good = Cancel()->file;
  const auto reason_of = [](const v1::SignedCancellation& file) {
    return artefacts::ReadSignedCancellation(file.SerializeAsString());
  };
  v1::SignedCancellation forged = good;
  forged.clear_signatures();
  EXPECT_THAT(reason_of(forged), HasReason(Reason::kStewardSignatureRefused));
  forged = good;
  forged.mutable_cancellation()->back() ^= 1;
  EXPECT_THAT(reason_of(forged), HasReason(Reason::kStewardSignatureRefused));
  forged = good;
  forged.clear_cancellation();
  EXPECT_THAT(reason_of(forged), HasReason(Reason::kCancellationFileMalformed));
  // Of another round of the same survey, under this one's manifest.
  RoundTerms next{.plan = testing::SamplePlan()};
  next.plan.round = "2026-q2";
  round_.clock().Set(testing::BeforeOpening());
  const auto other =
      CreateRound(round_.vault(), next, round_.clock(), round_.random());
  ASSERT_OK(other);
  forged = good;
  *forged.mutable_manifest() = other->file;
  EXPECT_THAT(reason_of(forged),
              HasReason(Reason::kCancellationOfAnotherManifest));
  // A manifest or a release is no cancellation, nor the other way round.
  EXPECT_THAT(
      artefacts::ReadSignedCancellation(other->file.SerializeAsString()),
      HasReason(Reason::kCancellationFileMalformed));
  EXPECT_FALSE(artefacts::ReadSignedManifest(good.SerializeAsString()).ok());
  EXPECT_FALSE(artefacts::ReadSignedRelease(good.SerializeAsString()).ok());
}

TEST(IssuerKeyForTest, AnotherRoundsKeyIsRefused) {
  const std::string file =
      WriteIssuerKeyFile({"couriers.2026-q1", std::string(294, '\x30')});
  EXPECT_EQ(*IssuerKeyFor(file, "couriers.2026-q1"), std::string(294, '\x30'));
  EXPECT_THAT(IssuerKeyFor(file, "couriers.2026-q2"),
              HasReason(Reason::kIssuerKeyOfAnotherRound));
  EXPECT_THAT(IssuerKeyFor(std::string(294, '\x30'), "couriers.2026-q1"),
              HasReason(Reason::kIssuerKeyFileMalformed));
}

}  // namespace
}  // namespace commonwage::server::steward
