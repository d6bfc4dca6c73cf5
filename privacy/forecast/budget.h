// SPDX-License-Identifier: Apache-2.0
// Which grid, tree, mechanism and division of a loss serve groups of the sizes
// that a steward expects. A pure function of public figures, decided before
// anybody has answered: it knows no data and spends nothing.
//
// What is weighed, for cells of reference wages (forecast_rounds.h) whose size
// is log-uniform between the least and the most expected:
//   shown = mean over sizes of P(shown)
//   score = mean over sizes of P(shown) P(half-width <= 20 % | shown)
// Among the budgets with a half-width of at most 5 % at 1,000 workers (where
// none has it: within a tenth of the least there is) and a score within one
// point of 100 of the best, the one with the largest `shown` is chosen.

#ifndef COMMONWAGE_PRIVACY_FORECAST_BUDGET_H_
#define COMMONWAGE_PRIVACY_FORECAST_BUDGET_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "privacy/forecast/forecast_rounds.h"
#include "privacy/model/pay_grid.h"
#include "survey/plan/plan.h"

namespace commonwage::privacy::forecast {

// Sizes of cells: as many of 10 to 20 as of 100 to 200. 1 <= least <= most.
struct ExpectedSizes {
  int64_t least = 10;
  int64_t most = 500;

  friend bool operator==(const ExpectedSizes&, const ExpectedSizes&) = default;
};

inline constexpr int64_t kLargestForecast = 2'000;

// Shares of the expected cells, 0 to 1: of those shown, and of those shown with
// a useful median.
struct Yield {
  double shown = 0;
  double useful = 0;  // The score, as a fraction.
};

// Returns what a table measured as `model` yields. Sizes above kLargestForecast
// are taken as it: little changes beyond.
Yield ForecastYield(ForecastRounds& rounds, const model::CellModel& model,
                    const DisplayRule& rule, const ExpectedSizes& sizes);

// The same for a table of `plan`. Fails as MinimalTau does.
absl::StatusOr<Yield> ForecastYield(const Plan& plan, const Marginal& marginal,
                                    const ExpectedSizes& sizes);

// How one table is measured.
struct Budget {
  size_t grid = 0;  // Index into the question's grids.
  Mechanism mechanism = Mechanism::kDiscreteGaussian;
  std::vector<int64_t> fanouts;
  double root_share = 0;
  std::vector<int64_t> micro_loss_per_level;
  int64_t tau = 0;
  Yield yield;
  // At 1,000 workers; nullopt where the interval is open.
  std::optional<double> half_width;
};

struct BudgetQuestion {
  std::vector<model::PayGrid> grids;  // Those to choose from.
  // What a table may cost: the Gaussian's sum over the levels, and for the
  // Laplace mechanism what a plan's cap counts of it, eps^2 / 2 a level.
  int64_t micro_rho = 0;
  int64_t k = 0;
  std::string threshold_delta;
  ExpectedSizes sizes;
};

// Returns every budget that is weighed: for each grid the trees of ListTrees, a
// root share of 12, 18, 25, 33 or 40 % of the loss, both mechanisms, and the
// rest of the loss on the levels below as SplitLoss does.
//
// Fails with INVALID_ARGUMENT as MinimalTau does for k and threshold_delta.
absl::StatusOr<std::vector<Budget>> WeighBudgets(
    const BudgetQuestion& question);

// Returns the one of `weighed` that is chosen. Needs one at least.
const Budget& ChooseBest(const std::vector<Budget>& weighed);

// Returns the trees for `bins` bins, fanouts root first: of fanouts near 4,
// near 8, near 16, and up to 64 bins the flat one.
std::vector<std::vector<int64_t>> ListTrees(size_t bins);

// Returns the loss of each level, root first, of a table that costs
// `micro_rho`: `root_share` of it for the root, the rest so that the variance
// of U_j - T / 2, which the median is read from, is least on average over the
// middle half of the edges. Micro-rho, in whole hundreds if `micro_rho` is
// 10,000 or more, or the micro-epsilon that costs as much.
std::vector<int64_t> SplitLoss(Mechanism mechanism,
                               const std::vector<int64_t>& fanouts,
                               int64_t micro_rho, double root_share);

}  // namespace commonwage::privacy::forecast

#endif  // COMMONWAGE_PRIVACY_FORECAST_BUDGET_H_
