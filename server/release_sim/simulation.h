// SPDX-License-Identifier: Apache-2.0
// What commonwage-release-sim does: reads a plan and records, and publishes
// them as the steward would, again and again, to look at the spread.

#ifndef COMMONWAGE_SERVER_RELEASE_SIM_SIMULATION_H_
#define COMMONWAGE_SERVER_RELEASE_SIM_SIMULATION_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "base/random_source.h"

namespace commonwage::server::release_sim {

struct SimulationRequest {
  std::string plan_path;
  std::string records_path;  // See records.h.
  int64_t runs = 0;
};

// Draws `request.runs` releases with privacy::noise::DrawRelease, the function
// that publishes, and hands whole lines (release_line.h) to `write`. Nothing in
// the request can change the noise.
//
// Reveals: independent releases of the same records, so far more about them
// than one: only for records that are made up or public.
// Fails as ReadFile, ParsePlan, LossOf and TallyOfRecords do, and as
// `write` does.
absl::Status Simulate(
    const SimulationRequest& request, RandomSource& random,
    const std::function<absl::Status(absl::string_view)>& write);

}  // namespace commonwage::server::release_sim

#endif  // COMMONWAGE_SERVER_RELEASE_SIM_SIMULATION_H_
