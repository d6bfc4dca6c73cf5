// SPDX-License-Identifier: Apache-2.0
#include "survey/cells.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"

#include "base/check.h"
#include "survey/plan/plan.h"

namespace commonwage {

CellSpace::CellSpace(const Plan& plan, const Marginal& marginal) {
  for (const std::string& id : marginal.by) {
    const std::optional<size_t> index = DimensionIndex(plan, id);
    COMMONWAGE_CHECK(index.has_value());
    dimension_indexes_.push_back(*index);
    value_counts_.push_back(plan.dimensions[*index].values.size());
    size_ *= value_counts_.back();
  }
}

std::vector<size_t> CellSpace::ValuesOf(size_t cell) const {
  COMMONWAGE_CHECK(cell < size_);
  std::vector<size_t> values(value_counts_.size());
  for (size_t i = value_counts_.size(); i-- > 0;) {
    values[i] = cell % value_counts_[i];
    cell /= value_counts_[i];
  }
  return values;
}

size_t CellSpace::CellOf(absl::Span<const size_t> values_by) const {
  COMMONWAGE_CHECK(values_by.size() == value_counts_.size());
  size_t cell = 0;
  for (size_t i = 0; i < value_counts_.size(); ++i) {
    COMMONWAGE_CHECK(values_by[i] < value_counts_[i]);
    cell = cell * value_counts_[i] + values_by[i];
  }
  return cell;
}

}  // namespace commonwage
