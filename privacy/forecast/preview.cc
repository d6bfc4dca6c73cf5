// SPDX-License-Identifier: Apache-2.0
#include "privacy/forecast/preview.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "base/check.h"
#include "base/status_macros.h"
#include "privacy/best_guess.h"
#include "privacy/forecast/forecast_rounds.h"
#include "privacy/forecast/plan_warnings.h"
#include "privacy/forecast/reference_wages.h"
#include "privacy/model/marginal_view.h"
#include "privacy/noise_terms.h"
#include "privacy/odds_text.h"
#include "privacy/plan_loss.h"
#include "privacy/threshold.h"
#include "privacy/zcdp.h"
#include "survey/cells.h"

namespace commonwage::privacy::forecast {
namespace {

constexpr long double kComparisonDelta = 1e-6L;

// What the survey may spend in all, as both mechanisms see it.
struct Budget {
  long double epsilon = 0;  // At kComparisonDelta.
  int64_t micro_rho = 0;    // The largest with that epsilon.
};

int64_t LargestMicroRho(long double epsilon) {
  int64_t low = 0;
  int64_t high = 1;
  while (TightEpsilon(high, kComparisonDelta) <= epsilon) {
    low = high;
    high *= 2;
  }
  while (high - low > 1 && high - low > low / 1024) {
    const int64_t middle = low + (high - low) / 2;
    (TightEpsilon(middle, kComparisonDelta) <= epsilon ? low : high) = middle;
  }
  return low;
}

int64_t RoundsUnderCap(const Plan& plan, const PlanLoss& loss) {
  return plan.survey_cap_micro_rho / std::max<int64_t>(loss.micro_rho, 1);
}

Budget BudgetOf(const Plan& plan, const PlanLoss& loss) {
  const int64_t rounds = std::max<int64_t>(RoundsUnderCap(plan, loss), 1);
  Budget budget;
  budget.micro_rho = rounds * loss.micro_rho;
  budget.epsilon = TightEpsilon(budget.micro_rho, kComparisonDelta);
  if (loss.micro_epsilon.has_value()) {
    const long double pure = static_cast<long double>(rounds) *
                             static_cast<long double>(*loss.micro_epsilon) /
                             1e6L;
    if (pure < budget.epsilon) {
      budget.epsilon = pure;
      budget.micro_rho = LargestMicroRho(pure);
    }
  }
  return budget;
}

// How many tables such as this one the whole budget pays for.
long double RoomFor(const Plan& plan, const PlanLoss& loss, size_t m) {
  const MarginalLoss& own = loss.marginals[m];
  const auto rounds = static_cast<long double>(
      std::max<int64_t>(RoundsUnderCap(plan, loss), 1));
  return loss.micro_epsilon.has_value()
             ? rounds * static_cast<long double>(*loss.micro_epsilon) /
                   static_cast<long double>(*own.micro_epsilon)
             : rounds * static_cast<long double>(loss.micro_rho) /
                   static_cast<long double>(own.micro_rho);
}

// tau of the root if the other mechanism had this table's part of the budget,
// and the levels shared it as they do now.
absl::StatusOr<int64_t> FindOtherTau(const Plan& plan, const PlanLoss& loss,
                                     size_t m) {
  const Marginal& marginal = plan.marginals[m];
  const Budget budget = BudgetOf(plan, loss);
  const bool to_laplace = marginal.mechanism == Mechanism::kDiscreteGaussian;
  long double losses = 0;
  for (const int64_t level : marginal.micro_loss_per_level) {
    losses += static_cast<long double>(level);
  }
  const long double whole = to_laplace
                                ? budget.epsilon * 1e6L
                                : static_cast<long double>(budget.micro_rho);
  const long double part =
      whole / RoomFor(plan, loss, m) *
      static_cast<long double>(marginal.micro_loss_per_level.front()) / losses;
  Marginal other = marginal;
  other.mechanism =
      to_laplace ? Mechanism::kDiscreteLaplace : Mechanism::kDiscreteGaussian;
  other.micro_loss_per_level.front() =
      std::clamp<int64_t>(static_cast<int64_t>(part), 1,
                          to_laplace ? kMaxMicroEpsilon : kMaxMicroRho);
  return MinimalTau(other, plan.k, plan.threshold_delta);
}

Mechanism QuieterOf(const Plan& plan, const PlanLoss& loss, size_t m) {
  const Budget budget = BudgetOf(plan, loss);
  const long double room = RoomFor(plan, loss, m);
  const auto levels =
      static_cast<long double>(plan.marginals[m].micro_loss_per_level.size());
  const long double rho = static_cast<long double>(budget.micro_rho) / 1e6L;
  const long double break_even =
      budget.epsilon * budget.epsilon / (4 * levels * rho);
  return room > break_even ? Mechanism::kDiscreteGaussian
                           : Mechanism::kDiscreteLaplace;
}

// What one table would give.
struct TableForecast {
  std::vector<GroupForecast> groups;
  Yield yield;
};

// Forecasts of tables. Marginals of one plan are often measured alike.
class Forecasts {
 public:
  explicit Forecasts(const Plan& plan) : plan_(plan) {}

  const TableForecast& Of(const Marginal& marginal, int64_t tau) {
    const auto [place, is_new] = known_.try_emplace(
        Key{marginal.measure, marginal.mechanism, marginal.fanouts,
            marginal.micro_loss_per_level});
    if (!is_new) {
      return place->second;
    }
    const model::CellModel model = model::MakeCellModel(plan_, marginal);
    ForecastRounds& rounds =
        rounds_.try_emplace(marginal.measure, model.grid).first->second;
    const DisplayRule rule{LawPerLevel(marginal).front(), plan_.k, tau};
    for (const int64_t n : kForecastSizes) {
      const CellForecast cell = rounds.Of(model, rule, n);
      place->second.groups.push_back(
          {n, cell.chance_shown, cell.median_half_width});
    }
    place->second.yield = ForecastYield(rounds, model, rule, ExpectedSizes{});
    return place->second;
  }

 private:
  using Key = std::tuple<std::string, Mechanism, std::vector<int64_t>,
                         std::vector<int64_t>>;
  const Plan& plan_;
  std::map<std::string, ForecastRounds> rounds_;  // Per measure.
  std::map<Key, TableForecast> known_;
};

absl::StatusOr<MarginalPreview> PreviewMarginal(const Plan& plan,
                                                const PlanLoss& loss, size_t m,
                                                Forecasts& forecasts) {
  const Marginal& marginal = plan.marginals[m];
  MarginalPreview preview;
  preview.id = marginal.id;
  preview.cell_count = static_cast<int64_t>(CellSpace(plan, marginal).size());
  preview.tau = loss.marginals[m].tau;
  preview.mechanism = marginal.mechanism;
  for (const double variance : model::ComputeLevelVariances(marginal)) {
    preview.noise_sd_per_level.push_back(std::sqrt(variance));
  }
  preview.micro_rho = loss.marginals[m].micro_rho;
  const TableForecast& forecast = forecasts.Of(marginal, preview.tau);
  preview.groups = forecast.groups;
  preview.yield = forecast.yield;
  COMMONWAGE_ASSIGN_OR_RETURN(preview.other_tau, FindOtherTau(plan, loss, m));
  preview.quieter_mechanism = QuieterOf(plan, loss, m);
  return preview;
}

// Whether somebody took part in this round and in all that the cap allows, and
// which of two answers they gave.
void SayOdds(const Plan& plan, const PlanLoss& loss, PlanPreview& preview) {
  const int64_t rounds = std::max<int64_t>(preview.rounds_under_cap, 1);
  preview.best_guess = BestGuessOf(plan, loss, 1);
  preview.best_guess_under_cap = BestGuessOf(plan, loss, rounds);
  preview.odds_in_words =
      OddsOfPlan(preview.best_guess, preview.best_guess_under_cap, rounds);
  preview.threshold_delta = static_cast<double>(loss.threshold_delta);
  preview.threshold_delta_under_cap =
      static_cast<double>(DeltaOverRounds(loss.threshold_delta, rounds));
}

std::string Assumption(const Plan& plan) {
  std::string words =
      "Half-widths are for the rounds that show a group, and for made-up pay: "
      "log-normal, its median around the middle of the grid";
  for (const Measure& measure : plan.measures) {
    const ReferenceWages wages{model::PayGrid(measure)};
    absl::StrAppendFormat(&words, "; %s: median %.0f minor units, spread %.2f",
                          measure.id, wages.Median(), wages.log_sd);
  }
  absl::StrAppend(&words,
                  " (standard deviation of the natural logarithm). A group's "
                  "pay that is more alike gives narrower intervals.");
  return words;
}

}  // namespace

absl::StatusOr<PlanPreview> Preview(const Plan& plan) {
  COMMONWAGE_ASSIGN_OR_RETURN(const PlanLoss loss, LossOf(plan));
  PlanPreview preview;
  preview.round_id = RoundIdOf(plan);
  Forecasts forecasts(plan);
  for (size_t m = 0; m < plan.marginals.size(); ++m) {
    COMMONWAGE_ASSIGN_OR_RETURN(MarginalPreview marginal,
                                PreviewMarginal(plan, loss, m, forecasts));
    preview.marginals.push_back(std::move(marginal));
  }
  preview.micro_rho = loss.micro_rho;
  preview.survey_cap_micro_rho = plan.survey_cap_micro_rho;
  preview.rounds_under_cap = RoundsUnderCap(plan, loss);
  SayOdds(plan, loss, preview);
  for (const double delta : kForecastDeltas) {
    preview.epsilons.push_back(
        {delta, static_cast<double>(EpsilonOf(loss, delta))});
  }
  if (loss.micro_epsilon.has_value()) {
    preview.pure_epsilon = static_cast<double>(*loss.micro_epsilon) / 1e6;
  }
  preview.warnings = FindWarnings(plan, preview);
  preview.assumption = Assumption(plan);
  return preview;
}

}  // namespace commonwage::privacy::forecast
