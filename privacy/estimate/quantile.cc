// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/quantile.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>

#include "privacy/estimate/quality.h"
#include "privacy/model/rank_statistic.h"

namespace commonwage::privacy::estimate {
namespace {

// A place on the grid: a log wage and the ends of the bin that it is in, or
// beyond one of the grid's ends.
struct Place {
  double log_wage = 0;
  Position position = Position::kInside;
  double bin_low = 0;
  double bin_high = 0;
};

Place BelowGrid(const model::PayGrid& grid) {
  return {grid.LogEdge(1), Position::kBelow, grid.LogEdge(1), grid.LogEdge(1)};
}

Place AboveGrid(const model::PayGrid& grid) {
  const double last = grid.LogEdge(grid.bins() - 1);
  return {last, Position::kAbove, last, last};
}

Place AtEdge(const model::PayGrid& grid, size_t j) {
  if (j == 0) {
    return BelowGrid(grid);
  }
  return j >= grid.bins() ? AboveGrid(grid)
                          : Place{grid.LogEdge(j), Position::kInside,
                                  grid.LogEdge(j), grid.LogEdge(j)};
}

// Where D' + side z S is zero inside a bin, given what it is at the bin's
// edges.
Place InBin(const model::PayGrid& grid, size_t bin, double left, double right) {
  const std::optional<double> log_pay =
      grid.LogPayAt(bin, -left / (right - left));
  if (log_pay.has_value()) {
    // On a step the place is known; at an open end the plan's law is all there
    // is, and the limit is open besides. In any other bin pay may be anywhere.
    const bool known = grid.IsStep(bin) || grid.IsOpen(bin);
    return {*log_pay, Position::kInside, known ? *log_pay : grid.LogEdge(bin),
            known ? *log_pay : grid.LogEdge(bin + 1)};
  }
  return bin == 0 ? BelowGrid(grid) : AboveGrid(grid);
}

// The first zero of D' + side z S.
Place FirstZero(const model::PayGrid& grid,
                const model::RankStatistic& statistic, double side) {
  const auto at = [&](size_t j) {
    return statistic.At(j) + side * statistic.Reach(j);
  };
  const size_t j = statistic.FirstNotBelow(0, side);
  if (j == 0 || j > statistic.bins() || at(j) == 0) {
    return AtEdge(grid, j);
  }
  return InBin(grid, j - 1, at(j - 1), at(j));
}

// The last zero of D' + side z S.
Place LastZero(const model::PayGrid& grid,
               const model::RankStatistic& statistic, double side) {
  const auto at = [&](size_t j) {
    return statistic.At(j) + side * statistic.Reach(j);
  };
  const size_t past = statistic.PastLastNotAbove(0, side);
  if (past == 0) {
    return BelowGrid(grid);
  }
  if (past > statistic.bins() || at(past - 1) == 0) {
    return AtEdge(grid, past - 1);
  }
  return InBin(grid, past - 1, at(past - 1), at(past));
}

Place FindValue(const model::PayGrid& grid,
                const model::RankStatistic& statistic) {
  const Place first = FirstZero(grid, statistic, 0);
  const Place last = LastZero(grid, statistic, 0);
  // Over empty bins D' is flat and every rate is a quantile: half-way, in the
  // logarithm, is at most half as far off as an end can be.
  if (first.position == last.position) {
    return {(first.log_wage + last.log_wage) / 2, first.position, first.bin_low,
            last.bin_high};
  }
  // A flat stretch that runs off the grid: its end inside is a figure to quote.
  return first.position == Position::kInside ? first : last;
}

// Divides the half-width of the plain limits between its two causes.
void SetDeviations(const model::CellCdf& cdf,
                   const model::RankStatistic& statistic, double p,
                   const model::Critical& critical, LogQuantile& result) {
  const Place low = FirstZero(cdf.grid(), statistic, 1);
  const Place high = LastZero(cdf.grid(), statistic, -1);
  const size_t middle = std::min(statistic.FirstNotBelow(0, 0), cdf.bins());
  const double noise =
      critical.noise * critical.noise * cdf.NoiseVariance(middle, p);
  const double sampling =
      critical.sampling * critical.sampling * cdf.size() * p * (1 - p);
  const double half_width = std::max(high.log_wage - low.log_wage, 0.0) / 2;
  // Deviations explain an interval and decide nothing; from the limits before
  // they moved, as the width of a bin is no chance.
  const double per_reach = half_width / std::sqrt(noise + sampling);
  result.noise_sd = per_reach * std::sqrt(noise) / critical.noise;
  result.sampling_sd = per_reach * std::sqrt(sampling) / critical.sampling;
}

// Edges and steps are whole minor units, and stay so on their way through the
// logarithm, which would take a rounding off them.
double PayOf(double log_pay) {
  constexpr double kRounding = 1e-13;
  const double pay = std::exp(log_pay);
  const double whole = std::round(pay);
  return std::abs(pay - whole) <= kRounding * pay ? whole : pay;
}

}  // namespace

void SetOutwardLimits(const model::PayGrid& grid, size_t first,
                      size_t past_last, LogQuantile& result) {
  // One edge outward: the quantile is in a bin of which one edge stands, and
  // may be at its other end.
  const size_t last_edge = grid.bins() - 1;
  result.open_low = first <= 1;
  result.low = grid.LogEdge(std::clamp<size_t>(first, 2, last_edge + 1) - 1);
  result.open_high = past_last > last_edge;
  // Unless the bin's people are all at its left edge.
  const bool on_step =
      past_last >= 1 && past_last <= last_edge && grid.IsStep(past_last - 1);
  result.high = grid.LogEdge(
      std::clamp<size_t>(on_step ? past_last - 1 : past_last, 1, last_edge));
}

LogQuantile FindQuantile(const model::CellCdf& cdf, double p,
                         const model::Critical& critical) {
  const model::RankStatistic statistic(cdf, p, critical);
  const Place value = FindValue(cdf.grid(), statistic);
  LogQuantile result;
  result.value = value.log_wage;
  result.position = value.position;
  result.within_low = value.log_wage - value.bin_low;
  result.within_high = value.bin_high - value.log_wage;
  SetOutwardLimits(cdf.grid(), statistic.FirstNotBelow(0, 1),
                   statistic.PastLastNotAbove(0, -1), result);
  SetDeviations(cdf, statistic, p, critical, result);
  return result;
}

Estimate WageOf(const LogQuantile& quantile) {
  Estimate wage;
  wage.value = PayOf(quantile.value);
  wage.position = quantile.position;
  wage.interval.open_low = quantile.open_low;
  wage.interval.open_high = quantile.open_high;
  wage.interval.low = quantile.open_low ? 0 : PayOf(quantile.low);
  wage.interval.high = quantile.open_high ? 0 : PayOf(quantile.high);
  wage.noise_sd = wage.value * quantile.noise_sd;
  wage.sampling_sd = wage.value * quantile.sampling_sd;
  wage.model_sd = wage.value * quantile.model_sd;
  wage.modelled = quantile.modelled;
  wage.quality = quantile.open_low || quantile.open_high
                     ? Quality::kPoor
                     : QualityOf(quantile.HalfWidth());
  return wage;
}

}  // namespace commonwage::privacy::estimate
