// SPDX-License-Identifier: Apache-2.0
#include "absl/strings/str_cat.h"

#include "base/status_macros.h"
#include "figures/replies.h"
#include "figures/reply_parts.h"
#include "privacy/estimate/result.h"
#include "survey/plan/plan.h"

namespace commonwage::figures {
namespace {

namespace estimate = privacy::estimate;

v1::GapFigures TellGap(const estimate::Gap& gap) {
  v1::GapFigures figures;
  const estimate::Difference& difference = gap.difference;
  *figures.mutable_relative_gap() = ToProto(difference.relative);
  if (difference.minimum_detectable.has_value()) {
    figures.set_minimum_detectable_gap(*difference.minimum_detectable);
  }
  figures.set_verdict(ToProto(difference.verdict));
  *figures.mutable_wage_a() = ToProto(gap.a);
  *figures.mutable_wage_base() = ToProto(gap.base);
  return figures;
}

}  // namespace

absl::StatusOr<v1::CompareResponse> Compare(
    const estimate::CompareRequest& question, const estimate::Figures& figures,
    const ReleaseIdentity& identity) {
  COMMONWAGE_ASSIGN_OR_RETURN(const estimate::CompareResult result,
                              figures.Compare(question));
  v1::CompareResponse reply;
  *reply.mutable_release() = ReferenceTo(
      figures, identity, *FindMeasure(figures.manifest().plan, result.measure),
      result.marginal);
  reply.set_quantile(result.p);
  FillKey(result.by, result.a_values, reply.mutable_a());
  FillKey(result.by, result.base_values, reply.mutable_base());
  if (result.coarser.has_value()) {
    *reply.mutable_coarser_table() = ToProto(*result.coarser);
  }
  if (result.gap.has_value()) {
    *reply.mutable_figures() = TellGap(*result.gap);
  } else {
    reply.mutable_withheld();
  }
  reply.set_citation(
      Cite(result.round_id, identity, result.marginal,
           absl::StrCat(CellText(result.by, result.a_values), " against ",
                        CellText(result.by, result.base_values))));
  return reply;
}

}  // namespace commonwage::figures
