// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/trend.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/status_macros.h"
#include "figures/replies.h"
#include "figures/reply_parts.h"
#include "privacy/estimate/result.h"
#include "survey/plan/plan.h"

namespace commonwage::figures {
namespace {

namespace estimate = privacy::estimate;

v1::ChangeFigures TellChange(const estimate::Change& from) {
  v1::ChangeFigures change;
  *change.mutable_relative_change() = ToProto(from.difference.relative);
  if (from.difference.minimum_detectable.has_value()) {
    change.set_minimum_detectable_change(*from.difference.minimum_detectable);
  }
  change.set_verdict(ToProto(from.difference.verdict));
  change.set_since(ReleaseName(from.since));
  return change;
}

// Needs a point of a round that asked for the cell.
void FillOutcome(const estimate::TrendPoint& point, v1::TrendPoint* to) {
  if (point.level.has_value()) {
    *to->mutable_wage() = ToProto(*point.level);
  } else {
    to->mutable_withheld();
  }
  if (point.change.has_value()) {
    *to->mutable_change() = TellChange(*point.change);
    *to->mutable_change_since_first() = TellChange(*point.change_since_first);
  }
  if (point.coarser.has_value()) {
    *to->mutable_coarser_table() = ToProto(*point.coarser);
  }
}

}  // namespace

absl::StatusOr<v1::TrendResponse> Trend(
    const estimate::TrendRequest& question,
    const std::vector<std::shared_ptr<const LoadedRelease>>& releases) {
  std::vector<const estimate::Figures*> rounds;
  rounds.reserve(releases.size());
  for (const auto& release : releases) {
    rounds.push_back(&release->figures);
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const estimate::TrendResult result,
                              estimate::Trend(rounds, question));
  v1::TrendResponse reply;
  reply.set_quantile(result.p);
  for (size_t i = 0; i < result.points.size(); ++i) {
    const estimate::TrendPoint& point = result.points[i];
    const LoadedRelease& release = *releases[i];
    v1::TrendPoint* added = reply.add_points();
    added->set_name(ReleaseName(point.round_id));
    added->set_admission(ToProto(release.identity.admission));
    if (point.outcome == estimate::TrendOutcome::kNotAsked) {
      added->mutable_not_asked();
      continue;
    }
    const Measure& measure =
        *FindMeasure(release.figures.manifest().plan, result.measure);
    reply.set_currency(measure.currency);
    reply.set_minor_unit_exponent(measure.minor_unit_exponent);
    reply.set_period(std::string(NameOf(measure.period)));
    FillOutcome(point, added);
    added->set_citation(Cite(point.round_id, release.identity, point.marginal,
                             CellText(result.by, result.values)));
  }
  return reply;
}

}  // namespace commonwage::figures
