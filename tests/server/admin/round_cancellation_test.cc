// SPDX-License-Identifier: Apache-2.0
#include "server/admin/round_cancellation.h"

#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/admin/inbox_export.h"
#include "server/admin/round_life.h"
#include "server/steward/cancellation.h"
#include "storage/catalogue/catalogue.h"
#include "storage/keyring.h"
#include "survey/domain_labels.h"
#include "tests/server/admin/host_directory.h"
#include "tests/server/steward/vault_round.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/sign_files.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::admin {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using testing::VaultRound;

constexpr char kRound[] = "couriers.2026-q1";

class RoundCancellationTest : public ::testing::Test {
 protected:
  void SetUp() override {
    AdminHost host = online_.Open();
    ASSERT_OK(ImportRound(host, round_.created().file.SerializeAsString(), ""));
    testing::StoreAll(host, kRound, round_.Frames(3));
  }

  std::string Cancellation(VaultRound& round) {
    return steward::CancelRound(
               round.vault(), kRound,
               [](const storage::VaultRound&) { return absl::OkStatus(); },
               round.random())
        ->file.SerializeAsString();
  }

  absl::StatusOr<StepResult> Import(const std::string& file) {
    AdminHost host = online_.Open();
    return ImportCancellation(host, file);
  }

  v1::RoundStatusReport Status() {
    AdminHost host = online_.Open();
    return (*RoundStatus(host, kRound, round_.clock()))[0];
  }

  bool IsErased() {
    AdminHost host = online_.Open();
    return !host.keyring().Find(storage::kInboxKey, kRound)->has_value() &&
           !std::filesystem::exists(host.directory().inbox_path(kRound));
  }

  testing::HostDirectory online_;
  VaultRound round_{{.plan = testing::SamplePlan()},
                    *online_.Open().ReceiptKey()};
};

TEST_F(RoundCancellationTest, ErasesWhatWasAnsweredAndSaysSo) {
  const auto done = Import(Cancellation(round_));
  ASSERT_OK(done);
  EXPECT_FALSE(done->repeated);
  EXPECT_TRUE(IsErased());
  EXPECT_EQ(Status().state(), v1::ROUND_STATE_CANCELLED);
  EXPECT_THAT(Status().next_step(), HasSubstr("it was called off"));
  const auto again = Import(Cancellation(round_));
  ASSERT_OK(again);
  EXPECT_TRUE(again->repeated);
}

TEST_F(RoundCancellationTest, NothingElseHappensToTheRoundAfterwards) {
  ASSERT_OK(Import(Cancellation(round_)));
  AdminHost host = online_.Open();
  EXPECT_THAT(CloseRound(host, kRound, true, round_.clock()),
              HasReason(Reason::kRoundCancelled));
  EXPECT_THAT(ExportInbox(
                  host, kRound,
                  [](absl::string_view) { return absl::OkStatus(); }, nullptr),
              HasReason(Reason::kRoundCancelled));
  EXPECT_THAT(SetRoundAside(host, kRound, false),
              HasReason(Reason::kRoundCancelled));
  // Nor does its manifest bring it back.
  ASSERT_OK(ImportRound(host, round_.created().file.SerializeAsString(), ""));
  EXPECT_FALSE(std::filesystem::exists(host.directory().inbox_path(kRound)));
}

TEST_F(RoundCancellationTest, ARoundThatIsSetAsideAndDamagedIsCalledOffToo) {
  {
    AdminHost host = online_.Open();
    ASSERT_OK(SetRoundAside(host, kRound, false));
    std::filesystem::remove(host.directory().inbox_path(kRound));
  }
  ASSERT_OK(Import(Cancellation(round_)));
  EXPECT_TRUE(IsErased());
  EXPECT_FALSE(Status().set_aside());
  EXPECT_EQ(Status().damage(), "");
}

TEST_F(RoundCancellationTest, ACrashBeforeTheErasureIsFinishedByTheNextRun) {
  {
    AdminHost host = online_.Open();
    ASSERT_OK(host.catalogue().ImportCancellation(kRound, {"off", {}}));
  }
  EXPECT_THAT(Status().next_step(), HasSubstr("import again"));
  const auto done = Import(Cancellation(round_));
  ASSERT_OK(done);
  EXPECT_FALSE(done->repeated);
  EXPECT_TRUE(IsErased());
}

TEST_F(RoundCancellationTest, OnlyTheSurveysKeyCallsOffThisVeryManifest) {
  VaultRound stranger({.plan = testing::SamplePlan()},
                      *online_.Open().ReceiptKey());
  EXPECT_THAT(Import(Cancellation(stranger)),
              HasReason(Reason::kCancellationOfAnotherManifest));
  v1::SignedCancellation forged;
  ASSERT_TRUE(forged.ParseFromString(Cancellation(stranger)));
  *forged.mutable_manifest() = round_.created().file;
  EXPECT_THAT(Import(forged.SerializeAsString()),
              HasReason(Reason::kStewardSignatureRefused));
  EXPECT_THAT(Import("zanzibar"),
              HasReason(Reason::kCancellationFileMalformed));
  // The survey's key's word, and beside it a signature that does not hold.
  v1::SignedCancellation mixed;
  ASSERT_TRUE(mixed.ParseFromString(Cancellation(round_)));
  testing::AddBadSignature(mixed, crypto::SigningKey::Generate(round_.random()),
                           kCancellationSignatureLabel, mixed.cancellation());
  EXPECT_THAT(Import(mixed.SerializeAsString()),
              HasReason(Reason::kStewardSignatureRefused));
  EXPECT_FALSE(IsErased());
  EXPECT_EQ(Status().state(), v1::ROUND_STATE_OPEN);
}

TEST_F(RoundCancellationTest, WhatWasNeverImportedIsNotCalledOff) {
  testing::HostDirectory empty;
  AdminHost host = empty.Open();
  EXPECT_THAT(ImportCancellation(host, Cancellation(round_)),
              HasReason(Reason::kUnknownRound));
}

// What a restored vault would make: it releases what was called off.
TEST_F(RoundCancellationTest, AReleaseBeatsItInEitherOrder) {
  const std::string release =
      round_.Publish(round_.Inbox(round_.Frames(3)))->file.SerializeAsString();
  AdminHost host = online_.Open();
  ASSERT_OK(host.catalogue().ImportCancellation(kRound, {"off", {}}));
  const auto imported = ImportRelease(host, release);
  ASSERT_OK(imported);
  EXPECT_TRUE(imported->beat_cancellation);
  EXPECT_EQ((*host.catalogue().FindRound(kRound))->summary.state,
            RoundState::kErased);
  EXPECT_THAT(host.catalogue().ImportCancellation(kRound, {"off", {}}),
              HasReason(Reason::kReleaseExists));
}

// The account: a round that was called off makes room for another.
TEST_F(RoundCancellationTest, ItsLossIsFreeForAnotherRound) {
  steward::RoundTerms next{.plan = testing::SamplePlan()};
  next.operator_key = online_.Open().ReceiptKey()->verify_key();
  next.plan.round = "2026-q2";
  next.plan.opens_at += absl::Hours(1);
  // Room for one round of 285,000, not for two.
  next.plan.survey_cap_micro_rho = 300'000;
  const std::string cancellation = Cancellation(round_);
  round_.clock().Set(testing::BeforeOpening());
  const auto made = steward::CreateRound(round_.vault(), next, round_.clock(),
                                         round_.random());
  ASSERT_OK(made);
  const std::string manifest = made->file.SerializeAsString();
  AdminHost host = online_.Open();
  const auto before = ImportRound(host, manifest, "");
  EXPECT_THAT(before, HasReason(Reason::kPrivacyCapExceeded));
  EXPECT_THAT(std::string(before.status().message()),
              HasSubstr("import its cancellation"));
  ASSERT_OK(ImportCancellation(host, cancellation));
  EXPECT_OK(ImportRound(host, manifest, ""));
}

}  // namespace
}  // namespace commonwage::server::admin
