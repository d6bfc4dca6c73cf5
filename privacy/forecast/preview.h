// SPDX-License-Identifier: Apache-2.0
// What a plan would give and cost, before anybody has answered. A pure function
// of the plan: it sees no data and spends nothing, so that stewards can try
// plans until one fits.

#ifndef COMMONWAGE_PRIVACY_FORECAST_PREVIEW_H_
#define COMMONWAGE_PRIVACY_FORECAST_PREVIEW_H_

#include "absl/status/statusor.h"

#include "privacy/forecast/forecast.h"
#include "survey/plan/plan.h"

namespace commonwage::privacy::forecast {

// Forecasts what `plan` would deliver after the rule that shows or withholds.
// The half-widths assume reference wages: log-normal, their median around the
// (geometric) middle of the grid, the standard deviation of their logarithm 0.5
// or a quarter of the grid's width, whichever is less. Real pay gives other
// widths: narrower where it is more alike.
//
// Fails as LossOf does for a plan whose loss or threshold cannot be computed.
absl::StatusOr<PlanPreview> Preview(const Plan& plan);

}  // namespace commonwage::privacy::forecast

#endif  // COMMONWAGE_PRIVACY_FORECAST_PREVIEW_H_
