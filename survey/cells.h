// SPDX-License-Identifier: Apache-2.0
// The cells of a marginal: every combination of the values it is tabulated by,
// whether anybody is in it or not, in one fixed order.

#ifndef COMMONWAGE_SURVEY_CELLS_H_
#define COMMONWAGE_SURVEY_CELLS_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"

#include "survey/plan/plan.h"

namespace commonwage {

// Row-major: the last dimension of `by` varies fastest.
class CellSpace {
 public:
  // Aborts if `marginal` names a dimension that `plan` does not have.
  CellSpace(const Plan& plan, const Marginal& marginal);

  // Returns the number of cells.
  [[nodiscard]] size_t size() const { return size_; }

  // Returns the number of values of each dimension of `by`.
  [[nodiscard]] const std::vector<size_t>& value_counts() const {
    return value_counts_;
  }

  // Returns where each dimension of `by` is in the plan's list of dimensions.
  [[nodiscard]] const std::vector<size_t>& dimension_indexes() const {
    return dimension_indexes_;
  }

  // Returns the value index of each dimension of `by`. Needs cell < size().
  [[nodiscard]] std::vector<size_t> ValuesOf(size_t cell) const;

  // Returns the cell of one value index for each dimension of `by`. Aborts
  // unless there is one for each and all are in range.
  [[nodiscard]] size_t CellOf(absl::Span<const size_t> values_by) const;

 private:
  std::vector<size_t> value_counts_;
  std::vector<size_t> dimension_indexes_;
  size_t size_ = 1;
};

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_CELLS_H_
