// SPDX-License-Identifier: Apache-2.0
#include "privacy/noise/node_noise.h"

#include "base/status_macros.h"

namespace commonwage::privacy::noise {

absl::StatusOr<NodeNoise> NodeNoise::Create(const NoiseLaw& law) {
  if (law.mechanism == Mechanism::kDiscreteGaussian) {
    COMMONWAGE_ASSIGN_OR_RETURN(const DiscreteGaussian gaussian,
                                DiscreteGaussian::Create(law.parameter));
    return NodeNoise(gaussian);
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const DiscreteLaplace laplace,
                              DiscreteLaplace::Create(law.parameter));
  return NodeNoise(laplace);
}

}  // namespace commonwage::privacy::noise
