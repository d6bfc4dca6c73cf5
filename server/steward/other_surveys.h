// SPDX-License-Identifier: Apache-2.0
// What a vault's surveys cost together. Each survey has a cap and a key of its
// own, so that nobody outside can tell that two are one steward's: the sum over
// all of them is for the steward to see.

#ifndef COMMONWAGE_SERVER_STEWARD_OTHER_SURVEYS_H_
#define COMMONWAGE_SERVER_STEWARD_OTHER_SURVEYS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "command/prompt.h"
#include "storage/vault/vault.h"
#include "survey/plan/plan.h"

namespace commonwage::server::steward {

// What the surveys of a vault cost whoever answers in all of their rounds, in
// micro-rho.
struct SurveysSum {
  std::vector<std::string> surveys;  // By name.
  int64_t cost = 0;                  // Spent and reserved.
  int64_t caps = 0;                  // What they may cost at most.
};

// Returns the sum over all surveys of which the vault has made a round. Fails
// as Vault::Surveys and Vault::BalanceOf do.
absl::StatusOr<SurveysSum> SumOverSurveys(storage::Vault& vault);

// Returns what the steward has to decide if `plan`, whose round costs
// `loss_micro_rho`, begins a survey beside others of the vault; nullopt if it
// goes on with one, or begins the vault's first. Fails as SumOverSurveys.
absl::StatusOr<std::optional<command::Decision>> NewSurveyDecision(
    storage::Vault& vault, const Plan& plan, int64_t loss_micro_rho);

}  // namespace commonwage::server::steward

#endif  // COMMONWAGE_SERVER_STEWARD_OTHER_SURVEYS_H_
