// SPDX-License-Identifier: Apache-2.0
// Modelled quantiles: where a small cell's own figure says little, it is drawn
// toward what the rest of the release says of the cell (small_area_model.h).
//
// With d the cell's own quantile, H its half-width, and m, v, s and B of the
// model, the median is
//   x = d + B (m - d), moved by kMostMove H at most (limited translation:
//                      Efron and Morris 1972).
// Another quantile is the median as it is shown, plus the distance between the
// two, modelled likewise. Limits are those of fab_limits.h, widened to hold x:
// they are true in every single cell, also in one that is unlike the others.
// The value is not: it leans toward the others, and is no evidence about one
// cell against them.
//
// A modelled figure is offered only where it was shown to be nearer to the
// truth (tests/statistical/modelled_accuracy.cc):
//  * in tables with kFewestCells shown cells, of measures without pay steps,
//    for p between kLeastP and 1 - kLeastP;
//  * for cells with T < kMostWorkers whose own interval has a half-width above
//    kLeastHalfWidth;
//  * if B is kLeastBorrowed at least, B being that of the target: where cells
//    differ much from what is expected there is nothing to be had.
// Elsewhere the plain figure stands.
//
// Post-processing: spends no budget.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_MODELLED_QUANTILES_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_MODELLED_QUANTILES_H_

#include <cstddef>
#include <map>
#include <optional>

#include "absl/types/span.h"

#include "privacy/estimate/fab_limits.h"
#include "privacy/estimate/quantile.h"
#include "privacy/estimate/small_area_model.h"
#include "privacy/model/marginal_view.h"

namespace commonwage::privacy::estimate {

// No privacy implications, here and below.
inline constexpr size_t kFewestCells = 8;
inline constexpr double kLeastP = 0.1;
inline constexpr double kMostWorkers = 100;
inline constexpr double kLeastHalfWidth = 0.1;
inline constexpr double kLeastBorrowed = 0.2;
inline constexpr double kMostMove = 0.75;

// The modelled quantiles of one table. Makes the model of each p when it is
// first asked for. Not thread-safe.
class ModelledQuantiles {
 public:
  // `views` are all marginals of the release, `index` that of the table; they
  // must outlive it.
  ModelledQuantiles(absl::Span<const model::MarginalView> views, size_t index);

  // Returns the modelled quantile p, 0 < p < 1, of a cell; nullopt if it is not
  // offered, and the cell's own stands.
  std::optional<LogQuantile> QuantileOf(size_t cell, double p);

 private:
  // The median of a cell, modelled or not.
  struct Median {
    SmallAreaEstimate estimate;
    bool is_offered = false;
    double shown = 0;  // As the reader sees it.
  };
  // A modelled figure without its limits.
  struct Point {
    LogQuantile quantile;
    Expectation expected;
    double deviation = 0;  // Of the cell's own quantile.
  };
  // Both cell by cell.
  using Medians = std::map<size_t, Median>;
  using Points = std::map<size_t, Point>;

  const Points& PointsAt(double p);
  Points MedianPoints();
  Points OtherPoints(double p);

  absl::Span<const model::MarginalView> views_;
  size_t index_;
  bool is_offered_;
  std::map<double, Points> points_;
  Medians medians_;
};

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_MODELLED_QUANTILES_H_
