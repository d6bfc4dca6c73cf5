// SPDX-License-Identifier: Apache-2.0
// The parts that replies are put together from, as they go over the wire.

#ifndef COMMONWAGE_FIGURES_REPLY_PARTS_H_
#define COMMONWAGE_FIGURES_REPLY_PARTS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "commonwage/v1/statistics.pb.h"
#include "commonwage/v1/statistics_service.pb.h"
#include "figures/release_identity.h"
#include "privacy/estimate/estimate.h"
#include "privacy/estimate/result.h"
#include "survey/plan/plan.h"

#include <google/protobuf/repeated_field.h>

namespace commonwage::figures {

// Of each dimension of a table, the values that were taken together.
using CellValues = std::vector<std::vector<std::string>>;

v1::Estimate ToProto(const privacy::estimate::Estimate& from);
v1::Verdict ToProto(privacy::estimate::Verdict verdict);
v1::CoarserTable ToProto(const privacy::estimate::CoarserTable& from);

// Returns what figures of `marginal` stand on. Needs figures of the release
// that `identity` identifies, and its plan to have `measure`.
v1::ReleaseReference ReferenceTo(const privacy::estimate::Figures& figures,
                                 const ReleaseIdentity& identity,
                                 const Measure& measure,
                                 absl::string_view marginal);

// Adds one coordinate for each dimension of `by`.
void FillKey(const std::vector<std::string>& by, const CellValues& values,
             google::protobuf::RepeatedPtrField<v1::CellCoordinate>* to);

// Returns "[platform=bolt-bike,region=north|south]".
std::string CellText(const std::vector<std::string>& by,
                     const CellValues& values);

// Returns how to cite figures of `cell`, a CellText: "couriers.2026-q1
// sha256:0123... platform[platform=other]".
std::string Cite(absl::string_view round_id, const ReleaseIdentity& identity,
                 absl::string_view marginal, absl::string_view cell);

}  // namespace commonwage::figures

#endif  // COMMONWAGE_FIGURES_REPLY_PARTS_H_
