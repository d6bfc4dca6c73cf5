// SPDX-License-Identifier: Apache-2.0
// Whether released data show that wages are spread evenly inside a bin.
//
// Many people are paid exactly the same rate, and a bin hides where inside it
// such a heap stands. Interpolating there gives limits that miss far too often.
// A bin in which a heap big enough to matter may hide is told by its
// neighbours: it holds more workers than a smooth curve through them.
//
// Post-processing: spends no budget.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_HEAPS_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_HEAPS_H_

#include <vector>

#include "absl/types/span.h"

#include "privacy/estimate/pay_grid.h"

namespace commonwage::privacy::estimate {

// What "not shown to be smooth" means; tuned on simulated log-normal and
// heaped wages (tests/statistical/coverage_study.cc). No privacy implications.
inline constexpr double kHeapSuspicion = 1.8;  // Standard deviations.
inline constexpr double kRoughness = 3.0;      // Mean square, in variances.
inline constexpr size_t kRoughnessReach = 5;   // Bins to either side.
// Bins narrower than this share of the median width separate a heap from the
// rest: they are left out of the curve, and their edges are close anyway.
inline constexpr double kNarrow = 0.25;
// A limit this many times finer than its bin claims more than a grid can show.
inline constexpr double kFinestShare = 5.0;

// The curve through a bin's neighbours, for one grid.
class HeapDetector {
 public:
  explicit HeapDetector(const PayGrid& grid);

  // Returns, for each bin, how many workers may stand on one side of any point
  // of it beyond what even spreading says: 0 if the bin looks smooth; the
  // excess plus its standard deviation if it looks heaped; infinity if its
  // neighbourhood as a whole is rougher than noise and chance explain, or if
  // nothing can be said (narrow, outermost and open bins).
  //
  // `leaves` are least-squares counts, `leaf_variance` the noise in each.
  std::vector<double> Allowances(absl::Span<const double> leaves,
                                 double leaf_variance) const;

 private:
  // Expected count of a bin = sum of weight * count over its neighbours.
  struct Stencil {
    size_t size = 0;  // 0: no neighbours on one of the sides.
    size_t bins[4] = {};
    double weights[4] = {};
  };
  size_t bins_;
  std::vector<size_t> wide_;       // The inner bins that are not narrow.
  std::vector<Stencil> stencils_;  // Per wide bin.
};

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_HEAPS_H_
