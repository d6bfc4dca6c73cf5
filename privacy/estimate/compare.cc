// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "privacy/estimate/gap.h"
#include "privacy/estimate/quantile.h"
#include "privacy/estimate/selection.h"
#include "privacy/estimate/summary.h"
#include "privacy/model/critical.h"

namespace commonwage::privacy::estimate {
namespace {

// Errors of groups that share workers go together; the interval of a gap takes
// them to be independent.
bool Overlap(const ChosenValues& a, const ChosenValues& b) {
  for (size_t d = 0; d < a.size(); ++d) {
    const bool shared =
        std::any_of(a[d].begin(), a[d].end(), [&b, d](size_t value) {
          return std::binary_search(b[d].begin(), b[d].end(), value);
        });
    if (!shared) {
      return false;
    }
  }
  return true;
}

// A coarser table has both groups as cells only if both are all of a dimension.
// Per dimension the values of the group that has fewer of them.
ChosenValues Fewer(const ChosenValues& a, const ChosenValues& base) {
  ChosenValues fewer = a;
  for (size_t d = 0; d < a.size(); ++d) {
    if (base[d].size() < a[d].size()) {
      fewer[d] = base[d];
    }
  }
  return fewer;
}

Gap EstimateGap(const model::CellSum& a, const model::CellSum& base, double p,
                const model::Critical& critical) {
  const LogQuantile a_quantile = FindQuantile(a.cdf, p, critical);
  const LogQuantile base_quantile = FindQuantile(base.cdf, p, critical);
  Gap gap;
  gap.a = WageOf(a_quantile);
  gap.base = WageOf(base_quantile);
  gap.difference = JudgeDifference(a_quantile, base_quantile, kGapWorthSeeing);
  if (a.near_threshold) {
    gap.a.quality = Quality::kPoor;
  }
  if (base.near_threshold) {
    gap.base.quality = Quality::kPoor;
  }
  // One was perhaps shown because its noise was high; no interval has that.
  if (a.near_threshold || base.near_threshold) {
    TakeVerdict(gap.difference);
  }
  return gap;
}

}  // namespace

absl::StatusOr<CompareResult> Figures::Compare(
    const CompareRequest& request) const {
  std::vector<Fault> faults;
  CheckQuantile(request.p, "p", faults);
  if (!faults.empty()) {
    return FaultyRequest(faults);
  }
  const Plan& plan = manifest().plan;
  COMMONWAGE_ASSIGN_OR_RETURN(
      const size_t index, FindMarginalBy(plan, request.measure, request.by));
  const model::MarginalView& view = marginals()[index];
  const Marginal& marginal = view.marginal();
  COMMONWAGE_ASSIGN_OR_RETURN(const ChosenValues a,
                              ChooseValues(plan, marginal, request.a, "a"));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const ValuesByDimension asked_base,
      ChooseBase(plan, marginal, request.a, request.base));
  COMMONWAGE_ASSIGN_OR_RETURN(const ChosenValues base,
                              ChooseValues(plan, marginal, asked_base, "base"));
  if (Overlap(a, base)) {
    return RefusalOfFields(
        Reason::kOverlappingCells,
        "Somebody could be in both groups; compare groups that have nobody in "
        "common.",
        {{"base", "Must have no cell in common with a."}});
  }
  CompareResult result;
  result.round_id = release().round_id;
  result.marginal = marginal.id;
  result.measure = marginal.measure;
  result.by = marginal.by;
  result.p = request.p;
  result.a_values = NamesOf(plan, marginal, a);
  result.base_values = NamesOf(plan, marginal, base);
  result.confidence = 1 - model::kMiss;
  result.coarser = FindCoarserTable(plan, marginal, Fewer(a, base));
  const std::optional<model::CellSum> a_sum =
      view.AddUp(CellsOf(view.cells(), a));
  const std::optional<model::CellSum> base_sum =
      view.AddUp(CellsOf(view.cells(), base));
  result.a_withheld = !a_sum.has_value();
  result.base_withheld = !base_sum.has_value();
  if (a_sum.has_value() && base_sum.has_value()) {
    result.gap =
        EstimateGap(*a_sum, *base_sum, request.p,
                    model::FindCritical(model::kMiss, marginal.mechanism));
  }
  return result;
}

}  // namespace commonwage::privacy::estimate
