// SPDX-License-Identifier: Apache-2.0
#include "server/statistics/replies.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "server/resource_name.h"
#include "survey/plan/plan.h"

namespace commonwage::server::statistics {
namespace {

namespace estimate = privacy::estimate;

constexpr absl::string_view kCollection = "releases";

using Values = std::vector<std::vector<std::string>>;

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

void FillHistogram(const std::vector<estimate::Estimate>& shares,
                   const Measure& measure, v1::CellFigures* to) {
  const std::vector<int64_t>& edges = measure.inner_edges;
  for (size_t i = 0; i < shares.size(); ++i) {
    v1::HistogramBin* bin = to->add_histogram();
    if (i > 0) {
      bin->set_low(edges[i - 1]);
    }
    if (i < edges.size()) {
      bin->set_high(edges[i]);
    }
    bin->set_share(shares[i].value);
    Fill(shares[i], bin->mutable_estimate());
  }
}

void Fill(const estimate::CellFigures& from, const Measure& measure,
          v1::CellFigures* to) {
  if (from.count.has_value()) {
    Fill(*from.count, to->mutable_count());
  }
  for (const estimate::QuantileFigure& quantile : from.quantiles) {
    v1::QuantileEstimate* added = to->add_quantiles();
    added->set_p(quantile.p);
    Fill(quantile.wage, added->mutable_wage());
    if (quantile.shift_by_k_false.has_value()) {
      added->set_shift_by_k_false(*quantile.shift_by_k_false);
    }
  }
  FillHistogram(from.histogram, measure, to);
  if (from.trimmed_mean.has_value()) {
    Fill(*from.trimmed_mean, to->mutable_trimmed_mean());
  }
  for (const estimate::ShareFigure& share : from.shares_below) {
    v1::ShareEstimate* added = to->add_shares_below();
    added->set_rate(share.rate);
    Fill(share.share, added->mutable_share());
  }
  to->set_near_threshold(from.near_threshold);
}

const Measure& MeasureOf(const LoadedRelease& release, absl::string_view id) {
  return *FindMeasure(release.figures.manifest().plan, id);
}

void FillReference(const LoadedRelease& release, absl::string_view measure_id,
                   absl::string_view marginal, v1::ReleaseReference* to) {
  const Release& artefact = release.figures.release();
  const Measure& measure = MeasureOf(release, measure_id);
  to->set_name(RoundName(kCollection, artefact.round_id));
  to->set_release_digest(std::string(release.card.digest.view()));
  to->set_manifest_hash(std::string(release.card.manifest_hash.view()));
  to->set_admission(AdmissionToProto(release.card.admission));
  to->set_currency(measure.currency);
  to->set_minor_unit_exponent(measure.minor_unit_exponent);
  to->set_period(std::string(NameOf(measure.period)));
  to->set_marginal(std::string(marginal));
  to->set_estimator_version(std::string(kEstimatorVersion));
  to->set_closed_early(artefact.closed_early);
  to->set_k(artefact.k);
}

void FillKey(const std::vector<std::string>& by, const Values& values,
             google::protobuf::RepeatedPtrField<v1::CellCoordinate>* to) {
  for (size_t i = 0; i < by.size(); ++i) {
    v1::CellCoordinate* coordinate = to->Add();
    coordinate->set_dimension(by[i]);
    coordinate->mutable_values()->Add(values[i].begin(), values[i].end());
  }
}

v1::CoarserTable ToProto(const estimate::CoarserTable& from) {
  v1::CoarserTable table;
  table.mutable_by()->Add(from.by.begin(), from.by.end());
  table.set_marginal(from.marginal);
  return table;
}

v1::ChangeFigures ToProto(const estimate::Change& from) {
  v1::ChangeFigures change;
  Fill(from.difference.relative, change.mutable_relative_change());
  if (from.difference.minimum_detectable.has_value()) {
    change.set_minimum_detectable_change(*from.difference.minimum_detectable);
  }
  change.set_verdict(ToProto(from.difference.verdict));
  change.set_since(RoundName(kCollection, from.since));
  return change;
}

// "[platform=bolt-bike,region=north|south]". No identifier has a comma, an
// equals sign or a bar in it.
std::string CellText(const std::vector<std::string>& by, const Values& values) {
  std::string text = "[";
  for (size_t i = 0; i < by.size(); ++i) {
    absl::StrAppend(&text, i == 0 ? "" : ",", by[i], "=",
                    absl::StrJoin(values[i], "|"));
  }
  return absl::StrCat(text, "]");
}

std::string Cite(absl::string_view round_id, const ReleaseCard& card,
                 absl::string_view marginal, absl::string_view cell) {
  return absl::StrCat(ReleaseCitation(round_id, card), " ", marginal, cell);
}

}  // namespace

v1::Admission AdmissionToProto(Admission admission) {
  return admission == Admission::kCredential ? v1::ADMISSION_CREDENTIAL
                                             : v1::ADMISSION_OPEN;
}

std::string ReleaseCitation(absl::string_view round_id,
                            const ReleaseCard& card) {
  return absl::StrCat(round_id,
                      " sha256:", absl::BytesToHexString(card.digest.view()));
}

v1::SummarizeResponse ToReply(const estimate::SummaryResult& result,
                              const LoadedRelease& release) {
  v1::SummarizeResponse reply;
  FillReference(release, result.measure, result.marginal,
                reply.mutable_release());
  reply.set_confidence(result.confidence);
  reply.set_simultaneous(result.simultaneous);
  reply.set_intervals_at_once(result.intervals_at_once);
  if (result.coarser.has_value()) {
    *reply.mutable_coarser_table() = ToProto(*result.coarser);
  }
  const Measure& measure = MeasureOf(release, result.measure);
  for (const estimate::SummaryCell& cell : result.cells) {
    v1::CellSummary* added = reply.add_cells();
    FillKey(result.by, cell.values, added->mutable_key());
    if (cell.figures.has_value()) {
      Fill(*cell.figures, measure, added->mutable_figures());
    } else {
      added->mutable_withheld();
    }
    added->set_citation(Cite(result.round_id, release.card, result.marginal,
                             CellText(result.by, cell.values)));
  }
  return reply;
}

v1::CompareResponse ToReply(const estimate::CompareResult& result,
                            const LoadedRelease& release) {
  v1::CompareResponse reply;
  FillReference(release, result.measure, result.marginal,
                reply.mutable_release());
  reply.set_quantile(result.p);
  FillKey(result.by, result.a_values, reply.mutable_a());
  FillKey(result.by, result.base_values, reply.mutable_base());
  if (result.coarser.has_value()) {
    *reply.mutable_coarser_table() = ToProto(*result.coarser);
  }
  if (result.gap.has_value()) {
    const estimate::Difference& difference = result.gap->difference;
    v1::GapFigures* figures = reply.mutable_figures();
    Fill(difference.relative, figures->mutable_relative_gap());
    if (difference.minimum_detectable.has_value()) {
      figures->set_minimum_detectable_gap(*difference.minimum_detectable);
    }
    figures->set_verdict(ToProto(difference.verdict));
    Fill(result.gap->a, figures->mutable_wage_a());
    Fill(result.gap->base, figures->mutable_wage_base());
  } else {
    reply.mutable_withheld();
  }
  reply.set_citation(
      Cite(result.round_id, release.card, result.marginal,
           absl::StrCat(CellText(result.by, result.a_values), " against ",
                        CellText(result.by, result.base_values))));
  return reply;
}

v1::TrendResponse ToReply(
    const estimate::TrendResult& result,
    absl::Span<const std::shared_ptr<const LoadedRelease>> releases) {
  v1::TrendResponse reply;
  reply.set_quantile(result.p);
  for (size_t i = 0; i < result.points.size(); ++i) {
    const estimate::TrendPoint& point = result.points[i];
    const LoadedRelease& release = *releases[i];
    v1::TrendPoint* added = reply.add_points();
    added->set_name(RoundName(kCollection, point.round_id));
    added->set_admission(AdmissionToProto(release.card.admission));
    if (point.outcome == estimate::TrendOutcome::kNotAsked) {
      added->mutable_not_asked();
      continue;
    }
    const Measure& measure = MeasureOf(release, result.measure);
    reply.set_currency(measure.currency);
    reply.set_minor_unit_exponent(measure.minor_unit_exponent);
    reply.set_period(std::string(NameOf(measure.period)));
    if (point.level.has_value()) {
      Fill(*point.level, added->mutable_wage());
    } else {
      added->mutable_withheld();
    }
    if (point.change.has_value()) {
      *added->mutable_change() = ToProto(*point.change);
      *added->mutable_change_since_first() = ToProto(*point.change_since_first);
    }
    if (point.coarser.has_value()) {
      *added->mutable_coarser_table() = ToProto(*point.coarser);
    }
    added->set_citation(Cite(point.round_id, release.card, point.marginal,
                             CellText(result.by, result.values)));
  }
  return reply;
}

}  // namespace commonwage::server::statistics
