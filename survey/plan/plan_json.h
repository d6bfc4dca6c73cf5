// SPDX-License-Identifier: Apache-2.0
// Plans as JSON: docs/FORMATS.md, "Plan".

#ifndef COMMONWAGE_SURVEY_PLAN_PLAN_JSON_H_
#define COMMONWAGE_SURVEY_PLAN_PLAN_JSON_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/error.h"
#include "survey/plan/plan.h"

namespace commonwage {

// Reads a plan and checks all of it but what needs privacy accounting (the cap
// on loss, tau), which privacy/plan_loss.h does.
//
// Fails with INVALID_ARGUMENT, reason PLAN_FAULTY, if anything is wrong;
// FaultsOf() then lists every fault, with places such as
// "marginals[2].fanouts". Text that is not JSON is one fault, whose place is
// the line if it is known and empty otherwise. A byte order mark in front is
// passed over.
absl::StatusOr<Plan> ParsePlan(absl::string_view json);

// A plan as far as it could be read: what has a fault is empty or 0.
struct PlanReading {
  Plan plan;
  std::vector<Fault> faults;  // As ParsePlan tells them.
};

// As ParsePlan, for callers that look further into a plan with faults.
PlanReading ReadPlanText(absl::string_view json);

// Returns the error of a plan with `faults`, of which there must be one.
absl::Status PlanFaulty(const std::vector<Fault>& faults);

// Returns the JSON of `plan`: the same bytes for equal plans. ParsePlan reads
// it back equal if `plan` has no faults.
std::string WritePlan(const Plan& plan);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_PLAN_PLAN_JSON_H_
