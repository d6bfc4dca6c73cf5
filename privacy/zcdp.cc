// SPDX-License-Identifier: Apache-2.0
#include "privacy/zcdp.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "privacy/tail.h"

namespace commonwage::privacy {
namespace {

constexpr long double kMillion = 1'000'000;
// Halvings until an interval is as narrow as its numbers allow.
constexpr int kMaxHalvings = 200;

long double RhoOf(int64_t micro_rho) {
  return static_cast<long double>(micro_rho) / kMillion;
}

// Returns the ln delta that the bound gives at a = 1 + `excess`. Every excess
// gives a valid delta; the best one gives the least.
long double LogDeltaAt(long double rho, long double epsilon,
                       long double excess) {
  const long double a = 1 + excess;
  // ln(1 - 1/a) = -ln(1 + 1/(a - 1)), without cancellation for large a.
  return excess * (a * rho - epsilon) - a * std::log1p(1 / excess) -
         std::log(excess);
}

// Returns the a - 1 at which LogDeltaAt is least: where its derivative,
// (2 a - 1) rho - epsilon + ln(1 - 1/a), which only grows with a, is zero.
long double BestExcess(long double rho, long double epsilon) {
  const auto derivative = [&](long double excess) {
    return (2 * excess + 1) * rho - epsilon - std::log1p(1 / excess);
  };
  long double low = 1;
  while (derivative(low) > 0) {
    low /= 2;
  }
  long double high = 1;
  while (derivative(high) < 0) {
    high *= 2;
  }
  for (int i = 0; i < kMaxHalvings; ++i) {
    const long double middle = low + (high - low) / 2;
    (derivative(middle) > 0 ? high : low) = middle;
  }
  return high;
}

}  // namespace

long double TightDelta(int64_t micro_rho, long double epsilon) {
  COMMONWAGE_CHECK(micro_rho > 0 && epsilon >= 0);
  const long double rho = RhoOf(micro_rho);
  const long double log_delta =
      LogDeltaAt(rho, epsilon, BestExcess(rho, epsilon));
  return std::min(1.0L, std::exp(log_delta) * kRoundUp);
}

long double TightEpsilon(int64_t micro_rho, long double delta) {
  COMMONWAGE_CHECK(delta > 0 && delta < 1);
  if (micro_rho == 0) {
    return 0;
  }
  if (TightDelta(micro_rho, 0) <= delta) {
    return 0;
  }
  long double low = 0;
  long double high = SimpleEpsilon(micro_rho, delta);
  for (int i = 0; i < kMaxHalvings && high - low > 1e-18L * high; ++i) {
    const long double middle = low + (high - low) / 2;
    (TightDelta(micro_rho, middle) > delta ? low : high) = middle;
  }
  return high;
}

long double SimpleEpsilon(int64_t micro_rho, long double delta) {
  COMMONWAGE_CHECK(delta > 0 && delta < 1);
  const long double rho = RhoOf(micro_rho);
  return (rho + 2 * std::sqrt(-rho * std::log(delta))) * kRoundUp;
}

long double JointDelta(absl::Span<const long double> deltas) {
  long double log_none = 0;
  for (const long double delta : deltas) {
    COMMONWAGE_CHECK(delta >= 0 && delta < 1);
    log_none += std::log1p(-delta);
  }
  return std::min(1.0L, -std::expm1(log_none) * kRoundUp);
}

long double DeltaOverRounds(long double delta, int64_t rounds) {
  COMMONWAGE_CHECK(delta >= 0 && delta < 1 && rounds >= 0);
  const long double log_none =
      static_cast<long double>(rounds) * std::log1p(-delta);
  return std::min(1.0L, -std::expm1(log_none) * kRoundUp);
}

long double EpsilonWithThreshold(int64_t micro_rho, long double threshold_delta,
                                 long double delta) {
  if (delta <= threshold_delta) {
    return std::numeric_limits<long double>::infinity();
  }
  const long double rest =
      (delta - threshold_delta) / (1 - threshold_delta) / kRoundUp;
  return TightEpsilon(micro_rho, rest);
}

int64_t MicroRhoOfPure(int64_t micro_epsilon) {
  constexpr int64_t kLimit = int64_t{1} << 31;
  COMMONWAGE_CHECK(micro_epsilon >= 0 && micro_epsilon <= kLimit);
  constexpr int64_t kDivisor = 2'000'000;
  return (micro_epsilon * micro_epsilon + kDivisor - 1) / kDivisor;
}

}  // namespace commonwage::privacy
