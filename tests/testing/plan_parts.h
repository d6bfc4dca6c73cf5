// SPDX-License-Identifier: Apache-2.0
// Where in a plan a table is, and an answer in a table. Programs walk over all
// tables of a plan; tests ask for one.

#ifndef COMMONWAGE_TESTS_TESTING_PLAN_PARTS_H_
#define COMMONWAGE_TESTS_TESTING_PLAN_PARTS_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"

#include "survey/answer.h"
#include "survey/cells.h"
#include "survey/plan/plan.h"

namespace commonwage::testing {

// Returns the index of the table that has the ID, or nullopt.
inline std::optional<size_t> MarginalIndex(const Plan& plan,
                                           absl::string_view id) {
  for (size_t i = 0; i < plan.marginals.size(); ++i) {
    if (plan.marginals[i].id == id) {
      return i;
    }
  }
  return std::nullopt;
}

// Returns the table that has the ID, or null.
inline const Marginal* FindMarginal(const Plan& plan, absl::string_view id) {
  const std::optional<size_t> index = MarginalIndex(plan, id);
  return index.has_value() ? &plan.marginals[*index] : nullptr;
}

// Returns the cell that an answer to the plan falls in.
inline size_t CellOfAnswer(const CellSpace& cells, const Answer& answer) {
  std::vector<size_t> values;
  for (const size_t dimension : cells.dimension_indexes()) {
    values.push_back(answer.value_indexes[dimension]);
  }
  return cells.CellOf(values);
}

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_TESTING_PLAN_PARTS_H_
