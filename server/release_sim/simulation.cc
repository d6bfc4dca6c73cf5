// SPDX-License-Identifier: Apache-2.0
#include "server/release_sim/simulation.h"

#include <cstddef>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "base/file/input_file.h"
#include "base/status_macros.h"
#include "command/code_version.h"
#include "privacy/noise/release_round.h"
#include "privacy/noise/tally.h"
#include "privacy/plan_loss.h"
#include "server/release_sim/records.h"
#include "server/release_sim/release_line.h"
#include "survey/manifest.h"
#include "survey/plan/plan.h"
#include "survey/plan/plan_json.h"
#include "survey/release.h"

namespace commonwage::server::release_sim {
namespace {

constexpr size_t kChunkBytes = size_t{1} << 16;

// Returns what of a manifest the release reads: the plan and its taus. There is
// no round behind it, so no key and no hash.
absl::StatusOr<Manifest> ManifestOf(const std::string& plan_path) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::string json,
      ReadFile({plan_path, "plan file"}, kMaxPlanBytes));
  Manifest manifest;
  COMMONWAGE_ASSIGN_OR_RETURN(manifest.plan, ParsePlan(json));
  COMMONWAGE_ASSIGN_OR_RETURN(const privacy::PlanLoss loss,
                              privacy::LossOf(manifest.plan));
  for (const privacy::MarginalLoss& marginal : loss.marginals) {
    manifest.taus.push_back(marginal.tau);
  }
  return manifest;
}

absl::StatusOr<privacy::noise::Tally> TallyOfFile(const Plan& plan,
                                                  const std::string& path) {
  COMMONWAGE_ASSIGN_OR_RETURN(InputFile file,
                              InputFile::Open({path, "records file"}));
  return TallyOfRecords(plan, [&file]() -> absl::StatusOr<std::string> {
    std::string chunk(kChunkBytes, '\0');
    COMMONWAGE_ASSIGN_OR_RETURN(const size_t read,
                                file.Read(absl::MakeSpan(chunk)));
    chunk.resize(read);
    return chunk;
  });
}

}  // namespace

absl::Status Simulate(
    const SimulationRequest& request, RandomSource& random,
    const std::function<absl::Status(absl::string_view)>& write) {
  COMMONWAGE_ASSIGN_OR_RETURN(const Manifest manifest,
                              ManifestOf(request.plan_path));
  COMMONWAGE_ASSIGN_OR_RETURN(const privacy::noise::Tally tally,
                              TallyOfFile(manifest.plan, request.records_path));
  const ReleaseLine line(manifest.plan);
  std::string out;
  for (int64_t run = 0; run < request.runs; ++run) {
    COMMONWAGE_ASSIGN_OR_RETURN(
        const Release release,
        privacy::noise::DrawRelease(manifest, ManifestHash(), tally,
                                    /*closed_early=*/false,
                                    command::CodeVersion(), random));
    line.Append(run, release, out);
    const bool last = run + 1 == request.runs;
    if (out.size() < kChunkBytes && !last) {
      continue;
    }
    if (absl::Status written = write(out); !written.ok()) {
      return written;
    }
    out.clear();
  }
  return absl::OkStatus();
}

}  // namespace commonwage::server::release_sim
