// SPDX-License-Identifier: Apache-2.0
// A plan's place inside a larger JSON text: what plans and manifests share. For
// this folder only.

#ifndef COMMONWAGE_SURVEY_PLAN_PLAN_FIELDS_H_
#define COMMONWAGE_SURVEY_PLAN_PLAN_FIELDS_H_

#include "absl/strings/string_view.h"

#include "survey/plan/plan.h"
#include "survey/text/json.h"
#include "survey/text/json_fields.h"

namespace commonwage {

// The two names of a marginal's losses; the mechanism decides which.
inline constexpr absl::string_view kMicroRhoField = "micro_rho_per_level";
inline constexpr absl::string_view kMicroEpsilonField =
    "micro_epsilon_per_level";

// Returns the plan that `value` holds; what it has wrong is added to `faults`,
// and then the plan returned is not to be used.
Plan ReadPlan(const JsonValue& value, absl::string_view place,
              FaultList& faults);

// The parts of ReadPlan: the dimensions and measures, and then those that look
// back at them. `fields` reads the plan's own object.
void ReadQuestions(FieldReader& fields, FaultList& faults, Plan& plan);
void ReadMarginals(FieldReader& fields, FaultList& faults, Plan& plan);
void ReadLabels(FieldReader& fields, FaultList& faults, Plan& plan);
void ReadAnchors(FieldReader& fields, FaultList& faults, Plan& plan);
void ReadPopulation(FieldReader& fields, FaultList& faults, Plan& plan);

// Writes `plan` as one object.
void WritePlanFields(const Plan& plan, JsonWriter& writer);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_PLAN_PLAN_FIELDS_H_
