// SPDX-License-Identifier: Apache-2.0
// Which figures these are: part of every reference to a release.

#ifndef COMMONWAGE_FIGURES_ESTIMATOR_VERSION_H_
#define COMMONWAGE_FIGURES_ESTIMATOR_VERSION_H_

#include "absl/strings/string_view.h"

namespace commonwage::figures {

// Changes when the same request to the same release gives other figures. A new
// statistic leaves those of the others as they are, and so the version.
inline constexpr absl::string_view kEstimatorVersion = "2";

}  // namespace commonwage::figures

#endif  // COMMONWAGE_FIGURES_ESTIMATOR_VERSION_H_
