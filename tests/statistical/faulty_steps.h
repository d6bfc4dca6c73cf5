// SPDX-License-Identifier: Apache-2.0
// Releases with one fault each, made from the very source of the real one. Test
// code only: a product has ProvenSteps and no way to choose others.

#ifndef COMMONWAGE_TESTS_STATISTICAL_FAULTY_STEPS_H_
#define COMMONWAGE_TESTS_STATISTICAL_FAULTY_STEPS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "base/check.h"
#include "privacy/noise/release_steps.h"
#include "privacy/noise/sampler_steps.h"
#include "survey/text/fraction.h"
#include "tests/statistical/audit.h"

namespace commonwage::testing {

using privacy::NoiseLaw;
using privacy::noise::NodeNoise;
using privacy::noise::ProvenSteps;
using privacy::noise::RandomBuffer;

// Forgets that cells below k are never shown.
struct NoKTest : ProvenSteps {
  static bool IsShown(int64_t /*true_count*/, int64_t noisy_root, int64_t /*k*/,
                      int64_t tau) {
    return noisy_root >= tau;
  }
};

// Compares the noisy count with k.
struct TauIsK : ProvenSteps {
  static bool IsShown(int64_t true_count, int64_t noisy_root, int64_t k,
                      int64_t /*tau*/) {
    return true_count >= k && noisy_root >= k;
  }
};

// Decides by the true count alone.
struct NoTauTest : ProvenSteps {
  static bool IsShown(int64_t true_count, int64_t /*noisy_root*/, int64_t k,
                      int64_t /*tau*/) {
    return true_count >= k;
  }
};

// Takes sigma for sigma^2.
struct SigmaForSigmaSquared : ProvenSteps {
  static NoiseLaw LawOfLevel(const Marginal& marginal, size_t level) {
    NoiseLaw law = ProvenSteps::LawOfLevel(marginal, level);
    if (law.mechanism == Mechanism::kDiscreteGaussian) {
      law.parameter = {
          static_cast<int64_t>(privacy::noise::FloorSqrt(static_cast<uint64_t>(
              law.parameter.numerator / law.parameter.denominator))),
          1};
    }
    return law;
  }
};

// Shares what the marginal may lose among the levels below the root, and
// measures the root all the same.
struct RootNotCharged : ProvenSteps {
  static NoiseLaw LawOfLevel(const Marginal& marginal, size_t level) {
    NoiseLaw law = ProvenSteps::LawOfLevel(marginal, level);
    const auto levels =
        static_cast<int64_t>(marginal.micro_loss_per_level.size());
    if (level > 0 && law.mechanism == Mechanism::kDiscreteGaussian) {
      law.parameter = ReducedFraction(law.parameter.numerator * (levels - 1),
                                      law.parameter.denominator * levels);
    }
    return law;
  }
};

// Draws the noise of each node once for all cells and releases of a law.
struct ReusedNoise : ProvenSteps {
  std::map<size_t, int64_t> drawn;

  int64_t DrawNoise(const NodeNoise& noise, size_t node, int64_t /*true_count*/,
                    RandomBuffer& random) {
    return drawn.try_emplace(node, noise.Draw(random)).first->second;
  }
};

// Draws afresh, but gives two nodes of a level the same noise.
struct NoiseSharedBySiblings : ProvenSteps {
  int64_t last = 0;

  int64_t DrawNoise(const NodeNoise& noise, size_t node, int64_t /*true_count*/,
                    RandomBuffer& random) {
    if (node != 2) {
      last = noise.Draw(random);
    }
    return last;
  }
};

// Leaves empty nodes as they are.
struct EmptyNodesExact : ProvenSteps {
  static int64_t DrawNoise(const NodeNoise& noise, size_t /*node*/,
                           int64_t true_count, RandomBuffer& random) {
    return true_count == 0 ? 0 : noise.Draw(random);
  }
};

// Publishes the true count beside the noisy nodes.
struct TrueCountBeside : ProvenSteps {
  static std::vector<int64_t> Publish(std::vector<int64_t> noisy_nodes,
                                      int64_t true_count) {
    noisy_nodes.push_back(true_count);
    return noisy_nodes;
  }
};

// Publishes the true count in the root's place.
struct TrueCountAsRoot : ProvenSteps {
  static std::vector<int64_t> Publish(std::vector<int64_t> noisy_nodes,
                                      int64_t true_count) {
    noisy_nodes[0] = true_count;
    return noisy_nodes;
  }
};

// Returns a publisher with the fault.
template <typename Steps>
Publisher PublisherBy() {
  auto steps = std::make_shared<Steps>();
  return [steps](const Manifest& manifest, const privacy::noise::Tally& tally,
                 RandomSource& random) {
    auto release =
        privacy::noise::DrawReleaseBy(*steps, manifest, tally, random);
    COMMONWAGE_CHECK(release.ok());
    return *std::move(release);
  };
}

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_STATISTICAL_FAULTY_STEPS_H_
