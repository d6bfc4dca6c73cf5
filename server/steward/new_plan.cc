// SPDX-License-Identifier: Apache-2.0
// Plans from templates: PlanFromTemplate and what it chooses.

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "server/steward/grid_builder.h"
#include "server/steward/plan_template.h"
#include "server/steward/template_grid.h"
#include "survey/plan/plan_json.h"

namespace commonwage::server::steward {
namespace {

using privacy::forecast::Budget;
using privacy::forecast::BudgetQuestion;
using privacy::forecast::SplitLoss;

// Numbers of bins to choose from.
constexpr size_t kBinsWeighed[] = {16, 32, 64, 128, 256};
constexpr char kEverybody[] = "all";

// The budget that the template states.
Budget BudgetOf(const PlanTemplate& chosen) {
  Budget budget;
  budget.fanouts = chosen.fanouts;
  budget.root_share = chosen.root_share;
  return budget;
}

Marginal MakeMarginal(const Measure& measure,
                      const std::vector<std::string>& by, int64_t micro_rho,
                      const Budget& budget) {
  Marginal marginal;
  marginal.id = by.empty() ? kEverybody : absl::StrJoin(by, "_");
  marginal.measure = measure.id;
  marginal.by = by;
  marginal.mechanism = budget.mechanism;
  marginal.fanouts = budget.fanouts;
  marginal.micro_loss_per_level =
      SplitLoss(budget.mechanism, budget.fanouts, micro_rho, budget.root_share);
  return marginal;
}

// The template's dimensions, with the values that were chosen.
absl::StatusOr<std::vector<Dimension>> DimensionsOf(
    const PlanTemplate& chosen, const PlanChoices& choices) {
  std::vector<Dimension> dimensions = chosen.dimensions;
  for (const Dimension& choice : choices.dimensions) {
    const auto found = std::find_if(
        dimensions.begin(), dimensions.end(),
        [&](const Dimension& known) { return known.id == choice.id; });
    if (found == dimensions.end()) {
      return Refusal(Reason::kDimensionUnknown,
                     "The template has no dimension of that name; plan new "
                     "without --values shows those it has.");
    }
    found->values = choice.values;
    if (!ValueIndex(*found, found->base).has_value()) {
      found->base.clear();
    }
  }
  return dimensions;
}

// The measures that `choices` leave to choose from; why there is none, if there
// is none.
absl::StatusOr<std::vector<Measure>> MeasuresToWeigh(
    const PlanTemplate& chosen, const PlanChoices& choices) {
  std::vector<size_t> bins(std::begin(kBinsWeighed), std::end(kBinsWeighed));
  if (choices.bins.has_value()) {
    bins = {TreeBins(*choices.bins)};
  }
  std::vector<Measure> measures;
  absl::Status refusal;
  for (const size_t number : bins) {
    absl::StatusOr<Measure> measure = MeasureOf(chosen, choices, number);
    if (measure.ok()) {
      measures.push_back(*std::move(measure));
    } else {
      refusal = measure.status();
    }
  }
  if (measures.empty()) {
    return refusal;
  }
  return measures;
}

// The budget that `choices` leave, and the measure that it is for.
struct Measured {
  Measure measure;
  Budget budget;
};

absl::StatusOr<Measured> Weighed(const PlanTemplate& chosen,
                                 const PlanChoices& choices) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::vector<Measure> measures,
                              MeasuresToWeigh(chosen, choices));
  BudgetQuestion question;
  for (const Measure& measure : measures) {
    question.grids.emplace_back(measure);
  }
  for (const auto& [by, micro_rho] : chosen.marginals) {
    question.micro_rho = std::max(question.micro_rho, micro_rho);
  }
  question.k = chosen.k;
  question.threshold_delta = chosen.threshold_delta;
  question.sizes = choices.expected.value_or(chosen.expected);
  COMMONWAGE_ASSIGN_OR_RETURN(const std::vector<Budget> weighed,
                              privacy::forecast::WeighBudgets(question));
  const Budget& best = privacy::forecast::ChooseBest(weighed);
  return Measured{measures[best.grid], best};
}

absl::StatusOr<Measured> MeasuredAs(const PlanTemplate& chosen,
                                    const PlanChoices& choices) {
  if (WeighsAnew(choices)) {
    return Weighed(chosen, choices);
  }
  COMMONWAGE_ASSIGN_OR_RETURN(Measure measure,
                              MeasureOf(chosen, choices, chosen.bins));
  return Measured{std::move(measure), BudgetOf(chosen)};
}

// Names the edges that have names.
absl::Status SetAnchors(const PlanTemplate& chosen, const PlanChoices& choices,
                        Plan& plan) {
  const Measure& measure = plan.measures.front();
  for (const TemplateAnchor& anchor : AnchorsOf(chosen, choices)) {
    COMMONWAGE_ASSIGN_OR_RETURN(
        const int64_t edge,
        ParseAmount(anchor.amount, measure.minor_unit_exponent));
    plan.anchors.push_back({anchor.id, measure.id, edge});
  }
  // The template's label tells of its grid and of all of its anchors.
  if (!IsOwnGrid(chosen, choices) &&
      plan.anchors.size() == chosen.anchors.size() + choices.anchors.size()) {
    plan.labels.push_back({measure.id, "", "en", chosen.pay_label});
  }
  return absl::OkStatus();
}

absl::Time NextMidnight(absl::Time now) {
  const absl::CivilDay today = absl::ToCivilDay(now, absl::UTCTimeZone());
  return absl::FromCivil(today + 1, absl::UTCTimeZone());
}

std::string QuarterOf(absl::Time opens_at) {
  const absl::CivilMonth month =
      absl::ToCivilMonth(opens_at, absl::UTCTimeZone());
  return absl::StrCat(month.year(), "-q", (month.month() + 2) / 3);
}

}  // namespace

bool WeighsAnew(const PlanChoices& choices) {
  return choices.expected.has_value() || choices.bins.has_value() ||
         !choices.low.empty() || !choices.high.empty() ||
         !choices.steps.empty();
}

absl::StatusOr<Budget> ChooseBudget(const PlanTemplate& chosen,
                                    const PlanChoices& choices) {
  COMMONWAGE_ASSIGN_OR_RETURN(Measured measured, Weighed(chosen, choices));
  return std::move(measured.budget);
}

absl::StatusOr<Plan> PlanFromTemplate(const PlanTemplate& chosen,
                                      const PlanChoices& choices,
                                      absl::Time now) {
  Plan plan;
  plan.survey = choices.survey.empty() ? chosen.name : choices.survey;
  plan.opens_at = choices.opens_at.value_or(NextMidnight(now));
  plan.closes_at =
      choices.closes_at.value_or(plan.opens_at + absl::Hours(24 * 30));
  plan.round = choices.round.empty() ? QuarterOf(plan.opens_at) : choices.round;
  plan.k = chosen.k;
  plan.threshold_delta = chosen.threshold_delta;
  plan.survey_cap_micro_rho = chosen.survey_cap_micro_rho;
  plan.labels.push_back({plan.survey, "", "en", chosen.title});
  COMMONWAGE_ASSIGN_OR_RETURN(plan.dimensions, DimensionsOf(chosen, choices));
  COMMONWAGE_ASSIGN_OR_RETURN(const Measured measured,
                              MeasuredAs(chosen, choices));
  plan.measures.push_back(measured.measure);
  COMMONWAGE_RETURN_IF_ERROR(SetAnchors(chosen, choices, plan));
  for (const auto& [by, micro_rho] : chosen.marginals) {
    plan.marginals.push_back(
        MakeMarginal(measured.measure, by, micro_rho, measured.budget));
  }
  // What the steward chose has not been checked yet.
  return ParsePlan(WritePlan(plan));
}

}  // namespace commonwage::server::steward
