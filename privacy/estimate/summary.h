// SPDX-License-Identifier: Apache-2.0
// THE figure code: what the server answers, the client verifies and a citation
// means. A pure function of manifest and release: same request, same result,
// to the last bit, for every caller (IEEE double, fixed order of operations).
//
// Post-processing: spends no budget, reads nothing but the release.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_SUMMARY_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_SUMMARY_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "privacy/estimate/request.h"
#include "privacy/estimate/result.h"
#include "privacy/model/marginal_view.h"
#include "survey/manifest.h"
#include "survey/release.h"

namespace commonwage::privacy::estimate {

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

  // Fails with INVALID_ARGUMENT, REQUEST_FAULTY and the fields at fault if a
  // measure or dimension is unknown or misplaced, or a p or rate is out of
  // range or there are too many; with NOT_FOUND, NO_SUCH_MARGINAL if no
  // marginal has these dimensions, and UNKNOWN_CELL if a dimension has no such
  // value.
  absl::StatusOr<SummaryResult> Summarize(const SummaryRequest& request) const;

  // Fails as Summarize does, and with INVALID_ARGUMENT, OVERLAPPING_CELLS if a
  // worker could be in both groups, and REQUEST_FAULTY if no base is named and
  // the plan does not state one.
  absl::StatusOr<CompareResult> Compare(const CompareRequest& request) const;

  const Manifest& manifest() const;
  const Release& release() const;
  // The tables, in plan order.
  absl::Span<const model::MarginalView> marginals() const;

 private:
  struct Parts;
  explicit Figures(std::unique_ptr<const Parts> parts);
  std::unique_ptr<const Parts> parts_;
};

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_SUMMARY_H_
