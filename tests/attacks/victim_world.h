// SPDX-License-Identifier: Apache-2.0
// Everybody else, and one victim: what whoever knows everybody else starts
// from.

#ifndef COMMONWAGE_TESTS_ATTACKS_VICTIM_WORLD_H_
#define COMMONWAGE_TESTS_ATTACKS_VICTIM_WORLD_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "privacy/noise/tally.h"
#include "privacy/plan_loss.h"
#include "survey/manifest.h"
#include "survey/plan/plan_json.h"
#include "survey/plan/tree_shape.h"
#include "survey/release.h"
#include "tests/testing/sample_plan.h"

namespace commonwage::testing {

// In each combination of values but the victim's, which are the first ones.
inline constexpr int kOthersPerCell = 400;

// The sample plan under its own taus, as the round `round`.
inline Manifest VictimManifest(const std::string& round = "2026-q1") {
  Manifest manifest;
  manifest.plan = ParsePlan(SamplePlanJson()).value();
  manifest.plan.round = round;
  const privacy::PlanLoss loss = privacy::LossOf(manifest.plan).value();
  for (const privacy::MarginalLoss& marginal : loss.marginals) {
    manifest.taus.push_back(marginal.tau);
  }
  return manifest;
}

// Everybody else, and the victim alone in platform 0, region 0, if present.
inline privacy::noise::Tally VictimWorld(const Plan& plan, bool with_victim) {
  privacy::noise::Tally tally(plan);
  for (uint16_t platform = 0; platform < 4; ++platform) {
    for (uint16_t region = 0; region < 3; ++region) {
      const int people = platform == 0 && region == 0 ? 0 : kOthersPerCell;
      for (int i = 0; i < people; ++i) {
        COMMONWAGE_CHECK(tally.Add({{platform, region}, {1000 + i}}).ok());
      }
    }
  }
  if (with_victim) {
    COMMONWAGE_CHECK(tally.Add({{0, 0}, {1234}}).ok());
  }
  return tally;
}

// Returns `release` with the true counts in place of the noisy ones.
inline Release WithoutNoise(Release release, const Plan& plan,
                            const privacy::noise::Tally& tally) {
  for (size_t m = 0; m < release.marginals.size(); ++m) {
    const TreeShape tree(plan.marginals[m].fanouts);
    for (size_t cell = 0; cell < release.marginals[m].cells.size(); ++cell) {
      if (!release.marginals[m].cells[cell].has_value()) {
        continue;
      }
      std::vector<int64_t> nodes(tree.node_count());
      const auto bins = tally.BinCounts(m, cell);
      for (size_t bin = 0; bin < bins.size(); ++bin) {
        for (size_t level = 0; level < tree.levels(); ++level) {
          nodes[tree.NodeOver(level, bin)] += bins[bin];
        }
      }
      release.marginals[m].cells[cell] = std::move(nodes);
    }
  }
  return release;
}

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_ATTACKS_VICTIM_WORLD_H_
