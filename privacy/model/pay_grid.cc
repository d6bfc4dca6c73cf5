// SPDX-License-Identifier: Apache-2.0
#include "privacy/model/pay_grid.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace commonwage::privacy::model {
namespace {

// Below this, exp(c w) - 1 and c w are the same number.
constexpr double kFlat = 1e-12;

// The integral of exp(c u) over u from 0 to `width`.
double ExpIntegral(double c, double width) {
  return std::abs(c * width) < kFlat ? width : std::expm1(c * width) / c;
}

std::optional<TailLaw> LawOf(const std::optional<Tail>& tail) {
  if (!tail.has_value()) {
    return std::nullopt;
  }
  return TailLaw{tail->from, static_cast<double>(tail->micro_index) / 1e6};
}

}  // namespace

PayGrid::PayGrid(const Measure& measure)
    : PayGrid(measure.inner_edges, {measure.steps, LawOf(measure.lower_tail),
                                    LawOf(measure.upper_tail)}) {}

PayGrid::PayGrid(absl::Span<const int64_t> inner_edges, const BinLaws& laws)
    : edges_(1), log_edges_(1) {
  COMMONWAGE_CHECK(!inner_edges.empty());
  int64_t previous = 0;
  for (const int64_t edge : inner_edges) {
    COMMONWAGE_CHECK(edge > previous);
    edges_.push_back(static_cast<double>(edge));
    log_edges_.push_back(std::log(static_cast<double>(edge)));
    previous = edge;
  }
  is_step_.assign(bins(), false);
  tilts_.assign(bins(), 0);
  const auto bin_from = [this](int64_t edge) {
    const auto found =
        std::find(edges_.begin() + 1, edges_.end(), static_cast<double>(edge));
    COMMONWAGE_CHECK(found != edges_.end());
    return static_cast<size_t>(found - edges_.begin());
  };
  for (const int64_t step : laws.steps) {
    is_step_[bin_from(step)] = true;
  }
  if (laws.lower.has_value()) {
    std::fill_n(tilts_.begin(), bin_from(laws.lower->from), laws.lower->index);
  }
  if (laws.upper.has_value()) {
    for (size_t b = bin_from(laws.upper->from); b < bins(); ++b) {
      tilts_[b] = -laws.upper->index;
    }
  }
}

std::optional<double> PayGrid::LogPayAt(size_t b, double part) const {
  const double tilt = tilts_[b];
  if (is_step_[b]) {
    return log_edges_[b];
  }
  if (!HasLaw(b) || (b == 0 && part <= 0) || (b + 1 == bins() && part >= 1)) {
    return std::nullopt;
  }
  if (b == 0) {
    return log_edges_[1] + std::log(part) / tilt;
  }
  if (b + 1 == bins()) {
    return log_edges_[b] + std::log1p(-part) / tilt;
  }
  const double width = LogWidth(b);
  // log1p and expm1 keep their digits as the tilt becomes nothing.
  const double place = std::abs(tilt * width) < kFlat
                           ? part * width
                           : std::log1p(part * std::expm1(tilt * width)) / tilt;
  return log_edges_[b] + place;
}

std::optional<double> PayGrid::PartBelow(size_t b, double log_pay) const {
  const double tilt = tilts_[b];
  if (!HasLaw(b)) {
    return std::nullopt;
  }
  if (b == 0) {
    return std::min(std::exp(tilt * (log_pay - log_edges_[1])), 1.0);
  }
  // One minor unit wide: nobody is paid more than the step and is still in it.
  if (is_step_[b]) {
    return log_pay > log_edges_[b] ? 1.0 : 0.0;
  }
  const double place = std::max(log_pay - log_edges_[b], 0.0);
  if (b + 1 == bins()) {
    return -std::expm1(tilt * place);
  }
  return std::min(ExpIntegral(tilt, place) / ExpIntegral(tilt, LogWidth(b)),
                  1.0);
}

double PayGrid::MomentOf(size_t b, double from, double to, int power) const {
  const double edge = edges_[b == 0 ? 1 : b];
  const double at_edge = power == 1 ? edge : edge * edge;
  const std::optional<double> low = LogPayAt(b, from);
  const std::optional<double> high = LogPayAt(b, to);
  // Of pay beyond an end without a law no mean is known; its edge makes the sum
  // the bound that it is then called.
  if (is_step_[b] || !low.has_value() || !high.has_value()) {
    return at_edge;
  }
  const double width = *high - *low;
  const auto exponent = static_cast<double>(power);
  if (width < kFlat) {
    return std::exp(exponent * *low);
  }
  return std::exp(exponent * *low) * ExpIntegral(tilts_[b] + exponent, width) /
         ExpIntegral(tilts_[b], width);
}

}  // namespace commonwage::privacy::model
