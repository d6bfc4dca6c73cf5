// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/gap.h"

#include <cmath>

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

LogGap Mover(const LogQuantile& a, const LogQuantile& b) {
  LogGap gap;
  gap.value = a.value - b.value;
  gap.low = gap.value - std::hypot(a.value - a.low, b.high - b.value);
  gap.high = gap.value + std::hypot(a.high - a.value, b.value - b.low);
  gap.open_low = a.open_low || b.open_high;
  gap.open_high = a.open_high || b.open_low;
  return gap;
}

Position Mirrored(Position position) {
  if (position == Position::kBelow) {
    return Position::kAbove;
  }
  return position == Position::kAbove ? Position::kBelow : position;
}

Position PositionOf(const LogQuantile& a, const LogQuantile& b) {
  if (a.position == Position::kInside) {
    return Mirrored(b.position);
  }
  if (b.position == Position::kInside || Mirrored(b.position) == a.position) {
    return a.position;
  }
  return Position::kUnknown;  // Both off the same end.
}

}  // namespace

Estimate RelativeDifference(const LogQuantile& a, const LogQuantile& b) {
  const LogGap gap = Mover(a, b);
  Estimate relative;
  relative.value = std::expm1(gap.value);
  relative.position = PositionOf(a, b);
  relative.interval.open_low = gap.open_low;
  relative.interval.open_high = gap.open_high;
  relative.interval.low = gap.open_low ? 0 : std::expm1(gap.low);
  relative.interval.high = gap.open_high ? 0 : std::expm1(gap.high);
  const double ratio = std::exp(gap.value);
  relative.noise_sd = ratio * std::hypot(a.noise_sd, b.noise_sd);
  relative.sampling_sd = ratio * std::hypot(a.sampling_sd, b.sampling_sd);
  relative.modelled = a.modelled || b.modelled;
  relative.quality = gap.open_low || gap.open_high
                         ? Quality::kPoor
                         : QualityOf((gap.high - gap.low) / 2);
  return relative;
}

Gap GapOf(const LogQuantile& a, const LogQuantile& b,
          const Critical& critical) {
  Gap result;
  result.a = WageOf(a);
  result.b = WageOf(b);
  result.relative = RelativeDifference(a, b);
  const LogGap gap = Mover(a, b);
  const bool open = gap.open_low || gap.open_high;
  if (!open) {
    const double reach = (gap.high - gap.low) / 2;
    result.minimum_detectable =
        std::expm1(reach * (1 + kDetectionReach / critical.sampling));
  }
  const bool clear =
      (!gap.open_low && gap.low > 0) || (!gap.open_high && gap.high < 0);
  if (clear) {
    result.verdict = Verdict::kClear;
  } else if (!open && result.minimum_detectable <= kGapWorthSeeing) {
    result.verdict = Verdict::kNoClearDifference;
  } else {
    result.verdict = Verdict::kTooLittleData;
  }
  return result;
}

}  // namespace commonwage::privacy::estimate
