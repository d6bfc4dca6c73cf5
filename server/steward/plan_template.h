// SPDX-License-Identifier: Apache-2.0
// Plans to begin with: three kinds of survey, on grids from public pay tables,
// measured as serves cells of the sizes that they expect.

#ifndef COMMONWAGE_SERVER_STEWARD_PLAN_TEMPLATE_H_
#define COMMONWAGE_SERVER_STEWARD_PLAN_TEMPLATE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "privacy/forecast/budget.h"
#include "survey/plan/plan.h"

namespace commonwage::server::steward {

// A named rate, such as a minimum wage: an edge of the grid.
struct TemplateAnchor {
  std::string id;
  std::string amount;  // In major units, such as "13.90".
};

// Edges `first`, `first` + `step`, ... to `last`, in minor units.
struct EdgeRun {
  int64_t first = 0;
  int64_t last = 0;
  int64_t step = 1;
};

// What a template proposes.
struct PlanTemplate {
  std::string name;       // Such as "couriers"; also its survey's ID.
  std::string for_whom;   // One line for the help text.
  std::string title;      // The survey's label.
  std::string pay_label;  // What is asked, and where the grid comes from.
  std::vector<Dimension> dimensions;
  // Without edges. A tail begins at the first edge from its `from` on.
  Measure measure;
  std::string low;  // In major units.
  std::string high;
  // The edges of the template's own grid, where they are not simply as equal in
  // logarithm as the anchors let them be.
  std::vector<EdgeRun> edge_runs = {};
  std::vector<TemplateAnchor> anchors;
  int64_t k = 0;
  std::string threshold_delta;
  int64_t survey_cap_micro_rho = 0;
  // Dimensions and loss in micro-rho of each marginal.
  std::vector<std::pair<std::vector<std::string>, int64_t>> marginals;
  // What ChooseBudget finds for cells of these sizes on the template's own
  // grids: a test computes it again.
  privacy::forecast::ExpectedSizes expected;
  size_t bins = 0;
  std::vector<int64_t> fanouts;
  double root_share = 0;
};

// What the steward wants otherwise. What is empty is the template's.
struct PlanChoices {
  std::string survey;
  std::string round;  // Else year and quarter of the opening.
  std::string low;    // In major units.
  std::string high;
  std::optional<size_t> bins;  // Taken as TreeBins() of it.
  // Another currency than the template's needs `low` and `high`, or `steps`.
  std::string currency;
  // Besides the template's, or in place of one of that ID. On another grid
  // (low, high, currency or steps) none of the template's is kept.
  std::vector<TemplateAnchor> anchors;
  // The steps of a public pay scale, in major units: each gets a bin of its
  // own. Without `low` and `high` the grid goes from four fifths of the lowest
  // to five quarters of the highest.
  std::vector<std::string> steps;
  // Another than the template's, another grid or number of bins: the budget is
  // weighed anew, which takes about a second.
  std::optional<privacy::forecast::ExpectedSizes> expected;
  std::vector<Dimension> dimensions;    // With other values than there.
  std::optional<absl::Time> opens_at;   // Else the next midnight UTC.
  std::optional<absl::Time> closes_at;  // Else 30 days after the opening.
};

// Returns the templates: "couriers", "small-union", "annual-pay".
std::vector<PlanTemplate> PlanTemplates();

// Whether PlanFromTemplate weighs budgets anew for these choices.
bool WeighsAnew(const PlanChoices& choices);

// Returns how the tables of a plan from `chosen` are best measured: the budget
// with the best yield (privacy/forecast/budget.h) for the table that costs
// most, over grids of 16, 32, 64, 128 and 256 bins, or of the bins chosen, as
// far as the grid allows them.
//
// Fails as PlanFromTemplate does for a grid.
absl::StatusOr<privacy::forecast::Budget> ChooseBudget(
    const PlanTemplate& chosen, const PlanChoices& choices);

// Returns the plan that `chosen` and `choices` make.
//
// Amounts of another currency have that currency's decimals, or none if the
// template counts in whole units.
//
// Fails with INVALID_ARGUMENT: DIMENSION_UNKNOWN if a choice names a dimension
// that the template does not have; GRID_MISSING if it names another currency
// without a grid; as ParseAmount and LogSpacedEdges; and with PLAN_FAULTY as
// ParsePlan does.
absl::StatusOr<Plan> PlanFromTemplate(const PlanTemplate& chosen,
                                      const PlanChoices& choices,
                                      absl::Time now);

}  // namespace commonwage::server::steward

#endif  // COMMONWAGE_SERVER_STEWARD_PLAN_TEMPLATE_H_
