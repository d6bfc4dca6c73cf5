// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/fab_limits.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "privacy/estimate/fab_weights.h"
#include "privacy/model/critical.h"
#include "privacy/model/rank_statistic.h"

namespace commonwage::privacy::estimate {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// What rules a candidate out if data are too low for it, at each weight.
std::vector<model::Critical> MakeCriticals(Mechanism mechanism) {
  std::vector<model::Critical> criticals;
  for (const double weight : FabWeights()) {
    // FindCritical is for two sides that miss alike; this is one of them.
    criticals.push_back(
        model::FindCritical(2 * model::kMiss * weight, mechanism));
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

void SetFabLimits(const model::CellCdf& cdf, double p, Mechanism mechanism,
                  const Expectation& expected, double deviation,
                  LogQuantile& quantile) {
  const model::PayGrid& grid = cdf.grid();
  const size_t edges = grid.bins() + 1;
  const model::RankStatistic statistic(
      cdf, p, model::FindCritical(model::kMiss, mechanism));
  const SideReach reach(cdf, p, mechanism);
  const auto place = [&](size_t j) {
    // Pay beyond an end may be any, and is as far from what is expected as can
    // be.
    const double theta = j == 0             ? -kInfinity
                         : j >= grid.bins() ? kInfinity
                                            : grid.LogEdge(j);
    return PlaceOfFabWeight(2 * deviation * (theta - expected.mean) /
                            expected.variance);
  };
  // D is below 0 at edges below the quantile: data speak for a higher one.
  // The outermost edges that stand are taken, whatever stands between them: the
  // set of them need not be in one piece, as w changes from edge to edge.
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
