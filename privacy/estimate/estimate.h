// SPDX-License-Identifier: Apache-2.0
// What every figure looks like: a value, how sure it is, and why not surer.
// Post-processing of a release throughout: no budget is spent here.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_ESTIMATE_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_ESTIMATE_H_

namespace commonwage::privacy::estimate {

// The range that holds the true value of the population in 95 of 100 rounds
// (or more: see SummaryRequest::simultaneous). Sampling error and noise are
// both inside. Where a side is open the grid ends before the limit does: then
// that side reads "below the grid" or "above the grid", and its number is 0 and
// means nothing.
struct Interval {
  double low = 0;
  double high = 0;
  bool open_low = false;
  bool open_high = false;

  friend bool operator==(const Interval&, const Interval&) = default;
};

// A word for an estimate, derived from released data only. Every statistic of a
// cell, and every percentile, has its own.
enum class Quality {
  kGood,  // The interval is narrow enough to quote the value alone.
  kFair,  // Quote the value with its interval.
  kPoor,  // Show the interval; print the value grey or not at all.
};

// Where the truth lies relative to `Estimate::value`. Only of kInside is the
// value a figure to quote; of gaps and changes gap.h says what a bound is.
enum class Position {
  kInside,   // The value is an estimate of it.
  kBelow,    // Off the grid's lower end: read "below `value`".
  kAbove,    // Off the grid's upper end: read "above `value`".
  kUnknown,  // Cannot be told: parts of it are off the grid. No number.
};

// One figure. Always finite numbers. Units are those of the statistic: minor
// units of money for quantiles and means, workers for counts, 0..1 for shares,
// a fraction for gaps and changes (-0.1: a tenth less).
struct Estimate {
  double value = 0;
  Position position = Position::kInside;
  Interval interval;
  double noise_sd = 0;     // Standard deviation that the noise adds.
  double sampling_sd = 0;  // That of having asked these workers, not others.
  double model_sd = 0;     // That of what a modelled figure borrowed, as cells
                           // differ from what others say of them. No chance:
                           // asking more workers would not make it smaller.
  Quality quality = Quality::kPoor;
  bool modelled = false;      // Drawn toward what other cells say of this
                              // one; never a claim about it against them.
  bool interpolated = false;  // A rate inside a bin: the bin was divided.

  friend bool operator==(const Estimate&, const Estimate&) = default;
};

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_ESTIMATE_H_
