// SPDX-License-Identifier: Apache-2.0
// Which coarser tables of a release the cells of a table are parts of.

#ifndef COMMONWAGE_PRIVACY_MODEL_PARENT_CELLS_H_
#define COMMONWAGE_PRIVACY_MODEL_PARENT_CELLS_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"

#include "privacy/model/marginal_view.h"

namespace commonwage::privacy::model {

// A table with some of the dimensions of a finer one, and the same measure.
class ParentTable {
 public:
  // Needs all dimensions of `parent` among those of `table`; both must outlive
  // it. `index` is the parent's marginal.
  ParentTable(const MarginalView& table, const MarginalView& parent,
              size_t index);

  size_t index() const { return index_; }
  size_t dimensions() const { return places_.size(); }

  // Returns the parent's cell that the cell with these values is part of.
  size_t CellOver(absl::Span<const size_t> values) const;

 private:
  const MarginalView* parent_;
  size_t index_;
  std::vector<size_t> places_;  // Of its dimensions, in the finer table's `by`.
};

// Returns the parents of table `index` that have one or two dimensions, fewer
// than the table itself: of each choice of dimensions the first in plan order.
// `views` are all marginals of the release.
std::vector<ParentTable> FindParentTables(absl::Span<const MarginalView> views,
                                          size_t index);

}  // namespace commonwage::privacy::model

#endif  // COMMONWAGE_PRIVACY_MODEL_PARENT_CELLS_H_
