// SPDX-License-Identifier: Apache-2.0
// Rounds that were called off, in the catalogue.

#include <memory>
#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "storage/catalogue/catalogue.h"
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

constexpr char kRound[] = "couriers.2026-q1";

SignedBytes Signed(const std::string& bytes) {
  return {bytes,
          {{*crypto::VerifyKey::From(SampleBytes(1, 32)),
            *crypto::Signature::From(SampleBytes(2, 64))}}};
}

class CatalogueCancellationTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Manifest parsed;
    parsed.plan = ParsePlan(testing::SamplePlanJson()).value();
    const SignedBytes manifest = Signed("the manifest");
    Reopen();
    ASSERT_OK(catalogue_->ImportRound(
        manifest, parsed,
        *ManifestHash::From(crypto::Sha256("test", manifest.bytes).view())));
  }
  void Reopen() {
    OpenOptions options;
    options.create = true;
    catalogue_.reset();
    catalogue_ = *Catalogue::Open(directory_.File("catalogue.db"), SampleKey(1),
                                  options);
  }
  RoundSummary Summary() {
    return catalogue_->FindRound(kRound).value()->summary;
  }

  testing::TempDirectory directory_;
  std::unique_ptr<Catalogue> catalogue_;
  const InboxRoot root_ = *InboxRoot::From(SampleBytes(5, 32));
};

TEST_F(CatalogueCancellationTest, EndsARoundInAnyStateBeforeARelease) {
  ASSERT_OK(catalogue_->SetAside(kRound, true));
  for (int i = 0; i < 2; ++i) {
    ASSERT_OK(catalogue_->ImportCancellation(kRound, Signed("off")));
  }
  Reopen();
  EXPECT_EQ(Summary().state, RoundState::kCancelled);
  EXPECT_EQ(catalogue_->ListRounds().value()[0].state, RoundState::kCancelled);
  // Setting aside kept what nobody can open any more.
  EXPECT_FALSE(Summary().set_aside);
  EXPECT_EQ(catalogue_->FindCancellation(kRound).value(), Signed("off"));
  for (const absl::Status& status :
       {catalogue_->OpenRound(kRound),
        catalogue_->CloseRound(kRound, std::nullopt, root_),
        catalogue_->SetAside(kRound, true)}) {
    EXPECT_THAT(status, HasReason(Reason::kRoundCancelled));
  }
}

TEST_F(CatalogueCancellationTest, RemembersWhetherTheSubmissionsAreErased) {
  ASSERT_OK(catalogue_->CloseRound(kRound, std::nullopt, root_));
  ASSERT_OK(catalogue_->ImportCancellation(kRound, Signed("off")));
  EXPECT_FALSE(Summary().erased);
  for (int i = 0; i < 2; ++i) {
    ASSERT_OK(catalogue_->MarkErased(kRound));
  }
  EXPECT_TRUE(Summary().erased);
  EXPECT_EQ(Summary().state, RoundState::kCancelled);
}

TEST_F(CatalogueCancellationTest, AReleaseBeatsIt) {
  ASSERT_OK(catalogue_->OpenRound(kRound));
  ASSERT_OK(catalogue_->ImportCancellation(kRound, Signed("off")));
  ASSERT_OK(catalogue_->MarkErased(kRound));
  ASSERT_OK(catalogue_->ImportRelease(kRound, Signed("release")));
  EXPECT_EQ(Summary().state, RoundState::kPublished);
  ASSERT_OK(catalogue_->MarkErased(kRound));
  EXPECT_EQ(Summary().state, RoundState::kErased);
  // For good.
  EXPECT_THAT(catalogue_->ImportCancellation(kRound, Signed("off")),
              HasReason(Reason::kReleaseExists));
  EXPECT_EQ(Summary().state, RoundState::kErased);
}

TEST_F(CatalogueCancellationTest, ThereIsNoneAfterARelease) {
  ASSERT_OK(catalogue_->CloseRound(kRound, std::nullopt, root_));
  ASSERT_OK(catalogue_->ImportRelease(kRound, Signed("release")));
  EXPECT_THAT(catalogue_->ImportCancellation(kRound, Signed("off")),
              HasReason(Reason::kReleaseExists));
  EXPECT_FALSE(catalogue_->FindCancellation(kRound).value().has_value());
  EXPECT_THAT(catalogue_->ImportCancellation("couriers.2027", Signed("off")),
              HasReason(Reason::kUnknownRound));
}

}  // namespace
}  // namespace commonwage::storage
