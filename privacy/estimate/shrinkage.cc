// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/shrinkage.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace commonwage::privacy::estimate {
namespace {

// RobustReach at 0, 0.25, ... 4, rounded upward. The function is convex, so
// that straight lines between are above it, as is the slope 1 / sqrt(0.05)
// beyond.
constexpr double kStep = 0.25;
constexpr std::array<double, 17> kReaches = {
    1.95997,  2.02513,  2.22666,  2.60473,  3.25920, 4.16850,
    5.15957,  6.17905,  7.21636,  8.26624,  9.32547, 10.39189,
    11.46402, 12.54077, 13.62134, 14.70512, 15.79163};
constexpr double kFarSlope = 4.472136;

// The standard deviation of a quantile's error, as its interval tells it; where
// the interval is open it is at least twice what is seen.
double DeviationOf(const LogQuantile& quantile, const Critical& critical) {
  const double seen = quantile.HalfWidth() / critical.sampling;
  return quantile.open_low || quantile.open_high ? 2 * seen : seen;
}

// The same before limits were moved outward: what the estimate itself is off by
// when wages are smooth. Weighs the cell against its parent.
double PlainVariance(const LogQuantile& quantile) {
  return quantile.noise_sd * quantile.noise_sd +
         quantile.sampling_sd * quantile.sampling_sd;
}

bool IsUsable(const LogQuantile& quantile, const Critical& critical) {
  return quantile.position == Position::kInside &&
         DeviationOf(quantile, critical) > 0;
}

}  // namespace

double RobustReach(double root_mean_square) {
  const double place = root_mean_square / kStep;
  const auto last = static_cast<double>(kReaches.size() - 1);
  if (place >= last) {
    return kReaches.back() + (root_mean_square - last * kStep) * kFarSlope;
  }
  const auto i = static_cast<size_t>(place);
  const double part = place - static_cast<double>(i);
  return kReaches[i] + part * (kReaches[i + 1] - kReaches[i]);
}

std::optional<double> SpreadAroundParents(absl::Span<const Kin> kin,
                                          const Critical& critical) {
  double count = 0;
  double weights = 0;
  double squares = 0;
  double sampling = 0;
  for (const Kin& one : kin) {
    if (!IsUsable(one.cell, critical) || !IsUsable(one.parent, critical)) {
      continue;
    }
    const double cell = DeviationOf(one.cell, critical);
    const double parent = DeviationOf(one.parent, critical);
    const double weight = 1 / (cell * cell + parent * parent);
    const double difference = one.cell.value - one.parent.value;
    count += 1;
    weights += weight;
    squares += weight * difference * difference;
    sampling += weight * one.cell.sampling_sd * one.cell.sampling_sd;
  }
  if (count < static_cast<double>(kFewestKin)) {
    return std::nullopt;
  }
  const double variance =
      std::max(squares * (1 + std::sqrt(2 / count)) - sampling, squares / 2) /
      weights;
  return std::max(std::sqrt(variance), kLeastSpread);
}

LogQuantile Shrunk(const Kin& kin, double spread, const PayGrid& grid,
                   const Critical& critical) {
  if (!IsUsable(kin.cell, critical) || !IsUsable(kin.parent, critical)) {
    return kin.cell;
  }
  const double s = DeviationOf(kin.cell, critical);
  const double parent = DeviationOf(kin.parent, critical);
  const double own =
      spread * spread / (spread * spread + PlainVariance(kin.cell));
  const double borrowed = 1 - own;
  const double difference = kin.cell.value - kin.parent.value;
  const double expected = std::sqrt(s * s + parent * parent + spread * spread);
  if (std::abs(difference) > kConflict * expected) {
    return kin.cell;
  }
  const double parent_sampling =
      kin.parent.sampling_sd * kin.parent.sampling_sd;
  const double shared = 2 * own * borrowed * parent_sampling;
  const double variance =
      own * own * s * s + borrowed * borrowed * parent * parent + shared;
  const double bias = borrowed * spread;
  const double reach =
      RobustReach(bias / std::sqrt(variance)) * std::sqrt(variance);
  if (reach >= kin.cell.HalfWidth()) {
    return kin.cell;
  }

  LogQuantile result;
  result.modelled = true;
  result.value = own * kin.cell.value + borrowed * kin.parent.value;
  result.low = result.value - reach;
  result.high = result.value + reach;
  const double lowest = grid.LogEdge(1);
  const double highest = grid.LogEdge(grid.bins() - 1);
  if (result.low <= lowest) {
    result.low = lowest;
    result.open_low = true;
  }
  if (result.high >= highest) {
    result.high = highest;
    result.open_high = true;
  }
  result.noise_sd =
      std::hypot(own * kin.cell.noise_sd, borrowed * kin.parent.noise_sd);
  result.sampling_sd =
      std::sqrt(own * own * kin.cell.sampling_sd * kin.cell.sampling_sd +
                borrowed * borrowed * parent_sampling + shared + bias * bias);
  return result;
}

}  // namespace commonwage::privacy::estimate
