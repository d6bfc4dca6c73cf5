// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/trend.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/status_macros.h"
#include "privacy/estimate/gap.h"
#include "privacy/estimate/quantile.h"
#include "privacy/estimate/selection.h"
#include "privacy/model/critical.h"

namespace commonwage::privacy::estimate {
namespace {

// A shown point, for the change to the next.
struct Shown {
  std::string round_id;
  LogQuantile quantile;
  bool near_threshold = false;
};

// What changes with the currency is no pay.
absl::Status CheckAlike(const model::MarginalView& first,
                        const model::MarginalView& other) {
  const Measure& a = first.measure();
  const Measure& b = other.measure();
  if (first.plan().survey == other.plan().survey && a.currency == b.currency &&
      a.period == b.period && a.minor_unit_exponent == b.minor_unit_exponent) {
    return absl::OkStatus();
  }
  return Refusal(Reason::kRoundsDiffer,
                 "A trend needs rounds of one survey that count pay in one "
                 "currency and period.");
}

// The rounds that a change is counted from.
struct Earlier {
  std::optional<Shown> first;
  std::optional<Shown> latest;
};

Change ChangeFrom(const Shown& earlier, const Shown& now) {
  Change change;
  change.since = earlier.round_id;
  change.difference =
      JudgeDifference(now.quantile, earlier.quantile, kChangeWorthSeeing);
  if (now.near_threshold || earlier.near_threshold) {
    TakeVerdict(change.difference);
  }
  return change;
}

TrendPoint MakePoint(const model::MarginalView& view,
                     const ChosenValues& chosen, double p, Earlier& earlier) {
  TrendPoint point;
  point.round_id = RoundIdOf(view.plan());
  point.marginal = view.marginal().id;
  point.outcome = TrendOutcome::kWithheld;
  point.coarser = FindCoarserTable(view.plan(), view.marginal(), chosen);
  const std::optional<model::CellSum> sum =
      view.AddUp(CellsOf(view.cells(), chosen));
  if (!sum.has_value()) {
    return point;
  }
  point.outcome = TrendOutcome::kShown;
  const model::Critical critical =
      model::FindCritical(model::kMiss, view.marginal().mechanism);
  Shown shown{point.round_id, FindQuantile(sum->cdf, p, critical),
              sum->near_threshold};
  point.level = WageOf(shown.quantile);
  if (shown.near_threshold) {
    point.level->quality = Quality::kPoor;
  }
  if (earlier.latest.has_value()) {
    point.change = ChangeFrom(*earlier.latest, shown);
    point.change_since_first = ChangeFrom(*earlier.first, shown);
  } else {
    earlier.first = shown;
  }
  earlier.latest = std::move(shown);
  return point;
}

// Where a round has what is asked for.
struct Place {
  const model::MarginalView* view = nullptr;
  ChosenValues chosen;
};

absl::StatusOr<Place> Find(absl::Span<const model::MarginalView> marginals,
                           const Plan& plan, const std::string& measure,
                           const TrendRequest& request) {
  COMMONWAGE_ASSIGN_OR_RETURN(const size_t index,
                              FindMarginalBy(plan, measure, request.by));
  COMMONWAGE_ASSIGN_OR_RETURN(
      ChosenValues chosen,
      ChooseValues(plan, plan.marginals[index], request.where, "cell"));
  return Place{&marginals[index], std::move(chosen)};
}

}  // namespace

absl::StatusOr<TrendResult> Trend(absl::Span<const Figures* const> rounds,
                                  const TrendRequest& request) {
  std::vector<Fault> faults;
  CheckQuantile(request.p, "p", faults);
  if (!faults.empty()) {
    return FaultyRequest(faults);
  }
  if (rounds.empty()) {
    return Refusal(Reason::kNoRounds, "A trend needs one round at least.");
  }
  TrendResult result;
  result.measure = request.measure;
  result.p = request.p;
  result.by = request.by;
  for (const std::string& dimension : request.by) {
    const auto asked = request.where.find(dimension);
    result.values.push_back(asked == request.where.end()
                                ? std::vector<std::string>()
                                : asked->second);
  }
  result.confidence = 1 - model::kMiss;
  const model::MarginalView* first = nullptr;
  Earlier earlier;
  absl::Status refusal;
  for (const Figures* const figures : rounds) {
    const absl::StatusOr<Place> place =
        Find(figures->marginals(), figures->manifest().plan, result.measure,
             request);
    // Plans change from round to round; a request is at fault only if it fits
    // none of them.
    if (!place.ok()) {
      refusal = place.status();
      result.points.emplace_back();
      result.points.back().round_id = figures->release().round_id;
      continue;
    }
    first = first == nullptr ? place->view : first;
    COMMONWAGE_RETURN_IF_ERROR(CheckAlike(*first, *place->view));
    result.measure = first->measure().id;
    result.points.push_back(
        MakePoint(*place->view, place->chosen, request.p, earlier));
  }
  if (first == nullptr) {
    return refusal;
  }
  return result;
}

}  // namespace commonwage::privacy::estimate
