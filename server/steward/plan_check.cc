// SPDX-License-Identifier: Apache-2.0
#include "server/steward/plan_check.h"

#include <string>

#include "base/error.h"
#include "base/status_macros.h"
#include "privacy/plan_loss.h"
#include "survey/plan_json.h"

namespace commonwage::server::steward {

absl::StatusOr<Plan> ReadCheckedPlan(absl::string_view json) {
  COMMONWAGE_ASSIGN_OR_RETURN(Plan plan, ParsePlan(json));
  COMMONWAGE_RETURN_IF_ERROR(privacy::LossOf(plan).status());
  return plan;
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
