// SPDX-License-Identifier: Apache-2.0
// What one round of a plan costs a person who takes part, and whether the
// survey's cap allows it. Sums of integers; only the deltas are real numbers.

#ifndef COMMONWAGE_PRIVACY_PLAN_LOSS_H_
#define COMMONWAGE_PRIVACY_PLAN_LOSS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "survey/manifest.h"
#include "survey/plan/plan.h"

namespace commonwage::privacy {

// What one marginal costs.
struct MarginalLoss {
  // Sum over the levels, root included; a Laplace level counts eps^2/2, rounded
  // up.
  int64_t micro_rho = 0;
  // Sum over the levels; only under Laplace.
  std::optional<int64_t> micro_epsilon;
  // The least tau that the plan's k and threshold_delta allow.
  int64_t tau = 0;
  // What the rule costs at that tau, rounded upward; at most the plan's
  // threshold_delta.
  long double threshold_delta = 0;
};

// What a round costs.
struct PlanLoss {
  std::vector<MarginalLoss> marginals;   // In plan order.
  int64_t micro_rho = 0;                 // What the ledger is charged.
  std::optional<int64_t> micro_epsilon;  // The pure sum, if all are Laplace.
  long double threshold_delta = 0;       // Joint over the marginals.
};

// Returns what one round of `plan` costs, worst case, to one person.
//
// Fails with INVALID_ARGUMENT (PLAN_FAULTY), with every fault and its place
// attached, if noise of a level is outside the samplers' bounds, k or
// threshold_delta is out of range, or one round alone exceeds the survey's cap.
// What ParsePlan checks is not checked again.
absl::StatusOr<PlanLoss> LossOf(const Plan& plan);

// Fails with INVALID_ARGUMENT (TAU_TOO_SMALL), naming each marginal, if the
// manifest's taus are fewer or more than its marginals, or smaller than k and
// threshold_delta allow.
absl::Status CheckTaus(const Manifest& manifest);

// Fails with FAILED_PRECONDITION (PRIVACY_CAP_EXCEEDED), and a sentence with
// what is asked, spent and left in micro-rho, unless spent + asked <= cap.
// Needs nothing of its arguments: negative or huge ones are refused.
absl::Status CheckCap(int64_t asked_micro_rho, int64_t spent_micro_rho,
                      int64_t cap_micro_rho);

// Returns the least epsilon at `delta` for a loss of `loss.micro_rho` and the
// joint threshold delta; the smaller of the zCDP bound and the pure sum.
long double EpsilonOf(const PlanLoss& loss, long double delta);

}  // namespace commonwage::privacy

#endif  // COMMONWAGE_PRIVACY_PLAN_LOSS_H_
