// SPDX-License-Identifier: Apache-2.0
#include "privacy/model/rank_statistic.h"

#include "privacy/model/isotonic.h"

namespace commonwage::privacy::model {

RankStatistic::RankStatistic(const CellCdf& cdf, double p,
                             const Critical& critical) {
  const size_t edges = cdf.bins() + 1;
  // Of a binomial count at the edge where the share is p: an edge is tested
  // under the supposition that it is the quantile.
  const double sampling_variance = cdf.size() * p * (1 - p);
  std::vector<double> differences(edges);
  std::vector<double> weights(edges);
  reaches_.resize(edges);
  for (size_t j = 0; j < edges; ++j) {
    const double noise_variance = cdf.NoiseVariance(j, p);
    differences[j] = cdf.Sum(j) - p * cdf.total();
    // Whoever was asked, true sums rise. Only noise makes D fall, so only noise
    // says how far to trust which edge.
    weights[j] = 1 / noise_variance;
    reaches_[j] = critical.Reach(sampling_variance, noise_variance);
  }
  values_ = FitIsotonic(differences, weights);
}

size_t RankStatistic::FirstNotBelow(double level, double side) const {
  // From the outside inward, here and below, and not by halving: D' rises, but
  // with its reach it need not, and of several crossings the outermost counts.
  size_t j = 0;
  while (j < values_.size() && values_[j] + side * reaches_[j] < level) {
    ++j;
  }
  return j;
}

size_t RankStatistic::PastLastNotAbove(double level, double side) const {
  size_t j = values_.size();
  while (j > 0 && values_[j - 1] + side * reaches_[j - 1] > level) {
    --j;
  }
  return j;
}

}  // namespace commonwage::privacy::model
