// SPDX-License-Identifier: Apache-2.0
// Simulated cells: workers drawn from a made world, noise by the very code that
// draws releases, and the estimators' view of the result.

#ifndef COMMONWAGE_TESTS_STATISTICAL_COVERAGE_CELLS_H_
#define COMMONWAGE_TESTS_STATISTICAL_COVERAGE_CELLS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "privacy/model/cell_cdf.h"
#include "privacy/noise/release_steps.h"
#include "survey/plan/plan.h"
#include "tests/statistical/coverage_world.h"
#include "tests/testing/seeded_random.h"

namespace commonwage::testing {

// How a cell is measured.
struct Design {
  std::string name;
  Mechanism mechanism = Mechanism::kDiscreteGaussian;
  std::vector<int64_t> fanouts;
  std::vector<int64_t> micro_loss_per_level;
  std::vector<int64_t> inner_edges;
};

// Draws cells of one table. Not thread-safe.
class CellSimulator {
 public:
  // A table of a plan, as it is; or one that is measured as `design` says.
  CellSimulator(const Plan& plan, const Marginal& marginal, uint64_t seed);
  CellSimulator(const Design& design, uint64_t seed);

  const privacy::model::CellModel& model() const { return model_; }
  Mechanism mechanism() const { return mechanism_; }

  // Returns the counts per bin of `n` workers of whom shares[i] are expected in
  // bin i.
  std::vector<int64_t> DrawCounts(const std::vector<double>& shares, int64_t n);

  // Returns the noisy nodes over these counts per bin. No cell is withheld, so
  // that what is measured is unconditional.
  std::vector<double> DrawNoise(const std::vector<int64_t>& counts);

  // Both in one: the noisy nodes of `n` drawn workers.
  std::vector<double> DrawNodes(const std::vector<double>& shares, int64_t n);

  // The same as a CDF; and over `parts` such cells that share the workers.
  privacy::model::CellCdf Draw(const std::vector<double>& shares, int64_t n,
                               size_t parts = 1);

 private:
  Mechanism mechanism_;
  privacy::model::CellModel model_;
  privacy::noise::CellTerms terms_;
  SeededRandom people_;
  SeededRandom noise_source_;
  privacy::noise::RandomBuffer noise_;
};

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_STATISTICAL_COVERAGE_CELLS_H_
