// SPDX-License-Identifier: Apache-2.0
// From the names in a request to the cells of a marginal.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_SELECTION_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_SELECTION_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "base/error.h"
#include "privacy/estimate/request.h"
#include "privacy/estimate/result.h"
#include "survey/cells.h"
#include "survey/plan/plan.h"

namespace commonwage::privacy::estimate {

// The values chosen of each dimension of a marginal's `by`, as indexes into the
// dimension, increasing, one at least.
using ChosenValues = std::vector<std::vector<size_t>>;

// Returns the index of the marginal of `measure` (empty: the plan's only one)
// with exactly the dimensions `by`, in any order; the first one in plan order.
//
// Fails with INVALID_ARGUMENT, REQUEST_FAULTY for an unknown measure, an
// unknown or repeated dimension; with NOT_FOUND, NO_SUCH_MARGINAL, which names
// the table that would have been needed and those that there are. Each names
// the fields at fault.
absl::StatusOr<size_t> FindMarginalBy(const Plan& plan,
                                      const std::string& measure,
                                      absl::Span<const std::string> by);

// Returns the values that `where`, a field called `place` of the request,
// leaves of each dimension of `marginal`.
//
// Fails with INVALID_ARGUMENT, REQUEST_FAULTY if `where` names a dimension that
// the marginal does not have, and with NOT_FOUND, UNKNOWN_CELL if a dimension
// does not have a value. Each names the fields at fault, "where.region[0]"
// being the first value of a dimension.
absl::StatusOr<ChosenValues> ChooseValues(const Plan& plan,
                                          const Marginal& marginal,
                                          const ValuesByDimension& where,
                                          const std::string& place);

// Returns every combination of `chosen`, in plan order.
std::vector<size_t> CellsOf(const CellSpace& space, const ChosenValues& chosen);

// Returns the names of `chosen`.
std::vector<std::vector<std::string>> NamesOf(const Plan& plan,
                                              const Marginal& marginal,
                                              const ChosenValues& chosen);

// Returns what the base of a comparison is (CompareRequest): `asked` completed
// by `a`, or the plan's usual base.
//
// Fails with INVALID_ARGUMENT, REQUEST_FAULTY if nothing is asked and there is
// not one usual base that `a` leaves out; names "base".
absl::StatusOr<ValuesByDimension> ChooseBase(const Plan& plan,
                                             const Marginal& marginal,
                                             const ValuesByDimension& a,
                                             const ValuesByDimension& asked);

// Returns the table that has as one cell what `chosen` takes together, if that
// is the whole of a dimension of several values.
std::optional<CoarserTable> FindCoarserTable(const Plan& plan,
                                             const Marginal& marginal,
                                             const ChosenValues& chosen);

// Returns the INVALID_ARGUMENT, REQUEST_FAULTY that names `faults`.
absl::Status FaultyRequest(const std::vector<Fault>& faults);

// Adds a fault unless 0 < p < 1.
void CheckQuantile(double p, const std::string& place,
                   std::vector<Fault>& faults);

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_SELECTION_H_
