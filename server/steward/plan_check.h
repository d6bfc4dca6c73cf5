// SPDX-License-Identifier: Apache-2.0
// Every fault of a plan, of form and of privacy, each with its place.

#ifndef COMMONWAGE_SERVER_STEWARD_PLAN_CHECK_H_
#define COMMONWAGE_SERVER_STEWARD_PLAN_CHECK_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "commonwage/v1/command_output.pb.h"
#include "survey/plan/plan.h"

namespace commonwage::server::steward {

// Reads a plan that may become a round: ParsePlan and LossOf both accept it.
// Past dates are accepted.
//
// Fails with INVALID_ARGUMENT (PLAN_FAULTY); FaultsOf() lists every fault. The
// cap is checked if it and what the marginals cost could be read.
absl::StatusOr<Plan> ReadCheckedPlan(absl::string_view json);

// Returns the report of a plan that ReadCheckedPlan has judged with `status`.
v1::PlanCheckReport PlanCheckReportOf(const absl::Status& status);

}  // namespace commonwage::server::steward

#endif  // COMMONWAGE_SERVER_STEWARD_PLAN_CHECK_H_
