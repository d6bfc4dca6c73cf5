// SPDX-License-Identifier: Apache-2.0
#include "privacy/best_guess.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include "base/check.h"
#include "privacy/loss_distribution.h"
#include "survey/cells.h"

namespace commonwage::privacy {
namespace {

using Nodes = Exposure::Nodes;

// Each law to its power, and only then all together, is the better of two
// equal ways, for as long as it takes no more compositions than these.
constexpr size_t kFewCompositions = 96;

// So many rounds of two levels with the smallest loss that there is, a
// micro-epsilon of 1, come to a rho of 1,000: then nothing remains hidden, and
// more would only overflow.
constexpr int64_t kEnoughRounds = int64_t{1} << 50;

LossDistribution LossOfNode(const std::pair<Mechanism, int64_t>& law) {
  return law.first == Mechanism::kDiscreteGaussian
             ? LossDistribution::OfGaussian(law.second)
             : LossDistribution::OfLaplace(law.second);
}

// The factor by which the counts of `nodes` are taken apart.
int64_t CommonPower(const Nodes& nodes) {
  int64_t common = 0;
  size_t compositions = 0;
  for (const auto& [law, count] : nodes) {
    common = std::gcd(common, count);
    compositions +=
        static_cast<size_t>(std::bit_width(static_cast<uint64_t>(count)));
  }
  return compositions <= kFewCompositions ? 1 : std::max<int64_t>(common, 1);
}

LossDistribution LossOf(const Nodes& nodes, int64_t power) {
  std::vector<LossDistribution> parts;
  for (const auto& [law, count] : nodes) {
    parts.push_back(LossOfNode(law).Times(count / power));
  }
  return LossDistribution::OfAll(std::move(parts));
}

int64_t Cases(const LossDistribution& loss, long double log_no_failure) {
  const auto no_failure = static_cast<double>(std::exp(log_no_failure));
  const double right = 1 - loss.Overlap() * no_failure / 2;
  return static_cast<int64_t>(std::ceil(10'000 * right));
}

// Adds `count` nodes of each level of `marginal` from `first` on.
void AddNodes(const Marginal& marginal, size_t first, int64_t count,
              Nodes& nodes) {
  const std::vector<int64_t>& losses = marginal.micro_loss_per_level;
  for (size_t level = first; level < losses.size(); ++level) {
    nodes[{marginal.mechanism, losses[level]}] += count;
  }
}

Nodes Doubled(Nodes nodes) {
  for (auto& [law, count] : nodes) {
    count *= 2;
  }
  return nodes;
}

}  // namespace

void Exposure::Add(const Plan& plan, const PlanLoss& loss, int64_t rounds) {
  COMMONWAGE_CHECK(rounds >= 0);
  if (rounds == 0) {
    return;
  }
  rounds = std::min(rounds, kEnoughRounds);
  for (const Marginal& marginal : plan.marginals) {
    const bool has_one_cell = CellSpace(plan, marginal).size() == 1;
    AddNodes(marginal, 0, rounds, took_part_);
    AddNodes(marginal, has_one_cell ? 1 : 0, 2 * rounds, which_answer_);
  }
  log_no_failure_ +=
      static_cast<long double>(rounds) * std::log1p(-loss.threshold_delta);
}

BestGuess Exposure::Guess() const {
  if (took_part_.empty()) {
    return {};
  }
  const int64_t power = CommonPower(took_part_);
  const LossDistribution once = LossOf(took_part_, power);
  BestGuess guess;
  guess.took_part = Cases(once.Times(power), log_no_failure_);
  // Unless some marginal has but one cell, the second is twice the first.
  const int64_t own_power = CommonPower(which_answer_);
  const bool is_twice =
      own_power == 2 * power && which_answer_ == Doubled(took_part_);
  guess.which_answer = Cases(
      (is_twice ? once : LossOf(which_answer_, own_power)).Times(own_power),
      2 * log_no_failure_);
  return guess;
}

BestGuess BestGuessOf(const Plan& plan, const PlanLoss& loss, int64_t rounds) {
  Exposure exposure;
  exposure.Add(plan, loss, rounds);
  return exposure.Guess();
}

}  // namespace commonwage::privacy
