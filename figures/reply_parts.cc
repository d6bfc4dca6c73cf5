// SPDX-License-Identifier: Apache-2.0
#include "figures/reply_parts.h"

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"

#include "figures/estimator_version.h"

namespace commonwage::figures {
namespace {

namespace estimate = privacy::estimate;

v1::Quality ToProto(estimate::Quality quality) {
  switch (quality) {
    case estimate::Quality::kGood:
      return v1::QUALITY_GOOD;
    case estimate::Quality::kFair:
      return v1::QUALITY_FAIR;
    case estimate::Quality::kPoor:
      return v1::QUALITY_POOR;
  }
  return v1::QUALITY_UNSPECIFIED;
}

v1::Position ToProto(estimate::Position position) {
  switch (position) {
    case estimate::Position::kInside:
      return v1::POSITION_INSIDE;
    case estimate::Position::kBelow:
      return v1::POSITION_BELOW;
    case estimate::Position::kAbove:
      return v1::POSITION_ABOVE;
    case estimate::Position::kUnknown:
      return v1::POSITION_UNKNOWN;
  }
  return v1::POSITION_UNSPECIFIED;
}

}  // namespace

v1::Verdict ToProto(estimate::Verdict verdict) {
  switch (verdict) {
    case estimate::Verdict::kClear:
      return v1::VERDICT_CLEAR;
    case estimate::Verdict::kNoClearDifference:
      return v1::VERDICT_NO_CLEAR_DIFFERENCE;
    case estimate::Verdict::kTooLittleData:
      return v1::VERDICT_TOO_LITTLE_DATA;
  }
  return v1::VERDICT_UNSPECIFIED;
}

v1::Estimate ToProto(const estimate::Estimate& from) {
  v1::Estimate to;
  const bool has_number = from.position != estimate::Position::kUnknown;
  to.set_value(has_number ? from.value : 0);
  v1::Interval* interval = to.mutable_interval();
  interval->set_low(from.interval.low);
  interval->set_high(from.interval.high);
  interval->set_open_low(from.interval.open_low);
  interval->set_open_high(from.interval.open_high);
  to.set_noise_sd(from.noise_sd);
  to.set_sampling_sd(from.sampling_sd);
  to.set_model_sd(from.model_sd);
  to.set_quality(ToProto(from.quality));
  to.set_modelled(from.modelled);
  to.set_interpolated(from.interpolated);
  to.set_position(ToProto(from.position));
  return to;
}

v1::CoarserTable ToProto(const estimate::CoarserTable& from) {
  v1::CoarserTable table;
  table.mutable_by()->Add(from.by.begin(), from.by.end());
  table.set_marginal(from.marginal);
  return table;
}

v1::ReleaseReference ReferenceTo(const estimate::Figures& figures,
                                 const ReleaseIdentity& identity,
                                 const Measure& measure,
                                 absl::string_view marginal) {
  const Release& artefact = figures.release();
  v1::ReleaseReference reference;
  reference.set_name(ReleaseName(artefact.round_id));
  reference.set_release_digest(std::string(identity.digest.view()));
  reference.set_manifest_hash(std::string(identity.manifest_hash.view()));
  reference.set_admission(ToProto(identity.admission));
  reference.set_currency(measure.currency);
  reference.set_minor_unit_exponent(measure.minor_unit_exponent);
  reference.set_period(std::string(NameOf(measure.period)));
  reference.set_marginal(std::string(marginal));
  reference.set_estimator_version(std::string(kEstimatorVersion));
  reference.set_closed_early(artefact.closed_early);
  reference.set_k(artefact.k);
  return reference;
}

void FillKey(const std::vector<std::string>& by, const CellValues& values,
             google::protobuf::RepeatedPtrField<v1::CellCoordinate>* to) {
  for (size_t i = 0; i < by.size(); ++i) {
    v1::CellCoordinate* coordinate = to->Add();
    coordinate->set_dimension(by[i]);
    coordinate->mutable_values()->Add(values[i].begin(), values[i].end());
  }
}

// No identifier has a comma, an equals sign or a bar in it.
std::string CellText(const std::vector<std::string>& by,
                     const CellValues& values) {
  std::string text = "[";
  for (size_t i = 0; i < by.size(); ++i) {
    absl::StrAppend(&text, i == 0 ? "" : ",", by[i], "=",
                    absl::StrJoin(values[i], "|"));
  }
  return absl::StrCat(text, "]");
}

std::string Cite(absl::string_view round_id, const ReleaseIdentity& identity,
                 absl::string_view marginal, absl::string_view cell) {
  return absl::StrCat(ReleaseCitation(round_id, identity), " ", marginal, cell);
}

}  // namespace commonwage::figures
