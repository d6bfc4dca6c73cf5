// SPDX-License-Identifier: Apache-2.0
#include "tests/privacy/estimate/estimate_fixtures.h"

#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

#include "base/check.h"
#include "privacy/noise_terms.h"
#include "privacy/threshold.h"
#include "survey/cells.h"
#include "survey/plan/plan_json.h"
#include "survey/plan/tree_shape.h"
#include "tests/testing/sample_plan.h"

namespace commonwage::testing {

using privacy::model::CellModel;
using privacy::model::Critical;
using privacy::model::PayGrid;
using privacy::model::TreeModel;

std::unique_ptr<CellModel> FlatModel(const std::vector<int64_t>& inner_edges,
                                     double leaf_variance) {
  const auto bins = static_cast<int64_t>(inner_edges.size()) + 1;
  return std::make_unique<CellModel>(CellModel{
      TreeModel({bins},
                {std::numeric_limits<double>::infinity(), leaf_variance}),
      PayGrid(inner_edges)});
}

std::vector<int64_t> EdgesFrom1000(int64_t bins) {
  std::vector<int64_t> edges;
  for (int64_t j = 0; j < bins - 1; ++j) {
    edges.push_back(1000 + 100 * j);
  }
  return edges;
}

std::vector<double> FlatNodes(const std::vector<double>& counts) {
  std::vector<double> nodes = {0};
  nodes.insert(nodes.end(), counts.begin(), counts.end());
  return nodes;
}

Critical Usual() {
  return privacy::model::FindCritical(0.05, Mechanism::kDiscreteGaussian);
}

Plan SamplePlan() {
  auto plan = ParsePlan(SamplePlanJson());
  COMMONWAGE_CHECK(plan.ok());
  return *std::move(plan);
}

Manifest ManifestOf(const Plan& plan) {
  Manifest manifest;
  manifest.plan = plan;
  for (const Marginal& marginal : plan.marginals) {
    const auto tau =
        privacy::MinimalTau(marginal, plan.k, plan.threshold_delta);
    COMMONWAGE_CHECK(tau.ok());
    manifest.taus.push_back(*tau);
  }
  manifest.round_public_key = std::string(kRoundPublicKeySize, 'k');
  manifest.operator_public_key = std::string(kOperatorPublicKeySize, 'o');
  manifest.code_version = "test";
  return manifest;
}

Release QuietRelease(const Manifest& manifest, int64_t workers, double scale) {
  const Plan& plan = manifest.plan;
  Release release;
  release.round_id = RoundIdOf(plan);
  release.k = plan.k;
  release.code_version = "test";
  for (size_t m = 0; m < plan.marginals.size(); ++m) {
    const Marginal& marginal = plan.marginals[m];
    ReleasedMarginal released;
    released.id = marginal.id;
    released.mechanism = marginal.mechanism;
    released.noise_per_level = privacy::NoisePerLevel(marginal);
    released.tau = manifest.taus[m];
    released.threshold_delta = plan.threshold_delta;
    const TreeShape tree(marginal.fanouts);
    const CellSpace cells(plan, marginal);
    for (size_t cell = 0; cell < cells.size(); ++cell) {
      const bool is_first = cells.ValuesOf(cell).front() == 0;
      const auto each = static_cast<int64_t>(
          static_cast<double>(workers) * (is_first ? scale : 1) /
          static_cast<double>(tree.leaf_count() - 2));
      std::vector<int64_t> nodes(tree.node_count());
      for (size_t leaf = 1; leaf + 1 < tree.leaf_count(); ++leaf) {
        for (size_t level = 0; level < tree.levels(); ++level) {
          nodes[tree.NodeOver(level, leaf)] += each;
        }
      }
      released.cells.emplace_back(std::move(nodes));
    }
    release.marginals.push_back(std::move(released));
  }
  return release;
}

}  // namespace commonwage::testing
