// SPDX-License-Identifier: Apache-2.0
#include "client/verify/verified_figures.h"

#include <cstddef>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "base/status_macros.h"
#include "crypto/hash.h"
#include "survey/domain_labels.h"
#include "survey/plan/plan.h"

namespace commonwage::client {
namespace {

namespace estimate = privacy::estimate;
using estimate::Figures;

// Of the figures that this program computes; a server may have another's.
constexpr char kEstimatorVersion[] = "2";

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

void Fill(const estimate::Estimate& from, v1::Estimate* to) {
  const bool has_number = from.position != estimate::Position::kUnknown;
  to->set_value(has_number ? from.value : 0);
  v1::Interval* interval = to->mutable_interval();
  interval->set_low(from.interval.low);
  interval->set_high(from.interval.high);
  interval->set_open_low(from.interval.open_low);
  interval->set_open_high(from.interval.open_high);
  to->set_noise_sd(from.noise_sd);
  to->set_sampling_sd(from.sampling_sd);
  to->set_model_sd(from.model_sd);
  to->set_quality(ToProto(from.quality));
  to->set_modelled(from.modelled);
  to->set_interpolated(from.interpolated);
  to->set_position(ToProto(from.position));
}

void Fill(const estimate::CellFigures& from, v1::CellFigures* to) {
  Fill(*from.count, to->mutable_count());
  for (const estimate::QuantileFigure& quantile : from.quantiles) {
    v1::QuantileEstimate* added = to->add_quantiles();
    added->set_p(quantile.p);
    Fill(quantile.wage, added->mutable_wage());
    if (quantile.shift_by_k_false.has_value()) {
      added->set_shift_by_k_false(*quantile.shift_by_k_false);
    }
  }
  to->set_near_threshold(from.near_threshold);
}

v1::ReleaseReference ReferenceOf(const Figures& figures,
                                 const std::string& digest,
                                 const estimate::SummaryResult& result) {
  const Manifest& manifest = figures.manifest();
  const Measure& measure = *FindMeasure(manifest.plan, result.measure);
  v1::ReleaseReference reference;
  reference.set_name(absl::StrCat("releases/", result.round_id));
  reference.set_release_digest(digest);
  reference.set_manifest_hash(
      std::string(figures.release().manifest_hash.view()));
  reference.set_admission(manifest.admission == Admission::kCredential
                              ? v1::ADMISSION_CREDENTIAL
                              : v1::ADMISSION_OPEN);
  reference.set_currency(measure.currency);
  reference.set_minor_unit_exponent(measure.minor_unit_exponent);
  reference.set_period(std::string(NameOf(measure.period)));
  reference.set_marginal(result.marginal);
  reference.set_estimator_version(kEstimatorVersion);
  reference.set_closed_early(figures.release().closed_early);
  reference.set_k(figures.release().k);
  return reference;
}

v1::CellSummary CellOf(const estimate::SummaryResult& result,
                       const estimate::SummaryCell& cell,
                       const std::string& digest) {
  v1::CellSummary summary;
  std::vector<std::string> coordinates;
  for (size_t i = 0; i < result.by.size(); ++i) {
    v1::CellCoordinate* coordinate = summary.add_key();
    coordinate->set_dimension(result.by[i]);
    coordinate->mutable_values()->Add(cell.values[i].begin(),
                                      cell.values[i].end());
    coordinates.push_back(
        absl::StrCat(result.by[i], "=", absl::StrJoin(cell.values[i], "|")));
  }
  if (cell.figures.has_value()) {
    Fill(*cell.figures, summary.mutable_figures());
  } else {
    summary.mutable_withheld();
  }
  summary.set_citation(absl::StrCat(
      result.round_id, " sha256:", absl::BytesToHexString(digest), " ",
      result.marginal, "[", absl::StrJoin(coordinates, ","), "]"));
  return summary;
}

}  // namespace

absl::StatusOr<std::vector<v1::SummarizeResponse>> TablesOf(
    const Figures& figures, const v1::SignedRelease& release) {
  const std::string digest(
      crypto::Sha256(kReleaseHashLabel, release.release()).view());
  std::vector<v1::SummarizeResponse> tables;
  for (const Marginal& marginal : figures.manifest().plan.marginals) {
    estimate::SummaryRequest request;
    request.measure = marginal.measure;
    request.by = marginal.by;
    request.count = true;
    request.quantiles = {0.1, 0.25, 0.5, 0.75, 0.9};
    COMMONWAGE_ASSIGN_OR_RETURN(const estimate::SummaryResult result,
                                figures.Summarize(request));
    v1::SummarizeResponse& table = tables.emplace_back();
    *table.mutable_release() = ReferenceOf(figures, digest, result);
    for (const estimate::SummaryCell& cell : result.cells) {
      *table.add_cells() = CellOf(result, cell, digest);
    }
    table.set_confidence(result.confidence);
    table.set_simultaneous(result.simultaneous);
  }
  return tables;
}

}  // namespace commonwage::client
