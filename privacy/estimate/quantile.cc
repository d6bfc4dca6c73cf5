// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/quantile.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "privacy/estimate/quality.h"

namespace commonwage::privacy::estimate {
namespace {

// A place on the grid: a log wage, or beyond one of its ends.
struct Place {
  double log_wage = 0;
  Position position = Position::kInside;
};

// The statistic D and its reach z S at every edge of the grid.
class Statistic {
 public:
  Statistic(const CellCdf& cdf, double p, const Critical& critical)
      : cdf_(cdf),
        sampling_variance_(std::max(cdf.total(), 1.0) * p * (1 - p)) {
    const size_t bins = cdf.bins();
    difference_.reserve(bins + 1);
    reach_.reserve(bins + 1);
    for (size_t j = 0; j <= bins; ++j) {
      difference_.push_back(cdf.Below(j) - p * cdf.size());
      reach_.push_back(
          critical.Reach(sampling_variance_, cdf.NoiseVariance(j, p)));
    }
  }

  size_t bins() const { return cdf_.bins(); }
  double sampling_variance() const { return sampling_variance_; }
  double D(size_t j) const { return difference_[j]; }

  // D + side z S, side being -1, 0 or +1.
  double At(size_t j, int side) const {
    return difference_[j] + static_cast<double>(side) * reach_[j];
  }

  // The first edge where D + side z S >= 0; bins() + 1 if there is none.
  size_t FirstAbove(int side) const {
    size_t j = 0;
    while (j <= bins() && At(j, side) < 0) {
      ++j;
    }
    return j;
  }

  // One past the last edge where D + side z S <= 0; 0 if there is none.
  size_t PastLastBelow(int side) const {
    size_t j = bins() + 1;
    while (j > 0 && At(j - 1, side) > 0) {
      --j;
    }
    return j;
  }

  // Where D + side z S + shift is zero between edges j - 1 and j, or the edge
  // that is nearest to that.
  Place Crossing(size_t j, int side, double shift) const {
    const PayGrid& grid = cdf_.grid();
    if (j <= 1) {
      return {grid.LogEdge(1), Position::kBelow};
    }
    if (j >= bins()) {
      return {grid.LogEdge(bins() - 1), Position::kAbove};
    }
    const double left = At(j - 1, side) + shift;
    const double right = At(j, side) + shift;
    if (left >= 0) {
      return {grid.LogEdge(j - 1), Position::kInside};
    }
    if (right <= 0) {
      return {grid.LogEdge(j), Position::kInside};
    }
    return {
        grid.LogEdge(j - 1) + grid.LogWidth(j - 1) * (-left / (right - left)),
        Position::kInside};
  }

  // How far D may be off inside the bin that ends at edge j.
  double Allowance(size_t j) const {
    if (j == 0 || j > bins() || cdf_.grid().IsOpen(j - 1)) {
      return 0;
    }
    const size_t bin = j - 1;
    const double reach = (reach_[bin] + reach_[bin + 1]) / 2;
    return cdf_.Mass(bin) > kFinestShare * reach
               ? std::numeric_limits<double>::infinity()
               : cdf_.allowances()[bin];
  }

 private:
  const CellCdf& cdf_;
  double sampling_variance_;
  std::vector<double> difference_;
  std::vector<double> reach_;
};

// The zero of D: the middle between its first and its last one.
Place Value(const Statistic& statistic) {
  const size_t first = statistic.FirstAbove(0);
  const size_t past_last = statistic.PastLastBelow(0);
  const Place low = statistic.Crossing(first, 0, 0);
  const Place high = statistic.Crossing(past_last, 0, 0);
  if (low.position == high.position) {
    return {(low.log_wage + high.log_wage) / 2, low.position};
  }
  return low.position == Position::kInside ? low : high;
}

LogQuantile Find(const CellCdf& cdf, double p, const Critical& critical,
                 bool smooth) {
  const Statistic statistic(cdf, p, critical);
  const size_t low_edge = statistic.FirstAbove(1);
  const size_t high_edge = statistic.PastLastBelow(-1);
  const Place low = statistic.Crossing(low_edge, 1, 0);
  const Place high = statistic.Crossing(high_edge, -1, 0);
  const Place value = Value(statistic);

  LogQuantile result;
  result.value = value.log_wage;
  result.position = value.position;

  // Divide the plain half-width between its two causes.
  const size_t middle = std::min(statistic.FirstAbove(0), cdf.bins());
  const double noise =
      critical.noise * critical.noise * cdf.NoiseVariance(middle, p);
  const double sampling =
      critical.sampling * critical.sampling * statistic.sampling_variance();
  const double half_width = std::max(high.log_wage - low.log_wage, 0.0) / 2;
  const double per_reach = half_width / std::sqrt(noise + sampling);
  result.noise_sd = per_reach * std::sqrt(noise) / critical.noise;
  result.sampling_sd = per_reach * std::sqrt(sampling) / critical.sampling;

  const Place outer_low =
      smooth ? low
             : statistic.Crossing(low_edge, 1, statistic.Allowance(low_edge));
  const Place outer_high =
      smooth
          ? high
          : statistic.Crossing(high_edge, -1, -statistic.Allowance(high_edge));
  result.open_low = outer_low.position != Position::kInside &&
                    outer_low.position != Position::kAbove;
  result.open_high = outer_high.position != Position::kInside &&
                     outer_high.position != Position::kBelow;
  result.low = outer_low.log_wage;
  result.high = outer_high.log_wage;
  return result;
}

}  // namespace

LogQuantile FindQuantile(const CellCdf& cdf, double p,
                         const Critical& critical) {
  return Find(cdf, p, critical, false);
}

LogQuantile FindSmoothQuantile(const CellCdf& cdf, double p,
                               const Critical& critical) {
  return Find(cdf, p, critical, true);
}

Estimate WageOf(const LogQuantile& quantile) {
  Estimate wage;
  wage.value = std::exp(quantile.value);
  wage.position = quantile.position;
  wage.interval.open_low = quantile.open_low;
  wage.interval.open_high = quantile.open_high;
  wage.interval.low = quantile.open_low ? 0 : std::exp(quantile.low);
  wage.interval.high = quantile.open_high ? 0 : std::exp(quantile.high);
  wage.noise_sd = wage.value * quantile.noise_sd;
  wage.sampling_sd = wage.value * quantile.sampling_sd;
  wage.modelled = quantile.modelled;
  wage.quality = quantile.open_low || quantile.open_high
                     ? Quality::kPoor
                     : QualityOf(quantile.HalfWidth());
  return wage;
}

}  // namespace commonwage::privacy::estimate
