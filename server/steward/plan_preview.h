// SPDX-License-Identifier: Apache-2.0
// A plan's forecast as a message and as a text for stewards.

#ifndef COMMONWAGE_SERVER_STEWARD_PLAN_PREVIEW_H_
#define COMMONWAGE_SERVER_STEWARD_PLAN_PREVIEW_H_

#include <string>

#include "commonwage/v1/plan_preview.pb.h"
#include "privacy/forecast/preview.h"

namespace commonwage::server::steward {

// Returns `preview` as the message that --json prints. An epsilon that is not
// finite is left out.
v1::PlanPreview MessageOf(const privacy::forecast::PlanPreview& preview);

// Returns `preview` as small tables for a terminal of 80 columns.
std::string TextOf(const privacy::forecast::PlanPreview& preview);

}  // namespace commonwage::server::steward

#endif  // COMMONWAGE_SERVER_STEWARD_PLAN_PREVIEW_H_
