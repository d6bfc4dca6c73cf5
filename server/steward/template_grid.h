// SPDX-License-Identifier: Apache-2.0
// The grid of a plan that is made from a template and a steward's choices.

#ifndef COMMONWAGE_SERVER_STEWARD_TEMPLATE_GRID_H_
#define COMMONWAGE_SERVER_STEWARD_TEMPLATE_GRID_H_

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"

#include "server/steward/plan_template.h"
#include "survey/plan/plan.h"

namespace commonwage::server::steward {

// Whether the grid is another than the template's.
bool IsOwnGrid(const PlanTemplate& chosen, const PlanChoices& choices);

// Returns the named edges: those chosen, and on the template's grid those of
// the template whose ID was not chosen.
std::vector<TemplateAnchor> AnchorsOf(const PlanTemplate& chosen,
                                      const PlanChoices& choices);

// Returns the measure with a grid of `bins` bins.
//
// Fails with INVALID_ARGUMENT: GRID_MISSING for another currency without a
// grid; as ParseAmount and LogSpacedEdges.
absl::StatusOr<Measure> MeasureOf(const PlanTemplate& chosen,
                                  const PlanChoices& choices, size_t bins);

}  // namespace commonwage::server::steward

#endif  // COMMONWAGE_SERVER_STEWARD_TEMPLATE_GRID_H_
