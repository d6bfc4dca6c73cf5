// SPDX-License-Identifier: Apache-2.0
// Plans to begin with: three kinds of survey whose cells are useful at their
// size, on grids from public pay tables.

#ifndef COMMONWAGE_SERVER_STEWARD_PLAN_TEMPLATE_H_
#define COMMONWAGE_SERVER_STEWARD_PLAN_TEMPLATE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "survey/plan.h"

namespace commonwage::server::steward {

// A named rate, such as a minimum wage: an edge of the grid.
struct TemplateAnchor {
  std::string id;
  std::string amount;  // In major units, such as "13.90".
};

// What a template proposes.
struct PlanTemplate {
  std::string name;       // Such as "couriers"; also its survey's ID.
  std::string for_whom;   // One line for the help text.
  std::string title;      // The survey's label.
  std::string pay_label;  // What is asked, and where the grid comes from.
  std::vector<Dimension> dimensions;
  Measure measure;  // Without edges.
  std::string low;  // In major units.
  std::string high;
  size_t bins = 0;
  std::vector<TemplateAnchor> anchors;
  // Rates, in major units, that many people are paid exactly, the most frequent
  // first: each gets a bin of its own, one minor unit wide, as long as the
  // number of bins allows it.
  std::vector<std::string> heaps = {};
  int64_t k = 0;
  std::string threshold_delta;
  int64_t survey_cap_micro_rho = 0;
  // Dimensions and loss in micro-rho of each marginal.
  std::vector<std::pair<std::vector<std::string>, int64_t>> marginals;
};

// What the steward wants otherwise. What is empty is the template's.
struct PlanChoices {
  std::string survey;
  std::string round;  // Else year and quarter of the opening.
  std::string low;    // In major units.
  std::string high;
  std::optional<size_t> bins;  // Taken as TreeBins() of it.
  // Another currency than the template's needs `low` and `high`.
  std::string currency;
  // Besides the template's, or in place of one of that ID. On another grid
  // (low, high or currency) none of the template's is kept, nor its heaps.
  std::vector<TemplateAnchor> anchors;
  std::vector<Dimension> dimensions;    // With other values than there.
  std::optional<absl::Time> opens_at;   // Else the next midnight UTC.
  std::optional<absl::Time> closes_at;  // Else 30 days after the opening.
};

// Returns the templates: "couriers", "small-union", "annual-pay".
std::vector<PlanTemplate> PlanTemplates();

// Returns the plan that `chosen` and `choices` make.
//
// Amounts of another currency have that currency's decimals, or none if the
// template counts in whole units.
//
// Fails with INVALID_ARGUMENT: DIMENSION_UNKNOWN if a choice names a dimension
// that the template does not have; GRID_MISSING if it names another currency
// without both ends of the grid; as ParseAmount and LogSpacedEdges; and with
// PLAN_FAULTY as ParsePlan does.
absl::StatusOr<Plan> PlanFromTemplate(const PlanTemplate& chosen,
                                      const PlanChoices& choices,
                                      absl::Time now);

}  // namespace commonwage::server::steward

#endif  // COMMONWAGE_SERVER_STEWARD_PLAN_TEMPLATE_H_
