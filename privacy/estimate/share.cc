// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/share.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>

#include "privacy/estimate/quality.h"

namespace commonwage::privacy::estimate {
namespace {

// A count L whose share of T is asked for, and what noise does to it.
struct Part {
  double count = 0;
  double variance = 0;    // V_L
  double covariance = 0;  // cov(L, T)
};

struct Range {
  double low = 0;
  double high = 1;
};

// Solves a s^2 - 2 b s + c <= 0 for part.count = `count`.
Range SolveFieller(const model::CellCdf& cdf, const Part& part, double count,
                   const model::Critical& critical) {
  const double n2 = critical.noise * critical.noise;
  const double s2 = critical.sampling * critical.sampling;
  const double total = cdf.size();
  // In s and not in L / T: a ratio whose divisor is noisy has no variance.
  const double a = total * total - n2 * cdf.TotalVariance() + s2 * total;
  const double b = count * total - n2 * part.covariance + s2 * total / 2;
  const double c = count * count - n2 * part.variance;
  if (a <= 0) {
    return {};  // The total itself may be nothing: every share is possible.
  }
  const double root = std::sqrt(std::max(b * b - a * c, 0.0));
  return {(b - root) / a, (b + root) / a};
}

Range IntervalOf(const model::CellCdf& cdf, const Part& part,
                 const model::Critical& critical) {
  const Range plain = SolveFieller(cdf, part, part.count, critical);
  const Range cut = SolveFieller(
      cdf, part, std::clamp(part.count, 0.0, cdf.size()), critical);
  return {std::clamp(std::min(plain.low, cut.low), 0.0, 1.0),
          std::clamp(std::max(plain.high, cut.high), 0.0, 1.0)};
}

Part PrefixPart(const model::CellCdf& cdf, size_t j) {
  const double at_zero = cdf.NoiseVariance(j, 0);
  const double total = cdf.TotalVariance();
  return {cdf.Sum(j), at_zero,
          // NoiseVariance at p = 1 is V_L - 2 cov + V_T.
          (at_zero + total - cdf.NoiseVariance(j, 1)) / 2};
}

// Puts the pieces together; the value must be set.
void Finish(const model::CellCdf& cdf, const Part& part, Range range,
            Estimate& share) {
  const double s = std::clamp(share.value, 0.0, 1.0);
  share.value = s;
  // A value cut to 0 or 1 can lie outside of what Fieller's inequality allows.
  share.interval.low = std::min(range.low, s);
  share.interval.high = std::max(range.high, s);
  share.noise_sd = std::sqrt(std::max(part.variance - 2 * s * part.covariance +
                                          s * s * cdf.TotalVariance(),
                                      0.0)) /
                   cdf.size();
  share.sampling_sd = std::sqrt(s * (1 - s) / cdf.size());
  share.quality =
      QualityOfShare(s, (share.interval.high - share.interval.low) / 2);
}

Estimate OnEdge(const model::CellCdf& cdf, size_t j,
                const model::Critical& critical) {
  const Part part = PrefixPart(cdf, j);
  Estimate share;
  share.value = part.count / cdf.size();
  Finish(cdf, part, IntervalOf(cdf, part, critical), share);
  return share;
}

// Divides bin b so that the part `t` of its workers is below.
Estimate InsideBin(const model::CellCdf& cdf, size_t b, double t,
                   const model::Critical& critical) {
  const Part left = PrefixPart(cdf, b);
  const Part right = PrefixPart(cdf, b + 1);
  const auto between = [t](double from, double to) {
    return from + (to - from) * t;
  };
  // In t a variance is convex, so that the chord is rather too much; the limits
  // take nothing from it.
  const Part part{between(left.count, right.count),
                  between(left.variance, right.variance),
                  between(left.covariance, right.covariance)};
  // Where inside the bin its workers stand is not known: cover all of it.
  const Range range{
      b == 0 ? 0 : IntervalOf(cdf, left, critical).low,
      b + 1 == cdf.bins() ? 1 : IntervalOf(cdf, right, critical).high};
  Estimate share;
  share.value = part.count / cdf.size();
  share.interpolated = true;
  Finish(cdf, part, range, share);
  return share;
}

// A rate inside an open bin without a law: known is the share at its one edge.
Estimate BeyondEdge(const model::CellCdf& cdf, size_t j, Position position,
                    const model::Critical& critical) {
  Estimate share = OnEdge(cdf, j, critical);
  share.position = position;
  (position == Position::kBelow ? share.interval.low : share.interval.high) =
      position == Position::kBelow ? 0 : 1;
  share.quality = QualityOfShare(
      share.value, (share.interval.high - share.interval.low) / 2);
  return share;
}

}  // namespace

Estimate EstimateShareBelow(const model::CellCdf& cdf, int64_t rate,
                            const model::Critical& critical) {
  const model::PayGrid& grid = cdf.grid();
  const auto wage = static_cast<double>(rate);
  size_t j = 1;  // The first edge that is not below the rate.
  while (j < grid.bins() && grid.Edge(j) < wage) {
    ++j;
  }
  if (j < grid.bins() && grid.Edge(j) == wage) {
    return OnEdge(cdf, j, critical);
  }
  const size_t bin = j - 1;
  if (grid.IsStep(bin)) {
    return OnEdge(cdf, j, critical);
  }
  const std::optional<double> part = grid.PartBelow(bin, std::log(wage));
  if (part.has_value()) {
    return InsideBin(cdf, bin, *part, critical);
  }
  return bin == 0 ? BeyondEdge(cdf, 1, Position::kBelow, critical)
                  : BeyondEdge(cdf, bin, Position::kAbove, critical);
}

std::vector<Estimate> EstimateHistogram(const model::CellCdf& cdf,
                                        const model::Critical& critical) {
  std::vector<Estimate> shares;
  shares.reserve(cdf.bins());
  const std::vector<double> fit =
      cdf.model().tree.FitNonNegativeLeaves(cdf.leaves());
  double fitted = 0;
  for (const double count : fit) {
    fitted += count;
  }
  const double covariance =
      cdf.TotalVariance() / static_cast<double>(cdf.bins());
  for (size_t b = 0; b < cdf.bins(); ++b) {
    const Part part{cdf.leaves()[b], cdf.LeafVariance(), covariance};
    Estimate share;
    share.value = fitted > 0 ? fit[b] / fitted : 0;
    Finish(cdf, part, IntervalOf(cdf, part, critical), share);
    shares.push_back(share);
  }
  return shares;
}

}  // namespace commonwage::privacy::estimate
