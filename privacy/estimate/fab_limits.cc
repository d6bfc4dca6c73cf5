// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/fab_limits.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "privacy/model/critical.h"
#include "privacy/model/rank_statistic.h"

namespace commonwage::privacy::estimate {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The weights, and from which distance on each is taken.
struct WeightTable {
  std::vector<double> weights;
  std::vector<double> distances;

  size_t PlaceOf(double distance) const {
    const auto above =
        std::upper_bound(distances.begin(), distances.end(), distance);
    return above == distances.begin()
               ? 0
               : static_cast<size_t>(above - distances.begin()) - 1;
  }
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

// What rules a candidate out if data are too low for it, at each weight.
std::vector<model::Critical> MakeCriticals(Mechanism mechanism) {
  std::vector<model::Critical> criticals;
  for (const double weight : Weights().weights) {
    criticals.push_back(
        model::CriticalFor(2 * model::kMiss * weight, mechanism));
  }
  return criticals;
}

const std::vector<model::Critical>& CriticalsOf(Mechanism mechanism) {
  static const std::vector<model::Critical> gaussian =
      MakeCriticals(Mechanism::kDiscreteGaussian);
  static const std::vector<model::Critical> laplace =
      MakeCriticals(Mechanism::kDiscreteLaplace);
  return mechanism == Mechanism::kDiscreteGaussian ? gaussian : laplace;
}

// The reach of each side's test at an edge.
class SideReach {
 public:
  SideReach(const model::CellCdf& cdf, double p, Mechanism mechanism)
      : cdf_(cdf),
        p_(p),
        sampling_variance_(cdf.size() * p * (1 - p)),
        criticals_(CriticalsOf(mechanism)) {}

  // How far D may be above 0 before theta at edge j is ruled out, or below.
  double TooLow(size_t j, size_t place) const {
    return criticals_[place].Reach(sampling_variance_,
                                   cdf_.NoiseVariance(j, p_));
  }
  double TooHigh(size_t j, size_t place) const {
    return TooLow(j, criticals_.size() - 1 - place);  // 1 - w
  }

 private:
  const model::CellCdf& cdf_;
  double p_;
  double sampling_variance_;
  const std::vector<model::Critical>& criticals_;
};

}  // namespace

double FabWeight(double distance) {
  return Weights().weights[Weights().PlaceOf(distance)];
}

void SetFabLimits(const model::CellCdf& cdf, double p, Mechanism mechanism,
                  const Expectation& expected, double deviation,
                  LogQuantile& quantile) {
  const model::PayGrid& grid = cdf.grid();
  const size_t edges = grid.bins() + 1;
  const model::RankStatistic statistic(
      cdf, p, model::CriticalFor(model::kMiss, mechanism));
  const SideReach reach(cdf, p, mechanism);
  const auto place = [&](size_t j) {
    const double theta = j == 0             ? -kInfinity
                         : j >= grid.bins() ? kInfinity
                                            : grid.LogEdge(j);
    return Weights().PlaceOf(2 * deviation * (theta - expected.mean) /
                             expected.variance);
  };
  // D is below 0 at edges below the quantile: data speak for a higher one.
  size_t first = 0;
  while (first < edges &&
         statistic.At(first) + reach.TooHigh(first, place(first)) < 0) {
    ++first;
  }
  size_t past_last = edges;
  while (past_last > 0 &&
         statistic.At(past_last - 1) -
                 reach.TooLow(past_last - 1, place(past_last - 1)) >
             0) {
    --past_last;
  }
  SetOutwardLimits(grid, first, past_last, quantile);
}

}  // namespace commonwage::privacy::estimate
