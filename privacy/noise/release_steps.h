// SPDX-License-Identifier: Apache-2.0
// The body of the release, with the steps on which its proof rests as a
// parameter. Products instantiate it with ProvenSteps alone, in
// release_round.cc; the audits in tests/statistical also with steps that break
// one sentence of the proof each, to show that they would notice.

#ifndef COMMONWAGE_PRIVACY_NOISE_RELEASE_STEPS_H_
#define COMMONWAGE_PRIVACY_NOISE_RELEASE_STEPS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "base/error.h"
#include "base/random_source.h"
#include "base/status_macros.h"
#include "privacy/noise/node_noise.h"
#include "privacy/noise/random_buffer.h"
#include "privacy/noise/tally.h"
#include "privacy/noise_terms.h"
#include "privacy/plan_loss.h"
#include "survey/cells.h"
#include "survey/manifest.h"
#include "survey/plan/plan.h"
#include "survey/plan/tree_shape.h"
#include "survey/release.h"

namespace commonwage::privacy::noise {

// The steps as they must be.
struct ProvenSteps {
  // The noise of a level: what its loss in the plan pays for.
  static NoiseLaw LawOfLevel(const Marginal& marginal, size_t level) {
    return LawPerLevel(marginal)[level];
  }

  // A fresh draw for every node of every cell of every release.
  static int64_t DrawNoise(const NodeNoise& noise, size_t /*node*/,
                           int64_t /*true_count*/, RandomBuffer& random) {
    return noise.Draw(random);
  }

  // The rule.
  static bool IsShown(int64_t true_count, int64_t noisy_root, int64_t k,
                      int64_t tau) {
    return true_count >= k && noisy_root >= tau;
  }

  // What is published of a shown cell: its noisy nodes and nothing else.
  static std::vector<int64_t> Publish(std::vector<int64_t> noisy_nodes,
                                      int64_t /*true_count*/) {
    return noisy_nodes;
  }
};

// One marginal, ready to draw its cells.
struct CellTerms {
  TreeShape tree;
  std::vector<NodeNoise> noise;  // Per level, root first.
  int64_t k = 0;
  int64_t tau = 0;
};

// Returns the noisy tree over `bin_counts`, or nullopt if the cell is withheld.
template <typename Steps>
ReleasedCell DrawCellBy(Steps& steps, const CellTerms& terms,
                        absl::Span<const int64_t> bin_counts,
                        RandomBuffer& random) {
  const TreeShape& tree = terms.tree;
  std::vector<int64_t> nodes(tree.node_count(), 0);
  for (size_t bin = 0; bin < bin_counts.size(); ++bin) {
    for (size_t level = 0; level < tree.levels(); ++level) {
      // A tally holds less than 2^31 answers and noise is below 2^28, so no sum
      // here is near overflow.
      nodes[tree.NodeOver(level, bin)] += bin_counts[bin];
    }
  }
  const int64_t true_count = nodes[0];
  for (size_t level = 0; level < tree.levels(); ++level) {
    const size_t first = tree.level_offset(level);
    for (size_t i = first; i < first + tree.level_size(level); ++i) {
      nodes[i] += steps.DrawNoise(terms.noise[level], i, nodes[i], random);
    }
  }
  if (!steps.IsShown(true_count, nodes[0], terms.k, terms.tau)) {
    return std::nullopt;
  }
  return steps.Publish(std::move(nodes), true_count);
}

// Returns all cells of `plan`.marginals[`index`], in order.
// Fails with INVALID_ARGUMENT (NOISE_OUT_OF_BOUNDS) as NodeNoise::Create does.
template <typename Steps>
absl::StatusOr<std::vector<ReleasedCell>> DrawMarginalBy(
    Steps& steps, const Plan& plan, size_t index, int64_t tau,
    const Tally& tally, RandomBuffer& random) {
  const Marginal& marginal = plan.marginals[index];
  CellTerms terms{TreeShape(marginal.fanouts), {}, plan.k, tau};
  for (size_t level = 0; level < terms.tree.levels(); ++level) {
    COMMONWAGE_ASSIGN_OR_RETURN(
        const NodeNoise noise,
        NodeNoise::Create(steps.LawOfLevel(marginal, level)));
    terms.noise.push_back(noise);
  }
  std::vector<ReleasedCell> cells(CellSpace(plan, marginal).size());
  for (size_t cell = 0; cell < cells.size(); ++cell) {
    cells[cell] =
        DrawCellBy(steps, terms, tally.BinCounts(index, cell), random);
  }
  return cells;
}

// What DrawRelease of release_round.h does, by `steps`.
template <typename Steps>
absl::StatusOr<Release> DrawReleaseBy(Steps& steps, const Manifest& manifest,
                                      const Tally& tally,
                                      RandomSource& random) {
  const Plan& plan = manifest.plan;
  if (!tally.Fits(plan)) {
    return Refusal(Reason::kTallyMismatch,
                   "The counts were not made under this manifest's plan.");
  }
  COMMONWAGE_RETURN_IF_ERROR(CheckTaus(manifest));
  Release release;
  release.round_id = RoundIdOf(plan);
  release.k = plan.k;
  RandomBuffer buffer(random);
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

#endif  // COMMONWAGE_PRIVACY_NOISE_RELEASE_STEPS_H_
