// SPDX-License-Identifier: Apache-2.0
// Cells and releases whose figures can be worked out by hand.

#ifndef COMMONWAGE_TESTS_PRIVACY_ESTIMATE_ESTIMATE_FIXTURES_H_
#define COMMONWAGE_TESTS_PRIVACY_ESTIMATE_ESTIMATE_FIXTURES_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "privacy/estimate/summary.h"
#include "privacy/model/cell_cdf.h"
#include "privacy/model/critical.h"
#include "survey/manifest.h"
#include "survey/plan/plan.h"
#include "survey/release.h"

namespace commonwage::testing {

// One tree with leaves only, measured with this variance each.
std::unique_ptr<privacy::model::CellModel> FlatModel(
    const std::vector<int64_t>& inner_edges, double leaf_variance);

// Edges 1000, 1100, ... : `bins` bins.
std::vector<int64_t> EdgesFrom1000(int64_t bins);

// The nodes of FlatModel over these counts: root (which it ignores), leaves.
std::vector<double> FlatNodes(const std::vector<double>& counts);

// 95 % for Gaussian noise.
privacy::model::Critical Usual();

// The shared sample plan (couriers: platform, and platform by region).
Plan SamplePlan();

// A manifest of `plan` with the least taus.
Manifest ManifestOf(const Plan& plan);

// A release of `plan` whose noise happens to be 0: every cell of every marginal
// holds `workers` spread over the middle bins, scaled by `scale` for the cells
// of the first value of the first dimension.
Release QuietRelease(const Manifest& manifest, int64_t workers,
                     double scale = 1);

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_PRIVACY_ESTIMATE_ESTIMATE_FIXTURES_H_
