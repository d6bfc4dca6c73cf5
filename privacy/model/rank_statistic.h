// SPDX-License-Identifier: Apache-2.0
// What a release says, edge by edge, about "a share p is paid less than this".
//
// With U_j the sum of the first j unbiased least-squares leaves and T = U_K,
//   D_j = U_j - p T
// is above zero where more than the share p is paid less than edge j. Noise
// makes D fall where it should rise; D' is the isotonic regression of D with
// weights 1 / V_j, V_j being the variance that noise gives to D_j. Its reach,
// z S_j, adds the error of having asked these workers and no others:
//   S_j^2 = V_j + max(T, 1) p (1 - p).
// U is not the non-negative fit: that one is biased upward where few work.
//
// Post-processing: spends no budget.

#ifndef COMMONWAGE_PRIVACY_MODEL_RANK_STATISTIC_H_
#define COMMONWAGE_PRIVACY_MODEL_RANK_STATISTIC_H_

#include <cstddef>
#include <vector>

#include "privacy/model/cell_cdf.h"
#include "privacy/model/critical.h"

namespace commonwage::privacy::model {

// D' and its reach for one p, at the edges j = 0 to bins(): edge 0 lies below
// everybody and edge bins() above.
class RankStatistic {
 public:
  // Needs 0 < p < 1.
  RankStatistic(const CellCdf& cdf, double p, const Critical& critical);

  size_t bins() const { return values_.size() - 1; }

  // D'_j, in workers.
  double At(size_t j) const { return values_[j]; }

  // z S_j, in workers.
  double Reach(size_t j) const { return reaches_[j]; }

  // The first edge where D' + side z S >= level; bins() + 1 if there is none.
  // `side` is -1, 0 or +1.
  size_t FirstNotBelow(double level, double side) const;

  // The last edge where D' + side z S <= level, plus 1; 0 if there is none.
  size_t PastLastNotAbove(double level, double side) const;

 private:
  std::vector<double> values_;
  std::vector<double> reaches_;
};

}  // namespace commonwage::privacy::model

#endif  // COMMONWAGE_PRIVACY_MODEL_RANK_STATISTIC_H_
