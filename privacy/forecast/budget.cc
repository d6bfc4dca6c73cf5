// SPDX-License-Identifier: Apache-2.0
#include "privacy/forecast/budget.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

#include "base/check.h"
#include "base/status_macros.h"
#include "privacy/model/marginal_view.h"
#include "privacy/noise_terms.h"
#include "privacy/threshold.h"

namespace commonwage::privacy::forecast {
namespace {

constexpr double kRootShares[] = {0.12, 0.18, 0.25, 0.33, 0.40};
constexpr size_t kSizes = 12;  // Points at which a range of sizes is taken.
constexpr int64_t kLargeGroup = 1000;
constexpr double kLargeGroupHalfWidth = 0.05;
constexpr double kNearNarrowest = 1.1;
constexpr double kOnePoint = 0.01;
constexpr size_t kMostFlatBins = 64;
constexpr int64_t kRound = 100;

double HalfWidthOr(const Budget& budget, double otherwise) {
  return budget.half_width.value_or(otherwise);
}

// The divisor of `number`, 2 or more, whose logarithm is nearest to `target`:
// of two that are as near the larger, so that fewer levels share the rest.
int64_t NearestDivisor(int64_t number, double target) {
  const auto distance = [target](int64_t divisor) {
    return std::fabs(std::log(static_cast<double>(divisor)) - target);
  };
  int64_t best = number;
  for (int64_t divisor = number; divisor >= 2; --divisor) {
    if (number % divisor == 0 && distance(divisor) < distance(best) - 1e-9) {
      best = divisor;
    }
  }
  return best;
}

// A tree of about log(bins) / log(fanout) levels, each of a fanout as near to
// an equal part as the divisors allow.
std::vector<int64_t> TreeNear(size_t bins, double fanout) {
  const double levels = std::log(static_cast<double>(bins)) / std::log(fanout);
  auto rest = static_cast<int64_t>(bins);
  std::vector<int64_t> fanouts;
  for (auto left = std::max<int64_t>(std::llround(levels), 1); rest > 1;
       left = std::max<int64_t>(left - 1, 1)) {
    fanouts.push_back(NearestDivisor(
        rest, std::log(static_cast<double>(rest)) / static_cast<double>(left)));
    rest /= fanouts.back();
  }
  return fanouts;
}

// The mean noise variance of U_j - T / 2 over the middle half of the edges.
double MedianVariance(const std::vector<int64_t>& fanouts,
                      const std::vector<double>& shares) {
  std::vector<double> variances(shares.size());
  std::transform(shares.begin(), shares.end(), variances.begin(),
                 [](double share) { return 1 / share; });
  const model::TreeModel tree(fanouts, variances);
  const size_t first = tree.bins() / 4;
  const size_t last = tree.bins() - first;
  double sum = 0;
  for (size_t j = first; j <= last; ++j) {
    sum += tree.prefix_variance()[j] -
           static_cast<double>(j) * tree.total_covariance_per_bin() +
           tree.total_variance() / 4;
  }
  return sum / static_cast<double>(last - first + 1);
}

// Scales all but the first so that the sum is 1.
void Normalise(std::vector<double>& shares) {
  const double below = std::accumulate(shares.begin() + 1, shares.end(), 0.0) /
                       (1 - shares.front());
  for (size_t level = 1; level < shares.size(); ++level) {
    shares[level] /= below;
  }
}

// Tries to give each level below the root more, and less, by a factor of
// 1 + step. Returns whether `shares` are better now.
bool Improve(const std::vector<int64_t>& fanouts, double step,
             std::vector<double>& shares) {
  bool is_better = false;
  for (size_t i = 2; i < 2 * shares.size(); ++i) {
    std::vector<double> tried = shares;
    tried[i / 2] *= i % 2 == 0 ? 1 + step : 1 / (1 + step);
    Normalise(tried);
    if (MedianVariance(fanouts, tried) <
        MedianVariance(fanouts, shares) * (1 - 1e-9)) {
      shares = std::move(tried);
      is_better = true;
    }
  }
  return is_better;
}

// The shares of the levels, by a search that halves its steps.
std::vector<double> FindBestShares(const std::vector<int64_t>& fanouts,
                                   double root_share) {
  const auto levels = static_cast<double>(fanouts.size());
  std::vector<double> shares(fanouts.size() + 1, (1 - root_share) / levels);
  shares.front() = root_share;
  for (double step = 0.25; step > 0.001;) {
    step = Improve(fanouts, step, shares) ? step : step / 2;
  }
  return shares;
}

// The largest micro-epsilon that a cap counts as at most `micro_rho`.
int64_t MicroEpsilonOf(int64_t micro_rho) {
  auto micro_epsilon =
      static_cast<int64_t>(std::sqrt(2e6 * static_cast<double>(micro_rho)));
  while (micro_epsilon * micro_epsilon > 2'000'000 * micro_rho) {
    --micro_epsilon;
  }
  return std::clamp<int64_t>(micro_epsilon, 1, kMaxMicroEpsilon);
}

// Every way to measure a table on `grid`.
std::vector<Budget> ListBudgets(const model::PayGrid& grid) {
  std::vector<Budget> budgets;
  for (const std::vector<int64_t>& fanouts : ListTrees(grid.bins())) {
    for (const double root_share : kRootShares) {
      Budget& gaussian = budgets.emplace_back();
      gaussian.fanouts = fanouts;
      gaussian.root_share = root_share;
      Budget laplace = gaussian;
      laplace.mechanism = Mechanism::kDiscreteLaplace;
      budgets.push_back(std::move(laplace));
    }
  }
  return budgets;
}

// Sets what follows from how a table is measured.
absl::Status Weigh(const BudgetQuestion& question, ForecastRounds& rounds,
                   Budget& budget) {
  budget.micro_loss_per_level = SplitLoss(
      budget.mechanism, budget.fanouts, question.micro_rho, budget.root_share);
  Marginal marginal;
  marginal.mechanism = budget.mechanism;
  marginal.fanouts = budget.fanouts;
  marginal.micro_loss_per_level = budget.micro_loss_per_level;
  COMMONWAGE_ASSIGN_OR_RETURN(
      budget.tau, MinimalTau(marginal, question.k, question.threshold_delta));
  const DisplayRule rule{LawPerLevel(marginal).front(), question.k, budget.tau};
  const model::CellModel model{
      model::TreeModel(budget.fanouts, model::ComputeLevelVariances(marginal)),
      question.grids[budget.grid]};
  budget.yield = ForecastYield(rounds, model, rule, question.sizes);
  budget.half_width = rounds.Of(model, rule, kLargeGroup).median_half_width;
  return absl::OkStatus();
}

}  // namespace

Yield ForecastYield(ForecastRounds& rounds, const model::CellModel& model,
                    const DisplayRule& rule, const ExpectedSizes& sizes) {
  const double least = std::log(static_cast<double>(sizes.least));
  const double width = std::log(static_cast<double>(sizes.most)) - least;
  Yield yield;
  for (size_t i = 0; i < kSizes; ++i) {
    const double part = (static_cast<double>(i) + 0.5) / kSizes;
    const int64_t n = std::llround(std::exp(least + width * part));
    const CellForecast forecast =
        rounds.Of(model, rule, std::min(n, kLargestForecast));
    yield.shown += forecast.chance_shown / kSizes;
    yield.useful += forecast.chance_shown * forecast.useful / kSizes;
  }
  return yield;
}

absl::StatusOr<Yield> ForecastYield(const Plan& plan, const Marginal& marginal,
                                    const ExpectedSizes& sizes) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const int64_t tau, MinimalTau(marginal, plan.k, plan.threshold_delta));
  const model::CellModel model = model::MakeCellModel(plan, marginal);
  ForecastRounds rounds(model.grid);
  return ForecastYield(rounds, model,
                       {LawPerLevel(marginal).front(), plan.k, tau}, sizes);
}

absl::StatusOr<std::vector<Budget>> WeighBudgets(
    const BudgetQuestion& question) {
  std::vector<Budget> weighed;
  for (size_t grid = 0; grid < question.grids.size(); ++grid) {
    for (Budget& budget : ListBudgets(question.grids[grid])) {
      budget.grid = grid;
      weighed.push_back(std::move(budget));
    }
  }
  std::map<size_t, ForecastRounds> rounds;
  for (Budget& budget : weighed) {
    ForecastRounds& on_grid =
        rounds.try_emplace(budget.grid, question.grids[budget.grid])
            .first->second;
    COMMONWAGE_RETURN_IF_ERROR(Weigh(question, on_grid, budget));
  }
  return weighed;
}

const Budget& ChooseBest(const std::vector<Budget>& weighed) {
  COMMONWAGE_CHECK(!weighed.empty());
  constexpr double kOpen = std::numeric_limits<double>::infinity();
  double narrowest = kOpen;
  for (const Budget& budget : weighed) {
    narrowest = std::min(narrowest, HalfWidthOr(budget, kOpen));
  }
  const double allowed = narrowest <= kLargeGroupHalfWidth
                             ? kLargeGroupHalfWidth
                             : narrowest * kNearNarrowest;
  double best = 0;
  for (const Budget& budget : weighed) {
    if (HalfWidthOr(budget, kOpen) <= allowed) {
      best = std::max(best, budget.yield.useful);
    }
  }
  const Budget* chosen = nullptr;
  for (const Budget& budget : weighed) {
    if (HalfWidthOr(budget, kOpen) > allowed ||
        budget.yield.useful < best - kOnePoint) {
      continue;
    }
    if (chosen == nullptr || budget.yield.shown > chosen->yield.shown ||
        (budget.yield.shown == chosen->yield.shown &&
         budget.yield.useful > chosen->yield.useful)) {
      chosen = &budget;
    }
  }
  COMMONWAGE_CHECK(chosen != nullptr);
  return *chosen;
}

std::vector<std::vector<int64_t>> ListTrees(size_t bins) {
  std::vector<std::vector<int64_t>> trees;
  for (const double fanout : {4.0, 8.0, 16.0, static_cast<double>(bins)}) {
    std::vector<int64_t> tree = TreeNear(bins, fanout);
    const bool is_flat = tree.size() == 1;
    if ((!is_flat || bins <= kMostFlatBins) &&
        std::find(trees.begin(), trees.end(), tree) == trees.end()) {
      trees.push_back(std::move(tree));
    }
  }
  return trees;
}

std::vector<int64_t> SplitLoss(Mechanism mechanism,
                               const std::vector<int64_t>& fanouts,
                               int64_t micro_rho, double root_share) {
  const std::vector<double> shares = FindBestShares(fanouts, root_share);
  const int64_t unit = micro_rho >= 100 * kRound ? kRound : 1;
  std::vector<int64_t> losses;
  int64_t left = micro_rho;
  for (size_t level = 0; level + 1 < shares.size(); ++level) {
    const double exact = shares[level] * static_cast<double>(micro_rho);
    losses.push_back(std::max<int64_t>(
        std::llround(exact / static_cast<double>(unit)) * unit, 1));
    left -= losses.back();
  }
  losses.push_back(std::max<int64_t>(left, 1));
  if (mechanism == Mechanism::kDiscreteLaplace) {
    std::transform(losses.begin(), losses.end(), losses.begin(),
                   MicroEpsilonOf);
  }
  return losses;
}

}  // namespace commonwage::privacy::forecast
