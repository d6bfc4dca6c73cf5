// SPDX-License-Identifier: Apache-2.0
// The noise of the nodes of one level, whichever law the plan gives it.

#ifndef COMMONWAGE_PRIVACY_NOISE_NODE_NOISE_H_
#define COMMONWAGE_PRIVACY_NOISE_NODE_NOISE_H_

#include <cstdint>
#include <variant>

#include "absl/status/statusor.h"

#include "privacy/noise/discrete_gaussian.h"
#include "privacy/noise/discrete_laplace.h"
#include "privacy/noise/random_buffer.h"
#include "privacy/noise_law.h"

namespace commonwage::privacy::noise {

// A sampler of one law. Immutable and thread-safe.
class NodeNoise {
 public:
  // Fails with INVALID_ARGUMENT (NOISE_OUT_OF_BOUNDS) as CheckLaw does.
  static absl::StatusOr<NodeNoise> Create(const NoiseLaw& law);

  // Returns fresh noise. Time depends on what is drawn.
  int64_t Draw(RandomBuffer& random) const {
    if (const auto* gaussian = std::get_if<DiscreteGaussian>(&sampler_)) {
      return gaussian->Draw(random);
    }
    return std::get<DiscreteLaplace>(sampler_).Draw(random);
  }

 private:
  explicit NodeNoise(DiscreteGaussian sampler) : sampler_(sampler) {}
  explicit NodeNoise(DiscreteLaplace sampler) : sampler_(sampler) {}

  std::variant<DiscreteGaussian, DiscreteLaplace> sampler_;
};

}  // namespace commonwage::privacy::noise

#endif  // COMMONWAGE_PRIVACY_NOISE_NODE_NOISE_H_
