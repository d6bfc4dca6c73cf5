// SPDX-License-Identifier: Apache-2.0
// How fab_limits.h shares the chance of a miss between the two sides of a test:
// the w for which
//   Phi^-1(kMiss w) - Phi^-1(kMiss (1 - w)) = distance,
// in steps of kWeightStep between kLeastWeight and 1 - kLeastWeight.
//
// No privacy implications, here and below.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_FAB_WEIGHTS_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_FAB_WEIGHTS_H_

#include <cstddef>
#include <vector>

namespace commonwage::privacy::estimate {

inline constexpr double kLeastWeight = 0.05;
inline constexpr double kWeightStep = 0.025;

// Returns the weights that are used, increasing. The last but i is 1 less the
// one at i.
const std::vector<double>& FabWeights();

// Returns the place among them of the one for `distance`.
size_t PlaceOfFabWeight(double distance);

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_FAB_WEIGHTS_H_
