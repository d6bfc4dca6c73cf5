// SPDX-License-Identifier: Apache-2.0
#include "server/steward/survey_delta.h"

#include <vector>

#include "base/status_macros.h"
#include "privacy/plan_loss.h"
#include "privacy/zcdp.h"
#include "survey/manifest.h"

namespace commonwage::server::steward {

absl::StatusOr<double> DeltaOfRound(const storage::VaultRound& round) {
  COMMONWAGE_ASSIGN_OR_RETURN(const Manifest manifest,
                              ParseManifest(round.manifest.bytes));
  COMMONWAGE_ASSIGN_OR_RETURN(const privacy::PlanLoss loss,
                              privacy::LossOf(manifest.plan));
  return static_cast<double>(loss.threshold_delta);
}

absl::StatusOr<SurveyDelta> DeltaOf(storage::Vault& vault,
                                    absl::string_view survey) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::vector<storage::VaultRound> rounds,
                              vault.RoundsOf(survey));
  std::vector<long double> spent;
  std::vector<long double> reserved;
  std::vector<long double> total;
  for (const storage::VaultRound& round : rounds) {
    if (round.cancelled) {
      continue;
    }
    COMMONWAGE_ASSIGN_OR_RETURN(const double delta, DeltaOfRound(round));
    (round.released ? spent : reserved).push_back(delta);
    total.push_back(delta);
  }
  return SurveyDelta{
      .spent = static_cast<double>(privacy::JointDelta(spent)),
      .reserved = static_cast<double>(privacy::JointDelta(reserved)),
      .total = static_cast<double>(privacy::JointDelta(total))};
}

}  // namespace commonwage::server::steward
