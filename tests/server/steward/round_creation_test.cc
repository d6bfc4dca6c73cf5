// SPDX-License-Identifier: Apache-2.0
#include "server/steward/round_creation.h"

#include <string>

#include "absl/status/status.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "artefacts/signed_manifest.h"
#include "privacy/plan_loss.h"
#include "tests/server/steward/vault_round.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::steward {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using testing::StatusIs;
using testing::VaultRound;

TEST(RoundCreationTest, SignsAManifestThatSaysEverything) {
  VaultRound round;
  const auto checked =
      artefacts::ReadSignedManifest(round.created().file.SerializeAsString());
  ASSERT_OK(checked);
  EXPECT_THAT(checked->signers,
              ::testing::ElementsAre(round.created().survey_key));
  EXPECT_EQ(checked->manifest.plan, testing::SamplePlan());
  EXPECT_OK(privacy::CheckTaus(checked->manifest));
  EXPECT_EQ(checked->manifest.admission, Admission::kOpen);
  EXPECT_EQ(checked->manifest.audience, Audience::kPublic);
}

TEST(RoundCreationTest, GivesEachRoundAKeyOfItsOwnAndTheSurveyOne) {
  VaultRound first;
  Plan plan = testing::SamplePlan();
  plan.round = "2026-q2";
  first.clock().Set(testing::BeforeOpening());
  const auto second =
      CreateRound(first.vault(), {.plan = plan}, first.clock(), first.random());
  ASSERT_OK(second);
  EXPECT_EQ(second->survey_key, first.created().survey_key);
  EXPECT_NE(ParseManifest(second->file.manifest())->round_public_key,
            first.manifest().round_public_key);
}

TEST(RoundCreationTest, RefusesDatesThatArePast) {
  VaultRound round;
  Plan plan = testing::SamplePlan();
  plan.round = "2026-q2";
  for (const absl::Time now : {testing::DuringRound(), testing::AfterClose()}) {
    round.clock().Set(now);
    EXPECT_THAT(CreateRound(round.vault(), {.plan = plan}, round.clock(),
                            round.random()),
                HasReason(Reason::kRoundInThePast));
  }
  // A round may open while it is made.
  round.clock().Set(plan.opens_at + absl::Minutes(1));
  EXPECT_OK(CreateRound(round.vault(), {.plan = plan}, round.clock(),
                        round.random()));
}

TEST(RoundCreationTest, RefusesToCloseBeforeOpening) {
  VaultRound round;
  Plan plan = testing::SamplePlan();
  plan.round = "2026-q2";
  plan.opens_at = plan.closes_at;
  round.clock().Set(testing::BeforeOpening());
  EXPECT_THAT(
      CreateRound(round.vault(), {.plan = plan}, round.clock(), round.random()),
      HasReason(Reason::kPlanFaulty));
}

TEST(RoundCreationTest, RefusesARoundTwice) {
  VaultRound round;
  round.clock().Set(testing::BeforeOpening());
  EXPECT_THAT(CreateRound(round.vault(), {.plan = testing::SamplePlan()},
                          round.clock(), round.random()),
              HasReason(Reason::kRoundExists));
}

TEST(RoundCreationTest, StopsAtTheCapAndSaysWhatIsLeft) {
  VaultRound round;
  round.clock().Set(testing::BeforeOpening());
  Plan plan = testing::SamplePlan();
  const int64_t loss = privacy::LossOf(plan)->micro_rho;
  const int64_t rounds = plan.survey_cap_micro_rho / loss;
  for (int64_t i = 1; i < rounds; ++i) {
    plan.round = "r" + std::to_string(i);
    ASSERT_OK(CreateRound(round.vault(), {.plan = plan}, round.clock(),
                          round.random()));
  }
  plan.round = "one-too-many";
  const auto refused =
      CreateRound(round.vault(), {.plan = plan}, round.clock(), round.random());
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(refused, HasReason(Reason::kPrivacyCapExceeded));
  EXPECT_THAT(std::string(refused.status().message()),
              HasSubstr(std::to_string(loss)));
  // A later round cannot lift the cap either.
  plan.survey_cap_micro_rho *= 2;
  EXPECT_THAT(
      CreateRound(round.vault(), {.plan = plan}, round.clock(), round.random()),
      HasReason(Reason::kPrivacyCapRaised));
}

TEST(RoundCreationTest, RefusesACapThatWouldSeemToRiseFromOpeningToOpening) {
  VaultRound round;
  round.clock().Set(testing::BeforeOpening());
  Plan plan = testing::SamplePlan();
  // Made later and open earlier, with a lower cap: everybody else would see the
  // first one raise it.
  plan.round = "2025-q4";
  plan.opens_at -= absl::Hours(1);
  plan.survey_cap_micro_rho -= 1;
  const auto refused =
      CreateRound(round.vault(), {.plan = plan}, round.clock(), round.random());
  EXPECT_THAT(refused, HasReason(Reason::kPrivacyCapRaised));
  EXPECT_THAT(std::string(refused.status().message()),
              HasSubstr("couriers.2026-q1"));
  EXPECT_EQ((*round.vault().BalanceOf("couriers"))->cap,
            testing::SamplePlan().survey_cap_micro_rho);
  plan.opens_at += absl::Hours(2);
  EXPECT_OK(CreateRound(round.vault(), {.plan = plan}, round.clock(),
                        round.random()));
}

TEST(RoundCreationTest, RefusesAnIssuerKeyThatIsNone) {
  VaultRound round;
  round.clock().Set(testing::BeforeOpening());
  Plan plan = testing::SamplePlan();
  plan.round = "2026-q2";
  EXPECT_THAT(CreateRound(round.vault(),
                          {.plan = plan,
                           .admission = Admission::kCredential,
                           .issuer_public_key = "no key"},
                          round.clock(), round.random()),
              HasReason(Reason::kIssuerKeyUnusable));
}

}  // namespace
}  // namespace commonwage::server::steward
