// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/gap.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "privacy/estimate/quality.h"

namespace commonwage::privacy::estimate {
namespace {

// The interval of a - b in logarithm.
struct LogGap {
  double value = 0;
  double low = 0;
  double high = 0;
  bool open_low = false;
  bool open_high = false;
};

// How far a limit of one quantile is from its value, on one side.
struct Side {
  double within = 0;  // To the end of the value's bin.
  double beyond = 0;  // From there to the limit; 0 if that is nearer.
};

Side LowSide(const LogQuantile& quantile) {
  return {quantile.within_low,
          std::max(quantile.value - quantile.within_low - quantile.low, 0.0)};
}

Side HighSide(const LogQuantile& quantile) {
  return {quantile.within_high,
          std::max(quantile.high - quantile.value - quantile.within_high, 0.0)};
}

// On a pay scale both rates may be at the same ends of their bins in every
// round, which no square root of squares allows for: those lengths add.
double Reach(const Side& one, const Side& other) {
  return one.within + other.within + std::hypot(one.beyond, other.beyond);
}

LogGap JoinByMover(const LogQuantile& a, const LogQuantile& base) {
  LogGap gap;
  gap.value = a.value - base.value;
  gap.low = gap.value - Reach(LowSide(a), HighSide(base));
  gap.high = gap.value + Reach(HighSide(a), LowSide(base));
  gap.open_low = a.open_low || base.open_high;
  gap.open_high = a.open_high || base.open_low;
  return gap;
}

Position Mirrored(Position position) {
  if (position == Position::kBelow) {
    return Position::kAbove;
  }
  return position == Position::kAbove ? Position::kBelow : position;
}

Position PositionOf(const LogQuantile& a, const LogQuantile& base) {
  if (a.position == Position::kInside) {
    return Mirrored(base.position);
  }
  if (base.position == Position::kInside ||
      Mirrored(base.position) == a.position) {
    return a.position;
  }
  return Position::kUnknown;  // Both off the same end.
}

// Makes an estimate of a gap off the grid the bound that it is.
void MakeBound(Estimate& relative) {
  const Interval& interval = relative.interval;
  const bool is_open = relative.position == Position::kBelow
                           ? interval.open_high
                           : interval.open_low;
  if (is_open) {
    relative.position = Position::kUnknown;
  }
  relative.value = 0;
  if (relative.position != Position::kUnknown) {
    relative.value =
        relative.position == Position::kBelow ? interval.high : interval.low;
  }
  // Beside a bound a standard deviation would be read as that of an estimate.
  relative.noise_sd = 0;
  relative.sampling_sd = 0;
  relative.model_sd = 0;
}

// Standard deviation of what varies from release to release.
double ChanceOf(const LogQuantile& quantile) {
  return std::hypot(quantile.noise_sd, quantile.sampling_sd);
}

Verdict VerdictOf(const LogGap& gap, const std::optional<double>& detectable,
                  double worth_seeing) {
  // First of all: a bound can be clear, though what else would have been cannot
  // be told.
  if ((!gap.open_low && gap.low > 0) || (!gap.open_high && gap.high < 0)) {
    return Verdict::kClear;
  }
  return detectable.has_value() && *detectable <= worth_seeing
             ? Verdict::kNoClearDifference
             : Verdict::kTooLittleData;
}

}  // namespace

Estimate EstimateDifference(const LogQuantile& a, const LogQuantile& base) {
  const LogGap gap = JoinByMover(a, base);
  Estimate relative;
  relative.value = std::expm1(gap.value);
  relative.position = PositionOf(a, base);
  relative.interval.open_low = gap.open_low;
  relative.interval.open_high = gap.open_high;
  relative.interval.low = gap.open_low ? 0 : std::expm1(gap.low);
  relative.interval.high = gap.open_high ? 0 : std::expm1(gap.high);
  const double ratio = std::exp(gap.value);
  relative.noise_sd = ratio * std::hypot(a.noise_sd, base.noise_sd);
  relative.sampling_sd = ratio * std::hypot(a.sampling_sd, base.sampling_sd);
  relative.model_sd = ratio * std::hypot(a.model_sd, base.model_sd);
  relative.modelled = a.modelled || base.modelled;
  // In the logarithm, where a half is as far from one as two is.
  relative.quality = gap.open_low || gap.open_high
                         ? Quality::kPoor
                         : QualityOf((gap.high - gap.low) / 2);
  if (relative.position != Position::kInside) {
    MakeBound(relative);
  }
  return relative;
}

Difference JudgeDifference(const LogQuantile& a, const LogQuantile& base,
                           double worth_seeing) {
  Difference result;
  result.relative = EstimateDifference(a, base);
  const LogGap gap = JoinByMover(a, base);
  if (!gap.open_low && !gap.open_high) {
    const double reach = (gap.high - gap.low) / 2;
    // As an increase, the larger way to say a ratio: rather too much.
    result.minimum_detectable = std::expm1(
        reach + kDetectionReach * std::hypot(ChanceOf(a), ChanceOf(base)));
  }
  result.verdict = VerdictOf(gap, result.minimum_detectable, worth_seeing);
  return result;
}

void TakeVerdict(Difference& difference) {
  difference.relative.quality = Quality::kPoor;
  difference.minimum_detectable.reset();
  difference.verdict = Verdict::kTooLittleData;
}

}  // namespace commonwage::privacy::estimate
