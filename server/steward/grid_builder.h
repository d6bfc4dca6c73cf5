// SPDX-License-Identifier: Apache-2.0
// Pay grids from a few public figures, so that nobody types edges. Costs no
// privacy: a grid is fixed before anybody has answered.

#ifndef COMMONWAGE_SERVER_STEWARD_GRID_BUILDER_H_
#define COMMONWAGE_SERVER_STEWARD_GRID_BUILDER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace commonwage::server::steward {

// Returns the amount that `text`, such as "13.90", says in major units, in
// minor units of 10^-`minor_unit_exponent`.
//
// Fails with INVALID_ARGUMENT (AMOUNT_MALFORMED) unless `text` is digits with
// at most one point and no more decimals than the unit has, and the amount is
// positive and at most kMaxMinorUnits.
absl::StatusOr<int64_t> ParseAmount(absl::string_view text,
                                    int minor_unit_exponent);

// Returns the `bins` - 1 inner edges of a grid: `low` first, `high` last, every
// one of `anchors` among them, and the rest in between at steps that are as
// equal as they can be in the logarithm. All in minor units.
//
// Fails with INVALID_ARGUMENT (GRID_UNUSABLE) if bins is not within kMinBins
// and kMaxBins, not 0 < low < high, an anchor is outside or there are more than
// the grid has edges, or the bins would be narrower than one minor unit.
absl::StatusOr<std::vector<int64_t>> LogSpacedEdges(
    int64_t low, int64_t high, size_t bins,
    const std::vector<int64_t>& anchors);

// Returns the number of bins nearest to `bins`, the lower of two, that splits
// into a tree of fanouts of 8 at most: a grid of 97 bins would be one flat
// level, whose sums are far noisier. Returns `bins` itself if it is not within
// kMinBins and kMaxBins.
size_t TreeBins(size_t bins);

}  // namespace commonwage::server::steward

#endif  // COMMONWAGE_SERVER_STEWARD_GRID_BUILDER_H_
