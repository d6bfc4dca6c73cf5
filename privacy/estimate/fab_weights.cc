// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/fab_weights.h"

#include <algorithm>
#include <cmath>

#include "privacy/model/critical.h"

namespace commonwage::privacy::estimate {
namespace {

// Steps, so that what each weight rules out is worked out once: an edge would
// else cost two normal quantiles of its own.
struct WeightTable {
  std::vector<double> weights;
  std::vector<double> distances;  // From which on each is taken.
};

const WeightTable& Weights() {
  static const WeightTable table = [] {
    WeightTable made;
    const auto last =
        static_cast<int>(std::lround((1 - 2 * kLeastWeight) / kWeightStep));
    for (int i = 0; i <= last; ++i) {
      const double weight = kLeastWeight + i * kWeightStep;
      made.weights.push_back(weight);
      // Half a step down, so that the step is around the weight it stands for.
      const double from = weight - kWeightStep / 2;
      made.distances.push_back(
          model::NormalQuantile(model::kMiss * from) -
          model::NormalQuantile(model::kMiss * (1 - from)));
    }
    return made;
  }();
  return table;
}

}  // namespace

const std::vector<double>& FabWeights() { return Weights().weights; }

size_t PlaceOfFabWeight(double distance) {
  const std::vector<double>& distances = Weights().distances;
  const auto above =
      std::upper_bound(distances.begin(), distances.end(), distance);
  return above == distances.begin()
             ? 0
             : static_cast<size_t>(above - distances.begin()) - 1;
}

}  // namespace commonwage::privacy::estimate
