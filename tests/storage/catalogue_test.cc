// SPDX-License-Identifier: Apache-2.0
#include "storage/catalogue/catalogue.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/statement.h"
#include "survey/plan/plan_json.h"
#include "tests/storage/sample_submission.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::storage {
namespace {

using testing::HasReason;
using testing::SampleBytes;
using testing::SampleKey;
using testing::StatusIs;

// A round that somebody signed; a store does not ask who.
struct SignedRound {
  Manifest parsed;
  SignedBytes bytes;
  ManifestHash hash;
};

DetachedSignature SampleSignature(uint64_t key) {
  return {*crypto::VerifyKey::From(SampleBytes(key, 32)),
          *crypto::Signature::From(SampleBytes(key + 1, 64))};
}

SignedRound MakeRound(const std::string& survey, const std::string& round,
                      uint64_t key = 1) {
  SignedRound made;
  made.parsed.plan = ParsePlan(testing::SamplePlanJson()).value();
  made.parsed.plan.survey = survey;
  made.parsed.plan.round = round;
  made.bytes.bytes = "manifest of " + RoundIdOf(made.parsed.plan);
  made.bytes.signatures = {SampleSignature(key), SampleSignature(77)};
  made.hash =
      *ManifestHash::From(crypto::Sha256("test", made.bytes.bytes).view());
  return made;
}

class CatalogueTest : public ::testing::Test {
 protected:
  CatalogueTest() { Reopen(); }

  void Reopen() {
    catalogue_.reset();
    catalogue_ = OpenAnother();
  }
  std::unique_ptr<Catalogue> OpenAnother() {
    OpenOptions options;
    options.create = true;
    return Catalogue::Open(directory_.File("catalogue.db"), SampleKey(1),
                           options)
        .value();
  }
  absl::Status Import(const SignedRound& round) {
    return catalogue_->ImportRound(round.bytes, round.parsed, round.hash);
  }
  RoundState StateOf(const std::string& round_id) {
    return catalogue_->FindRound(round_id).value()->summary.state;
  }

  testing::TempDirectory directory_;
  std::unique_ptr<Catalogue> catalogue_;
  const SignedRound round_ = MakeRound("pay", "2026");
  const InboxRoot root_ = *InboxRoot::From(SampleBytes(5, 32));
  const SignedBytes release_ = {"the release", {SampleSignature(1)}};
};

TEST_F(CatalogueTest, GivesBackAManifestExactlyAsItCame) {
  ASSERT_OK(Import(round_));
  Reopen();
  const std::optional<StoredRound> found =
      catalogue_->FindRound("pay.2026").value();
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->manifest, round_.bytes);
  EXPECT_EQ(found->summary.manifest_hash, round_.hash);
  EXPECT_EQ(found->summary.survey, "pay");
  EXPECT_EQ(found->summary.state, RoundState::kCreated);
  EXPECT_FALSE(found->summary.closed_early);
  EXPECT_EQ(found->summary.opens_at, round_.parsed.plan.opens_at);
  EXPECT_EQ(found->summary.closes_at, round_.parsed.plan.closes_at);
  EXPECT_FALSE(found->inbox_root.has_value());
  EXPECT_FALSE(catalogue_->FindRound("pay.2027").value().has_value());
}

TEST_F(CatalogueTest, ListsRoundsByOpeningThenClosingThenName) {
  const absl::Time opens = round_.parsed.plan.opens_at;
  const absl::Time closes = round_.parsed.plan.closes_at;
  const auto import = [&](const char* name, absl::Time opens_at,
                          absl::Time closes_at) {
    SignedRound round = MakeRound("pay", name);
    round.parsed.plan.opens_at = opens_at;
    round.parsed.plan.closes_at = closes_at;
    ASSERT_OK(Import(round));
  };
  import("a", opens + absl::Hours(1), closes);
  import("b", opens, closes + absl::Hours(1));
  import("d", opens, closes);
  import("c", opens, closes);
  const std::vector<RoundSummary> rounds = catalogue_->ListRounds().value();
  std::vector<std::string> ids;
  for (const RoundSummary& round : rounds) {
    ids.push_back(round.id);
  }
  EXPECT_THAT(ids, ::testing::ElementsAre("pay.c", "pay.d", "pay.b", "pay.a"));
}

TEST_F(CatalogueTest, WhatIsNotedOfAnInboxOnlyGrows) {
  ASSERT_OK(Import(round_));
  EXPECT_EQ(catalogue_->ListRounds().value()[0].inbox_commits, 0U);
  ASSERT_OK(catalogue_->NoteInboxCommits("pay.2026", 7));
  ASSERT_OK(catalogue_->NoteInboxCommits("pay.2026", 6));
  Reopen();
  EXPECT_EQ(catalogue_->ListRounds().value()[0].inbox_commits, 7U);
  EXPECT_EQ(catalogue_->FindRound("pay.2026").value()->summary.inbox_commits,
            7U);
}

TEST_F(CatalogueTest, TheSameManifestAgainChangesNothing) {
  ASSERT_OK(Import(round_));
  ASSERT_OK(catalogue_->OpenRound("pay.2026"));
  EXPECT_OK(Import(round_));
  EXPECT_EQ(StateOf("pay.2026"), RoundState::kOpen);
}

TEST_F(CatalogueTest, ARoundNeverGetsAnotherManifest) {
  ASSERT_OK(Import(round_));
  SignedRound other = round_;
  other.bytes.bytes += " ";
  EXPECT_THAT(Import(other), StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(Import(other), HasReason(Reason::kRoundExists));
  EXPECT_EQ(catalogue_->FindRound("pay.2026").value()->manifest, round_.bytes);
}

TEST_F(CatalogueTest, PinsTheKeyOfASurveyAndRefusesAnother) {
  EXPECT_FALSE(catalogue_->FindSurveyKey("pay").value().has_value());
  ASSERT_OK(Import(round_));
  EXPECT_EQ(catalogue_->FindSurveyKey("pay").value(),
            round_.bytes.signatures[0].key);
  const absl::Status status = Import(MakeRound("pay", "2027", /*key=*/9));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(status, HasReason(Reason::kSurveyKeyChanged));
  EXPECT_FALSE(catalogue_->FindRound("pay.2027").value().has_value());
  EXPECT_OK(Import(MakeRound("other", "2027", /*key=*/9)));
  EXPECT_OK(Import(MakeRound("pay", "2028")));
}

TEST_F(CatalogueTest, TakesNoManifestWithoutASignature) {
  SignedRound unsigned_round = round_;
  unsigned_round.bytes.signatures.clear();
  EXPECT_THAT(Import(unsigned_round), HasReason(Reason::kManifestUnsigned));
}

TEST_F(CatalogueTest, ARoundGoesAllTheWayAndKeepsItsRelease) {
  ASSERT_OK(Import(round_));
  ASSERT_OK(catalogue_->OpenRound("pay.2026"));
  ASSERT_OK(catalogue_->CloseRound(
      "pay.2026", absl::FromUnixMillis(1'769'000'000'999), root_));
  const std::optional<StoredRound> closed =
      catalogue_->FindRound("pay.2026").value();
  EXPECT_TRUE(closed->summary.closed_early);
  EXPECT_EQ(closed->summary.closed_early_at,
            absl::FromUnixSeconds(1'769'000'000));
  EXPECT_EQ(closed->inbox_root, root_);
  EXPECT_FALSE(catalogue_->FindRelease("pay.2026").value().has_value());
  ASSERT_OK(catalogue_->ImportRelease("pay.2026", release_));
  EXPECT_EQ(StateOf("pay.2026"), RoundState::kPublished);
  ASSERT_OK(catalogue_->MarkErased("pay.2026"));
  Reopen();
  EXPECT_EQ(StateOf("pay.2026"), RoundState::kErased);
  EXPECT_EQ(catalogue_->FindRelease("pay.2026").value(), release_);
}

TEST_F(CatalogueTest, EveryStepMayBeRepeated) {
  ASSERT_OK(Import(round_));
  for (int i = 0; i < 2; ++i) {
    EXPECT_OK(catalogue_->OpenRound("pay.2026"));
  }
  for (int i = 0; i < 2; ++i) {
    EXPECT_OK(catalogue_->CloseRound("pay.2026", std::nullopt, root_));
  }
  for (int i = 0; i < 2; ++i) {
    EXPECT_OK(catalogue_->ImportRelease("pay.2026", release_));
  }
  for (int i = 0; i < 2; ++i) {
    EXPECT_OK(catalogue_->MarkErased("pay.2026"));
  }
  EXPECT_OK(catalogue_->ImportRelease("pay.2026", release_));
  EXPECT_EQ(StateOf("pay.2026"), RoundState::kErased);
}

TEST_F(CatalogueTest, ThereIsNoWayBackAndNoShortCut) {
  ASSERT_OK(Import(round_));
  EXPECT_THAT(catalogue_->ImportRelease("pay.2026", release_),
              HasReason(Reason::kRoundState));
  EXPECT_THAT(catalogue_->MarkErased("pay.2026"),
              HasReason(Reason::kRoundState));
  ASSERT_OK(catalogue_->CloseRound("pay.2026", std::nullopt, root_));
  EXPECT_THAT(catalogue_->OpenRound("pay.2026"),
              HasReason(Reason::kRoundState));
  EXPECT_THAT(catalogue_->CloseRound("pay.2026", std::nullopt, InboxRoot()),
              HasReason(Reason::kRoundState));
  ASSERT_OK(catalogue_->ImportRelease("pay.2026", release_));
  EXPECT_THAT(catalogue_->CloseRound("pay.2026", std::nullopt, root_),
              HasReason(Reason::kRoundState));
  EXPECT_THAT(catalogue_->OpenRound("pay.2026"),
              HasReason(Reason::kRoundState));
}

TEST_F(CatalogueTest, ARoundNeverGetsAnotherRelease) {
  ASSERT_OK(Import(round_));
  ASSERT_OK(catalogue_->CloseRound("pay.2026", std::nullopt, root_));
  ASSERT_OK(catalogue_->ImportRelease("pay.2026", release_));
  const absl::Status status = catalogue_->ImportRelease(
      "pay.2026", {"another release", {SampleSignature(1)}});
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(status, HasReason(Reason::kReleaseExists));
  EXPECT_EQ(catalogue_->FindRelease("pay.2026").value(), release_);
}

TEST_F(CatalogueTest, KeepsTheDigestOfTheOneInboxThatWasExported) {
  ASSERT_OK(Import(round_));
  ASSERT_OK(catalogue_->CloseRound("pay.2026", std::nullopt, root_));
  EXPECT_EQ(catalogue_->FindRound("pay.2026").value()->exported_digest, "");
  ASSERT_OK(catalogue_->NoteExport("pay.2026", "one"));
  EXPECT_OK(catalogue_->NoteExport("pay.2026", "one"));
  EXPECT_THAT(catalogue_->NoteExport("pay.2026", "another"),
              HasReason(Reason::kInboxChanged));
  Reopen();
  EXPECT_EQ(catalogue_->FindRound("pay.2026").value()->exported_digest, "one");
}

TEST_F(CatalogueTest, SaysThatARoundIsUnknown) {
  for (const absl::Status& status :
       {catalogue_->OpenRound("pay.2026"),
        catalogue_->CloseRound("pay.2026", std::nullopt, root_),
        catalogue_->ImportRelease("pay.2026", release_),
        catalogue_->NoteExport("pay.2026", "digest"),
        catalogue_->MarkErased("pay.2026")}) {
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound));
    EXPECT_THAT(status, HasReason(Reason::kUnknownRound));
  }
}

TEST_F(CatalogueTest, TheSchemaItselfForbidsWhatTheCodeNeverDoes) {
  ASSERT_OK(Import(round_));
  ASSERT_OK(catalogue_->CloseRound("pay.2026", std::nullopt, root_));
  ASSERT_OK(catalogue_->ImportRelease("pay.2026", release_));
  absl::StatusOr<Database> database =
      Database::Open(directory_.File("catalogue.db"), SampleKey(1));
  ASSERT_OK(database);
  for (const char* sql :
       {"UPDATE round SET state = 2", "UPDATE round SET manifest = x'00'",
        "UPDATE release SET release = x'00'", "DELETE FROM release",
        "UPDATE round SET state = 6"}) {
    EXPECT_FALSE(database->Execute(sql).ok()) << sql;
  }
}

TEST_F(CatalogueTest, NoticesWhatAnotherProcessCommitted) {
  const std::unique_ptr<Catalogue> other = OpenAnother();
  const int64_t before = catalogue_->DataVersion().value();
  EXPECT_EQ(catalogue_->DataVersion().value(), before);
  ASSERT_OK(other->ImportRound(round_.bytes, round_.parsed, round_.hash));
  EXPECT_NE(catalogue_->DataVersion().value(), before);
  EXPECT_TRUE(catalogue_->FindRound("pay.2026").value().has_value());
}

}  // namespace
}  // namespace commonwage::storage
