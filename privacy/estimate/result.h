// SPDX-License-Identifier: Apache-2.0
// What a release answers (request.h says what can be asked). Plain values; the
// server and `commonwage verify` both speak from these.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_RESULT_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_RESULT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "privacy/estimate/estimate.h"

namespace commonwage::privacy::estimate {

struct QuantileFigure {
  double p = 0;
  Estimate wage;  // In minor units.
  // How far k false answers can have moved it (robustness.h), k being the
  // plan's, as a fraction.
  std::optional<double> shift_by_k_false = std::nullopt;

  friend bool operator==(const QuantileFigure&,
                         const QuantileFigure&) = default;
};

struct ShareFigure {
  int64_t rate = 0;  // In minor units.
  Estimate share;    // Of workers paid less than `rate`, 0..1.

  friend bool operator==(const ShareFigure&, const ShareFigure&) = default;
};

// The statistics asked for, in the order asked for. Fields not asked for are
// empty.
struct CellFigures {
  std::optional<Estimate> count;
  std::vector<QuantileFigure> quantiles;
  std::vector<Estimate> histogram;  // One share per bin.
  std::optional<Estimate> trimmed_mean;
  std::vector<ShareFigure> shares_below;
  // The count is within two noise standard deviations of the threshold: such
  // cells are shown more often when their noise is high, so that their counts
  // lean upward. Every figure of such a cell is kPoor.
  bool near_threshold = false;

  friend bool operator==(const CellFigures&, const CellFigures&) = default;
};

// The table of which what a request adds up is a cell of its own, not a sum
// that is withheld with its first part. Request and plan alone say which it is,
// whether anything is withheld or not; so it says nothing about anybody.
struct CoarserTable {
  std::vector<std::string> by;  // In the marginal's own order.
  std::string marginal;         // Its id; empty: the plan has no such table.

  friend bool operator==(const CoarserTable&, const CoarserTable&) = default;
};

// One row of the table. `values` holds the values taken together, per
// dimension in the marginal's own order; one value each unless added up.
struct SummaryCell {
  std::vector<std::vector<std::string>> values;
  std::optional<CellFigures> figures;  // nullopt: withheld.

  friend bool operator==(const SummaryCell&, const SummaryCell&) = default;
};

struct SummaryResult {
  std::string round_id;
  std::string marginal;            // Id, for the citation.
  std::string measure;             // Id.
  std::vector<std::string> by;     // In the marginal's own order.
  double confidence = 0.95;        // Of each interval.
  bool simultaneous = false;       // All intervals of the answer hold at once.
  int64_t intervals_at_once = 0;   // How many they are, if so.
  std::vector<SummaryCell> cells;  // In plan order.
  // Set if the whole of a dimension is added up.
  std::optional<CoarserTable> coarser;

  friend bool operator==(const SummaryResult&, const SummaryResult&) = default;
};

// What a gap or a change says in one word.
enum class Verdict {
  kClear,              // The interval leaves out "no difference".
  kNoClearDifference,  // It does not; which is not "no difference".
  kTooLittleData,      // Nor could it have shown a gap of a fifth, a change of
                       // a tenth; or a group is near the threshold, which
                       // tells nothing.
};

// How two wages differ, and what that says.
struct Difference {
  Estimate relative;  // a / base - 1: -0.07 means that a is 7 % less than base.
  // The smallest relative difference that figures as noisy as these would show
  // as clear in four of five cases: 0.12 means 12 %, 0 any. Unset if it cannot
  // be told, because an interval is open or a group near the threshold.
  std::optional<double> minimum_detectable;
  Verdict verdict = Verdict::kTooLittleData;

  friend bool operator==(const Difference&, const Difference&) = default;
};

struct Gap {
  Estimate a;
  Estimate base;
  Difference difference;

  friend bool operator==(const Gap&, const Gap&) = default;
};

struct CompareResult {
  std::string round_id;
  std::string marginal;
  std::string measure;
  std::vector<std::string> by;
  double p = 0.5;  // The quantile compared.
  std::vector<std::vector<std::string>> a_values;
  std::vector<std::vector<std::string>> base_values;
  bool a_withheld = false;
  bool base_withheld = false;
  double confidence = 0.95;
  std::optional<Gap> gap;  // nullopt if either is withheld.
  // Set if both groups add up the whole of a dimension.
  std::optional<CoarserTable> coarser;

  friend bool operator==(const CompareResult&, const CompareResult&) = default;
};

enum class TrendOutcome {
  kShown,
  kWithheld,
  kNotAsked,  // This round's plan has no such cell or measure.
};

// A relative change (0.03: 3 % more). Rounds share workers, so their errors
// partly cancel; the interval does not count on it, and is therefore rather too
// wide than too narrow.
struct Change {
  std::string since;  // Id of the round that it counts from.
  Difference difference;

  friend bool operator==(const Change&, const Change&) = default;
};

struct TrendPoint {
  std::string round_id;
  std::string marginal;  // Empty if not asked.
  TrendOutcome outcome = TrendOutcome::kNotAsked;
  std::optional<Estimate> level;  // Set if shown.
  // Since the latest earlier round that is shown, and since the first one.
  // Unset if there is none.
  std::optional<Change> change;
  std::optional<Change> change_since_first;
  // Set if the whole of a dimension is added up; of this round's plan.
  std::optional<CoarserTable> coarser;

  friend bool operator==(const TrendPoint&, const TrendPoint&) = default;
};

struct TrendResult {
  std::string measure;
  double p = 0.5;                                // The quantile followed.
  std::vector<std::string> by;                   // As asked.
  std::vector<std::vector<std::string>> values;  // Per `by`, as asked.
  double confidence = 0.95;
  std::vector<TrendPoint> points;  // In the order given.

  friend bool operator==(const TrendResult&, const TrendResult&) = default;
};

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_RESULT_H_
