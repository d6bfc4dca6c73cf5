// SPDX-License-Identifier: Apache-2.0
// Which coarser cell of a release a cell is drawn toward.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_KINSHIP_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_KINSHIP_H_

#include <cstddef>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/types/span.h"

#include "privacy/estimate/critical.h"
#include "privacy/estimate/marginal_view.h"
#include "privacy/estimate/quantile.h"
#include "privacy/estimate/shrinkage.h"

namespace commonwage::privacy::estimate {

// The modelled quantiles of one table and one p. A cell's parent is the cell it
// is part of in a marginal of the same measure with some of its dimensions: of
// those that are shown the one with most dimensions, then the first in plan
// order. Where there is none it is the sum of the table's shown cells.
class Kinship {
 public:
  // `views` are all marginals of the release, `index` that of the table.
  Kinship(absl::Span<const MarginalView> views, size_t index, double p);

  // Returns the quantile of a cell that is shown, modelled where that helps.
  LogQuantile QuantileOf(size_t cell) const;

 private:
  std::optional<LogQuantile> ParentOf(size_t cell);

  absl::Span<const MarginalView> views_;
  const MarginalView& table_;
  double p_;
  std::vector<size_t> coarser_;  // Marginals, best first.
  std::map<std::pair<size_t, size_t>, std::optional<LogQuantile>> parents_;
  std::optional<LogQuantile> everybody_;
  std::map<size_t, Kin> kin_;
  std::map<size_t, LogQuantile> orphans_;  // Shown, without any parent.
  std::optional<double> spread_;
};

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_KINSHIP_H_
