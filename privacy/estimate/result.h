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
  bool simultaneous = false;       // Those of all shown cells hold at once.
  std::vector<SummaryCell> cells;  // In plan order.

  friend bool operator==(const SummaryResult&, const SummaryResult&) = default;
};

// What a gap says in one word.
enum class Verdict {
  kClear,              // The interval leaves out "no difference".
  kNoClearDifference,  // It does not; which is not "no difference".
  kTooLittleData,      // Nor could it have shown a gap of a fifth, or a group
                       // is near the threshold, which tells nothing.
};

struct Gap {
  Estimate a;
  Estimate b;
  Estimate relative;  // a / b - 1: -0.07 means that a is paid 7 % less than b.
  // The smallest relative gap that figures as noisy as these would show as
  // clear in four of five cases: 0.12 means 12 %. 0 if it cannot be told,
  // because an interval is open or a group near the threshold.
  double minimum_detectable = 0;
  Verdict verdict = Verdict::kTooLittleData;

  friend bool operator==(const Gap&, const Gap&) = default;
};

struct CompareResult {
  std::string round_id;
  std::string marginal;
  std::string measure;
  std::vector<std::string> by;
  std::vector<std::vector<std::string>> a_values;
  std::vector<std::vector<std::string>> b_values;
  bool a_withheld = false;
  bool b_withheld = false;
  double confidence = 0.95;
  std::optional<Gap> gap;  // nullopt if either is withheld.

  friend bool operator==(const CompareResult&, const CompareResult&) = default;
};

enum class TrendOutcome {
  kShown,
  kWithheld,
  kNotAsked,  // This round's plan has no such cell or measure.
};

struct TrendPoint {
  std::string round_id;
  std::string marginal;  // Empty if not asked.
  TrendOutcome outcome = TrendOutcome::kNotAsked;
  std::optional<Estimate> level;  // Set if shown.
  // Relative change (0.03: 3 % more) since the latest earlier round that is
  // shown, unset if there is none. Rounds share workers, so their errors partly
  // cancel; the interval does not count on it, and is therefore rather too wide
  // than too narrow.
  std::optional<Estimate> change;
  std::string change_since;  // Round id that `change` refers to.
  // The same since the first round that is shown.
  std::optional<Estimate> change_since_first;

  friend bool operator==(const TrendPoint&, const TrendPoint&) = default;
};

struct TrendResult {
  std::string measure;
  std::vector<std::string> by;                   // As asked.
  std::vector<std::vector<std::string>> values;  // Per `by`, as asked.
  double confidence = 0.95;
  std::vector<TrendPoint> points;  // In the order given.

  friend bool operator==(const TrendResult&, const TrendResult&) = default;
};

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_RESULT_H_
