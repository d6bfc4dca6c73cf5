// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/share.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

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

// Solves Fieller's quadratic a s^2 - 2 b s + c <= 0 for s in [0, 1].
Range Fieller(const CellCdf& cdf, const Part& part, const Critical& critical) {
  const double n2 = critical.noise * critical.noise;
  const double s2 = critical.sampling * critical.sampling;
  const double total = cdf.size();
  const double a = total * total - n2 * cdf.TotalVariance() + s2 * total;
  const double b = part.count * total - n2 * part.covariance + s2 * total / 2;
  const double c = part.count * part.count - n2 * part.variance;
  if (a <= 0) {
    return {};  // The total itself may be nothing: every share is possible.
  }
  const double root = std::sqrt(std::max(b * b - a * c, 0.0));
  return {std::clamp((b - root) / a, 0.0, 1.0),
          std::clamp((b + root) / a, 0.0, 1.0)};
}

Part PrefixPart(const CellCdf& cdf, size_t j) {
  const double at_zero = cdf.NoiseVariance(j, 0);
  const double total = cdf.TotalVariance();
  return {cdf.Below(j), at_zero,
          // NoiseVariance at p = 1 is V_L - 2 cov + V_T.
          (at_zero + total - cdf.NoiseVariance(j, 1)) / 2};
}

// Puts the pieces together; the value must be set.
void Finish(const CellCdf& cdf, const Part& part, Range range,
            Estimate& share) {
  const double s = std::clamp(share.value, 0.0, 1.0);
  share.value = s;
  share.interval.low = std::min(range.low, s);
  share.interval.high = std::max(range.high, s);
  share.noise_sd = std::sqrt(std::max(part.variance - 2 * s * part.covariance +
                                          s * s * cdf.TotalVariance(),
                                      0.0)) /
                   cdf.size();
  share.sampling_sd = std::sqrt(s * (1 - s) / cdf.size());
  share.quality = QualityOf((share.interval.high - share.interval.low) / 2);
}

Estimate OnEdge(const CellCdf& cdf, size_t j, const Critical& critical) {
  const Part part = PrefixPart(cdf, j);
  Estimate share;
  share.value = part.count / cdf.size();
  Finish(cdf, part, Fieller(cdf, part, critical), share);
  share.position = Position::kInside;
  return share;
}

// Divides bin b at `t` of its width.
Estimate InsideBin(const CellCdf& cdf, size_t b, double t,
                   const Critical& critical) {
  const Part left = PrefixPart(cdf, b);
  const Part right = PrefixPart(cdf, b + 1);
  const auto between = [t](double from, double to) {
    return from + (to - from) * t;
  };
  const Part part{between(left.count, right.count),
                  between(left.variance, right.variance),
                  between(left.covariance, right.covariance)};
  // Where inside the bin its workers stand is not known: cover all of it.
  const Range range{Fieller(cdf, left, critical).low,
                    Fieller(cdf, right, critical).high};
  Estimate share;
  share.value = part.count / cdf.size();
  share.interpolated = true;
  Finish(cdf, part, range, share);
  return share;
}

}  // namespace

Estimate ShareBelow(const CellCdf& cdf, int64_t rate,
                    const Critical& critical) {
  const PayGrid& grid = cdf.grid();
  const auto wage = static_cast<double>(rate);
  size_t j = 1;  // The first edge that is not below the rate.
  while (j < grid.bins() && grid.Edge(j) < wage) {
    ++j;
  }
  if (j == grid.bins()) {
    Estimate share = OnEdge(cdf, j - 1, critical);
    share.position = Position::kAbove;
    share.interval.high = 1;
    share.quality = QualityOf((1 - share.interval.low) / 2);
    return share;
  }
  if (grid.Edge(j) == wage) {
    return OnEdge(cdf, j, critical);
  }
  if (j == 1) {
    Estimate share = OnEdge(cdf, 1, critical);
    share.position = Position::kBelow;
    share.interval.low = 0;
    share.quality = QualityOf(share.interval.high / 2);
    return share;
  }
  const double t =
      (std::log(wage) - grid.LogEdge(j - 1)) / grid.LogWidth(j - 1);
  return InsideBin(cdf, j - 1, t, critical);
}

std::vector<Estimate> Histogram(const CellCdf& cdf, const Critical& critical) {
  std::vector<Estimate> shares;
  shares.reserve(cdf.bins());
  const double covariance =
      cdf.TotalVariance() / static_cast<double>(cdf.bins());
  for (size_t b = 0; b < cdf.bins(); ++b) {
    const Part part{cdf.leaves()[b], cdf.LeafVariance(), covariance};
    Estimate share;
    share.value = cdf.Mass(b) / cdf.size();
    Finish(cdf, part, Fieller(cdf, part, critical), share);
    shares.push_back(share);
  }
  return shares;
}

}  // namespace commonwage::privacy::estimate
