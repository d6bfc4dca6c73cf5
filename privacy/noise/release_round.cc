// SPDX-License-Identifier: Apache-2.0
#include "privacy/noise/release_round.h"

#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/status_macros.h"
#include "privacy/noise/random_buffer.h"
#include "privacy/noise/release_steps.h"
#include "privacy/noise_terms.h"
#include "privacy/plan_loss.h"

namespace commonwage::privacy::noise {

absl::StatusOr<Release> DrawRelease(const Manifest& manifest,
                                    const ManifestHash& manifest_hash,
                                    const Tally& tally, bool closed_early,
                                    absl::string_view code_version,
                                    RandomSource& random) {
  const Plan& plan = manifest.plan;
  if (!tally.Fits(plan)) {
    return Refusal(absl::StatusCode::kInvalidArgument, "TALLY_MISMATCH",
                   "The counts were not made under this manifest's plan.");
  }
  COMMONWAGE_RETURN_IF_ERROR(CheckTaus(manifest));
  Release release;
  release.round_id = RoundIdOf(plan);
  release.manifest_hash = manifest_hash;
  release.k = plan.k;
  release.closed_early = closed_early;
  release.code_version = std::string(code_version);
  RandomBuffer buffer(random);
  ProvenSteps steps;
  for (size_t i = 0; i < plan.marginals.size(); ++i) {
    const Marginal& marginal = plan.marginals[i];
    COMMONWAGE_ASSIGN_OR_RETURN(
        std::vector<ReleasedCell> cells,
        DrawMarginalBy(steps, plan, i, manifest.taus[i], tally, buffer));
    release.marginals.push_back({marginal.id, marginal.mechanism,
                                 NoisePerLevel(marginal), manifest.taus[i],
                                 plan.threshold_delta, std::move(cells)});
  }
  return release;
}

}  // namespace commonwage::privacy::noise
