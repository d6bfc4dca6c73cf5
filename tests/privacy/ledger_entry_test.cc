// SPDX-License-Identifier: Apache-2.0
#include "privacy/ledger_entry.h"

#include <string>

#include <gtest/gtest.h>

#include "privacy/plan_loss.h"
#include "survey/plan/plan_json.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::privacy {
namespace {

using commonwage::testing::HasReason;

TEST(LedgerEntryTest, CountsWhatTheVaultIsCharged) {
  const Plan plan = *ParsePlan(commonwage::testing::SamplePlanJson());
  const ManifestHash hash =
      *ManifestHash::From(std::string(ManifestHash::kSize, 'h'));
  const LedgerEntry entry = LedgerEntryOf(plan, hash);
  EXPECT_EQ(entry.loss_micro_rho, LossOf(plan)->micro_rho);
  EXPECT_EQ(entry.loss_micro_rho, 285000);
  EXPECT_EQ(entry.cap_micro_rho, 1600000);
  EXPECT_EQ(entry.survey, "couriers");
  EXPECT_EQ(entry.round_id, "couriers.2026-q1");
  EXPECT_EQ(entry.manifest_hash, hash);
  EXPECT_EQ(entry.opens_at, plan.opens_at);
  EXPECT_EQ(entry.closes_at, plan.closes_at);
}

TEST(LedgerEntryTest, CountsAlsoARoundThatIsBeyondItsOwnCap) {
  Plan plan = *ParsePlan(commonwage::testing::SamplePlanJson());
  plan.survey_cap_micro_rho = 1000;
  EXPECT_THAT(LossOf(plan), HasReason(Reason::kPlanFaulty));
  const std::vector<SurveyLedger> ledgers =
      LedgersOf({LedgerEntryOf(plan, ManifestHash())});
  ASSERT_EQ(ledgers.size(), 1U);
  ASSERT_EQ(ledgers[0].faults.size(), 1U);
  EXPECT_EQ(ledgers[0].faults[0].kind, LedgerFaultKind::kCapExceeded);
}

}  // namespace
}  // namespace commonwage::privacy
