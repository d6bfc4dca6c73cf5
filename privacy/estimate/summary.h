// SPDX-License-Identifier: Apache-2.0
// THE figure code: what the server answers, the client verifies and a citation
// means. A pure function of manifest and release: same request, same result,
// to the last bit, for every caller (IEEE double, fixed order of operations).
//
// Post-processing: spends no budget, reads nothing but the release.
//
// How a request is read:
//  * `by` names the dimensions of the table, and the marginal with exactly
//    these dimensions (in any order) and this measure is used. If a plan has
//    two such marginals the first in plan order is used.
//  * `where` keeps only the listed values of a dimension of `by`.
//  * `add` names dimensions of `by` over which cells are added up: all the
//    values that `where` leaves are taken together as one. Nothing is added
//    unless it is listed here.
//  * A sum is withheld as soon as one of its parts is withheld. The parts that
//    are shown would be another, selected group of workers, and calling their
//    sum by the name of the whole would be a wrong number. Its variance is
//    the sum of the parts' variances.
//  * A withheld cell is a value, not an error, and all withheld cells are
//    alike: it does not say whether nobody, a few, or just too few answered.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_SUMMARY_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_SUMMARY_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "privacy/estimate/estimate.h"
#include "survey/manifest.h"
#include "survey/release.h"

namespace commonwage::privacy::estimate {

// Dimension id -> values. An absent dimension, or an empty list, means all.
using ValuesByDimension = std::map<std::string, std::vector<std::string>>;

struct SummaryRequest {
  std::string measure;          // Empty: the plan's only measure.
  std::vector<std::string> by;  // Dimension ids; empty: all workers together.
  ValuesByDimension where;
  std::vector<std::string> add;

  bool count = false;
  std::vector<double> quantiles;      // Each in [0.01, 0.99]; at most 32.
  bool histogram = false;             // Share of workers per bin of the grid.
  bool trimmed_mean = false;          // Mean of the middle 80 %, 10 to 90 %.
  std::vector<int64_t> shares_below;  // Rates in minor units; at most 32.

  // Shrinks quantiles of small cells toward their parent (shrinkage.h).
  bool modelled = false;
  // Widens the intervals so that all shown cells of the table hold at once
  // (Bonferroni): for rankings.
  bool simultaneous = false;
};

// The statistics asked for, in the order asked for. Fields not asked for are
// empty.
struct CellFigures {
  std::optional<Estimate> count;
  std::vector<Estimate> quantiles;
  std::vector<Estimate> histogram;  // One per bin.
  std::optional<Estimate> trimmed_mean;
  std::vector<Estimate> shares_below;

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
  std::vector<SummaryCell> cells;  // In plan order.

  friend bool operator==(const SummaryResult&, const SummaryResult&) = default;
};

// Compares the quantile `p` of two disjoint cells of one marginal.
struct CompareRequest {
  std::string measure;          // Empty: the plan's only measure.
  std::vector<std::string> by;  // Names the marginal, as above.
  ValuesByDimension a;          // Several values (or none): added up.
  ValuesByDimension b;
  double p = 0.5;  // In [0.01, 0.99].
};

// The gap is the ratio a / b: 0.93 means that a is paid 7 % less than b.
struct Gap {
  Estimate a;
  Estimate b;
  Estimate ratio;
  // The interval leaves out 1. If false, say "no clear difference", which is
  // not "no difference".
  bool clear = false;
  // The smallest relative gap that figures as noisy as these would show as
  // clear in four of five cases: 0.12 means 12 %. 0 if it cannot be told,
  // because an interval is open.
  double minimum_detectable = 0;

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

// Follows the quantile `p` of one cell over the rounds of a survey.
struct TrendRequest {
  std::string measure;
  std::vector<std::string> by;
  ValuesByDimension where;  // Several values (or none): added up.
  double p = 0.5;
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
  // Ratio to the latest earlier round that is shown, unset if there is none.
  // Rounds share workers, so their errors partly cancel; the interval does not
  // count on it, and is therefore rather too wide than too narrow.
  std::optional<Estimate> change;
  std::string change_since;  // Round id that `change` refers to.

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

// The figures of one release. Makes what depends on the plan only once; keep
// one per release. Immutable, so any number of threads may ask at once.
class Figures {
 public:
  // Needs a release that CheckReleaseAgainst accepts for `manifest`; checks it.
  // Fails as CheckReleaseAgainst does.
  static absl::StatusOr<Figures> Of(Manifest manifest, Release release);

  Figures(Figures&&) noexcept;
  Figures& operator=(Figures&&) noexcept;
  ~Figures();

  // Fails with INVALID_ARGUMENT and the reason
  //   UNKNOWN_MEASURE      no such measure, or none named and there are several
  //   UNKNOWN_DIMENSION    in `by`, `where` or `add`; or one not in `by`
  //   UNKNOWN_CELL         a value that its dimension does not have
  //   NOTHING_ASKED        no statistic
  //   QUANTILE_OUT_OF_RANGE, TOO_MANY_FIGURES, RATE_NOT_POSITIVE
  // and with NOT_FOUND, NO_SUCH_MARGINAL if no marginal has these dimensions.
  absl::StatusOr<SummaryResult> Summarize(const SummaryRequest& request) const;

  // Fails as Summarize does, and with INVALID_ARGUMENT, OVERLAPPING_CELLS if a
  // worker could be in both a and b.
  absl::StatusOr<CompareResult> Compare(const CompareRequest& request) const;

  const Manifest& manifest() const;
  const Release& release() const;

 private:
  friend absl::StatusOr<TrendResult> Trend(
      absl::Span<const Figures* const> rounds, const TrendRequest& request);
  struct Parts;
  explicit Figures(std::unique_ptr<const Parts> parts);
  std::unique_ptr<const Parts> parts_;
};

// Follows one cell over `rounds`, all of one survey, oldest first.
//
// Fails with INVALID_ARGUMENT, NO_ROUNDS if `rounds` is empty, ROUNDS_DIFFER if
// they are of several surveys or count pay in several currencies or periods;
// and as Summarize does, if no round at all has what is asked for.
absl::StatusOr<TrendResult> Trend(absl::Span<const Figures* const> rounds,
                                  const TrendRequest& request);

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_SUMMARY_H_
