// SPDX-License-Identifier: Apache-2.0
#include "privacy/loss_distribution.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <queue>

#include "base/check.h"
#include "privacy/convolution.h"
#include "survey/plan/plan.h"

namespace commonwage::privacy {
namespace {

constexpr double kMillion = 1e6;

// Grid points on either side of 0: what is lost by splitting falls with their
// square. Of very many parts the first ones need not be as fine, for they are
// a small part of the whole.
constexpr size_t kMaxSteps = 8190;
constexpr size_t kMaxStepsOfMany = 2046;
constexpr size_t kMany = 32;

// What P and Q may have in common where losses are dropped.
constexpr double kNegligible = 1e-16;

// Relative errors of rounding, at most. Of the weights of a Gaussian node: an
// exponent below 120, rounded twice, a sum of 11,000 terms in long double. Of
// those of a Laplace node: one hyperbolic cosine of at most 9. Of splitting:
// six operations and two hyperbolic sines of arguments below 10; no more than
// that of the sum in the end. Of a convolution: convolution.h.
constexpr double kErrorOfGaussian = 0x1p-44;
constexpr double kErrorOfLaplace = 0x1p-48;
constexpr double kErrorOfSplitting = 0x1p-46;
constexpr double kErrorOfConvolution = 0x1p-50;

// The loss of `steps` steps of `micro_step` millionths.
double LossAt(int64_t micro_step, size_t steps) {
  return static_cast<double>(micro_step) * static_cast<double>(steps) /
         kMillion;
}

}  // namespace

LossDistribution LossDistribution::OfGaussian(int64_t micro_rho) {
  COMMONWAGE_CHECK(micro_rho >= 1 && micro_rho <= kMaxMicroRho);
  const double rho = static_cast<double>(micro_rho) / kMillion;
  // The outcome x has P ~ exp(-x^2 rho), Q ~ exp(-(x - 1)^2 rho), the loss
  // j rho with j = 1 - 2 x, and sqrt(P Q) ~ exp(-(j^2 + 1) rho / 4).
  const auto last =
      static_cast<size_t>(std::sqrt(-4 * std::log(kNegligible) / rho)) + 3;
  std::vector<double> weights(last + 1, 0.0);
  long double normalizer = 0;
  for (size_t x = last; x > 0; --x) {
    normalizer += 2 * std::exp(-static_cast<double>(x * x) * rho);
  }
  normalizer += 1;
  for (size_t j = 1; j < weights.size(); j += 2) {
    weights[j] = std::exp(-static_cast<double>(j * j + 1) * rho / 4) /
                 static_cast<double>(normalizer);
  }
  LossDistribution result(micro_rho, std::move(weights), kErrorOfGaussian);
  result.Trim();
  result.Fit(kMaxSteps);
  return result;
}

LossDistribution LossDistribution::OfLaplace(int64_t micro_epsilon) {
  COMMONWAGE_CHECK(micro_epsilon >= 1 && micro_epsilon <= kMaxMicroEpsilon);
  const double epsilon = static_cast<double>(micro_epsilon) / kMillion;
  // P[l = epsilon] = e^epsilon / (1 + e^epsilon).
  return {micro_epsilon, {0.0, 0.5 / std::cosh(epsilon / 2)}, kErrorOfLaplace};
}

void LossDistribution::Trim() {
  double dropped = 0;
  while (!weights_.empty()) {
    const double loss = LossAt(micro_step_, weights_.size() - 1);
    dropped += 2 * weights_.back() * std::exp(-loss / 2);
    if (dropped > kNegligible) {
      return;
    }
    weights_.pop_back();
  }
}

void LossDistribution::Fit(size_t max_steps) {
  while (weights_.size() > max_steps + 1) {
    *this = OnGrid(2 * micro_step_);
  }
}

LossDistribution LossDistribution::OnGrid(int64_t micro_step) const {
  if (micro_step == micro_step_ || weights_.empty()) {
    return *this;
  }
  const double whole = std::sinh(LossAt(micro_step, 1) / 2);
  std::vector<long double> split(
      static_cast<size_t>(MicroReach() / micro_step) + 2, 0.0L);
  split[0] = weights_[0];
  for (size_t j = 1; j < weights_.size(); ++j) {
    const int64_t micro_loss = micro_step_ * static_cast<int64_t>(j);
    const auto below = static_cast<size_t>(micro_loss / micro_step);
    const int64_t past = micro_loss % micro_step;
    // Both of l and -l give their inner part to 0.
    split[below] += (below == 0 ? 2 : 1) * weights_[j] *
                    std::sinh(LossAt(micro_step - past, 1) / 2) / whole;
    split[below + 1] += weights_[j] * std::sinh(LossAt(past, 1) / 2) / whole;
  }
  LossDistribution result(micro_step,
                          std::vector<double>(split.begin(), split.end()),
                          error_ + kErrorOfSplitting);
  result.Trim();
  return result;
}

LossDistribution LossDistribution::With(const LossDistribution& other) const {
  return With(other, kMaxSteps);
}

LossDistribution LossDistribution::With(const LossDistribution& other,
                                        size_t max_steps) const {
  // Loss 0 alone is on every grid.
  int64_t micro_step = std::max<int64_t>(
      1, std::gcd(weights_.size() > 1 ? micro_step_ : 0,
                  other.weights_.size() > 1 ? other.micro_step_ : 0));
  const int64_t micro_reach = std::max(MicroReach(), other.MicroReach());
  while (micro_reach / micro_step > static_cast<int64_t>(max_steps)) {
    micro_step *= 2;
  }
  const LossDistribution first = OnGrid(micro_step);
  const LossDistribution second = other.OnGrid(micro_step);
  if (first.weights_.empty() || second.weights_.empty()) {
    return {micro_step, {}, 0};
  }
  LossDistribution result(micro_step,
                          ConvolvedBelow(first.weights_, second.weights_),
                          first.error_ + second.error_ + kErrorOfConvolution);
  result.Trim();
  result.Fit(max_steps);
  return result;
}

LossDistribution LossDistribution::Times(int64_t count) const {
  COMMONWAGE_CHECK(count >= 0);
  LossDistribution result;
  LossDistribution power = *this;
  for (int64_t rest = count; rest > 0; rest /= 2) {
    if (rest % 2 == 1) {
      result = result.With(power);
    }
    if (rest > 1) {
      power = power.With(power);
    }
  }
  return result;
}

LossDistribution LossDistribution::OfAll(std::vector<LossDistribution> parts) {
  if (parts.empty()) {
    return {};
  }
  const auto reaches_further = [](const LossDistribution& a,
                                  const LossDistribution& b) {
    return a.MicroReach() > b.MicroReach();
  };
  std::priority_queue queue(reaches_further, std::move(parts));
  while (queue.size() > 1) {
    const LossDistribution first = queue.top();
    queue.pop();
    const LossDistribution second = queue.top();
    queue.pop();
    queue.push(
        first.With(second, queue.size() > kMany ? kMaxStepsOfMany : kMaxSteps));
  }
  return queue.top();
}

double LossDistribution::Overlap() const {
  long double overlap = 0;
  for (size_t j = weights_.size(); j > 0; --j) {
    overlap += (j > 1 ? 2 : 1) * weights_[j - 1] *
               std::exp(-LossAt(micro_step_, j - 1) / 2);
  }
  return static_cast<double>(overlap) *
         std::max(0.0, 1 - error_ - kErrorOfSplitting);
}

}  // namespace commonwage::privacy
