// SPDX-License-Identifier: Apache-2.0
// What a plan would give and cost, before anybody has answered (preview.h works
// it out). Plain values.
//
// A forecast knows no data and spends no budget.

#ifndef COMMONWAGE_PRIVACY_FORECAST_FORECAST_H_
#define COMMONWAGE_PRIVACY_FORECAST_FORECAST_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "privacy/best_guess.h"
#include "privacy/forecast/budget.h"
#include "survey/plan/plan.h"

namespace commonwage::privacy::forecast {

// Forecast for a cell of `n` workers.
struct GroupForecast {
  int64_t n = 0;
  double chance_shown = 0;
  // 95 % half-width of the median as a fraction of it, in the middle one of the
  // rounds that show the cell; nullopt where the interval reaches an end of the
  // grid there, and where hardly any round (one in 1,000) shows it.
  std::optional<double> median_half_width;
};

struct MarginalPreview {
  std::string id;
  int64_t cell_count = 0;
  int64_t tau = 0;
  Mechanism mechanism = Mechanism::kDiscreteGaussian;
  std::vector<double> noise_sd_per_level;  // In workers, root first.
  int64_t micro_rho = 0;
  std::vector<GroupForecast> groups;
  Yield yield;  // Of cells of the usual sizes, ExpectedSizes{}.
  // tau if the other mechanism took this one's place in the comparison below.
  // Laplace noise has long tails: it may be quieter and yet show fewer cells.
  int64_t other_tau = 0;
  // The mechanism with less noise if the survey's whole cap went into tables
  // such as this one, at the same epsilon for delta = 1e-6: Gaussian iff there
  // is room for more than epsilon^2 / (4 h rho) of them, h being its levels.
  Mechanism quieter_mechanism = Mechanism::kDiscreteGaussian;
};

struct EpsilonAtDelta {
  double delta = 0;    // The failure of the release rule included.
  double epsilon = 0;  // Rounded upward. Infinite if delta is not above it.
};

struct PlanPreview {
  std::string round_id;
  std::vector<MarginalPreview> marginals;  // In the plan's order.
  int64_t micro_rho = 0;                   // Of the whole round.
  int64_t survey_cap_micro_rho = 0;
  int64_t rounds_under_cap = 0;
  // That the rule for small cells fails somewhere in the round, and in all
  // rounds that the cap allows. Rounded upward.
  double threshold_delta = 0;
  double threshold_delta_under_cap = 0;
  std::vector<EpsilonAtDelta> epsilons;  // At kForecastDeltas.
  std::optional<double> pure_epsilon;    // If every marginal is Laplace.
  BestGuess best_guess;                  // Of this round.
  BestGuess best_guess_under_cap;        // Of all rounds that the cap allows.
  std::string odds_in_words;
  std::vector<std::string> warnings;  // Sentences for the steward.
  std::string assumption;             // About wages, in plain words.
};

// The group sizes, in order, that every marginal is forecast for.
inline constexpr int64_t kForecastSizes[] = {10,  20,  30,  50,
                                             100, 200, 500, 1000};

// The deltas, in order, that epsilon is given for.
inline constexpr double kForecastDeltas[] = {1e-4, 1e-5, 1e-6};

}  // namespace commonwage::privacy::forecast

#endif  // COMMONWAGE_PRIVACY_FORECAST_FORECAST_H_
