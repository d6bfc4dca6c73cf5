// SPDX-License-Identifier: Apache-2.0
// One marginal of a release with all that its plan says about it.

#ifndef COMMONWAGE_PRIVACY_MODEL_MARGINAL_VIEW_H_
#define COMMONWAGE_PRIVACY_MODEL_MARGINAL_VIEW_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"

#include "privacy/model/cell_cdf.h"
#include "survey/cells.h"
#include "survey/plan/plan.h"
#include "survey/release.h"

namespace commonwage::privacy::model {

// Returns the variance of each level's noise, root first: the exact one, which
// for the discrete Gaussian is below sigma^2 when sigma^2 is small.
std::vector<double> ComputeLevelVariances(const Marginal& marginal);

// Returns what all cells of `marginal` share. Needs its measure in `plan`.
CellModel MakeCellModel(const Plan& plan, const Marginal& marginal);

// Several cells taken together.
struct CellSum {
  CellCdf cdf;
  size_t parts = 1;
  // Parts whose noisy count is within two noise standard deviations of the
  // threshold hold more than a tenth of the sum.
  bool near_threshold = false;
};

// Immutable. Keeps references to plan and release, which must outlive it.
class MarginalView {
 public:
  // Needs a release that fits the plan; `index` is the marginal's in both.
  MarginalView(const Plan& plan, const Release& release, size_t index);

  const Plan& plan() const { return *plan_; }
  const Marginal& marginal() const { return *marginal_; }
  const Measure& measure() const { return *measure_; }
  const CellModel& model() const { return model_; }
  const CellSpace& cells() const { return cells_; }

  bool IsShown(size_t cell) const { return released_->cells[cell].has_value(); }

  // Returns the sum of `cells`, one at least and all different; nullopt if one
  // of them is withheld.
  std::optional<CellSum> AddUp(absl::Span<const size_t> cells) const;

 private:
  const Plan* plan_;
  const Marginal* marginal_;
  const Measure* measure_;
  const ReleasedMarginal* released_;
  CellModel model_;
  CellSpace cells_;
  double near_count_ = 0;  // Counts below this are near the threshold.
};

}  // namespace commonwage::privacy::model

#endif  // COMMONWAGE_PRIVACY_MODEL_MARGINAL_VIEW_H_
