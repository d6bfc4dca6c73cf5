// SPDX-License-Identifier: Apache-2.0
#include "server/steward/plan_check.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "privacy/plan_loss.h"
#include "survey/plan/plan_json.h"

namespace commonwage::server::steward {
namespace {

// Says whether a fault leaves open what the marginals cost, or the cap.
bool HidesLoss(const Fault& fault) {
  const std::string& place = fault.place;
  if (absl::StartsWith(place, "marginals")) {
    return !absl::EndsWith(place, ".id") &&
           !absl::EndsWith(place, ".measure") &&
           !absl::StrContains(place, ".by");
  }
  return place == "survey_cap_micro_rho";
}

// Returns what is wrong with the loss of a plan that has `faults` of form.
std::vector<Fault> LossFaults(Plan plan, const std::vector<Fault>& faults) {
  if (plan.marginals.empty() || plan.survey_cap_micro_rho == 0 ||
      std::any_of(faults.begin(), faults.end(), HidesLoss)) {
    return {};
  }
  // Neither changes what is compared with the cap, and both have their fault.
  if (plan.k == 0) {
    plan.k = kMinK;
  }
  if (plan.threshold_delta.empty()) {
    plan.threshold_delta = "0.001";
  }
  return FaultsOf(privacy::LossOf(plan).status());
}

}  // namespace

absl::StatusOr<Plan> ReadCheckedPlan(absl::string_view json) {
  PlanReading reading = ReadPlanText(json);
  if (reading.faults.empty()) {
    COMMONWAGE_RETURN_IF_ERROR(privacy::LossOf(reading.plan).status());
    return std::move(reading.plan);
  }
  std::vector<Fault>& faults = reading.faults;
  const std::vector<Fault> of_loss = LossFaults(reading.plan, faults);
  faults.insert(faults.end(), of_loss.begin(), of_loss.end());
  return PlanFaulty(faults);
}

v1::PlanCheckReport PlanCheckReportOf(const absl::Status& status) {
  v1::PlanCheckReport report;
  report.set_ok(status.ok());
  for (const Fault& fault : FaultsOf(status)) {
    v1::FaultReport& entry = *report.add_faults();
    entry.set_place(fault.place);
    entry.set_sentence(fault.sentence);
  }
  if (!status.ok() && report.faults().empty()) {
    report.add_faults()->set_sentence(std::string(status.message()));
  }
  return report;
}

}  // namespace commonwage::server::steward
