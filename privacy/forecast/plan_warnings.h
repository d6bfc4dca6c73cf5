// SPDX-License-Identifier: Apache-2.0
// What a steward should think about before opening a round. Reads the plan
// only.

#ifndef COMMONWAGE_PRIVACY_FORECAST_PLAN_WARNINGS_H_
#define COMMONWAGE_PRIVACY_FORECAST_PLAN_WARNINGS_H_

#include <string>
#include <vector>

#include "privacy/forecast/forecast.h"
#include "survey/plan/plan.h"

namespace commonwage::privacy::forecast {

// Returns one sentence per concern, given the forecasts of `preview`:
//  * cells that could not be shown if every member took part, and cells that
//    would be too small if groups mixed evenly (where `population` is given);
//  * marginals with more cells than people are likely to fill;
//  * totals that no table gives, as sums of cells are withheld with their
//  parts;
//  * marginals that are sums of cells of others, all likely to be shown;
//  * a group of 100 that would mostly be withheld;
//  * bins too wide for heaped pay;
//  * a cap that one round uses up; a loss that protects weakly.
std::vector<std::string> FindWarnings(const Plan& plan,
                                      const PlanPreview& preview);

}  // namespace commonwage::privacy::forecast

#endif  // COMMONWAGE_PRIVACY_FORECAST_PLAN_WARNINGS_H_
