// SPDX-License-Identifier: Apache-2.0
#include "privacy/model/isotonic.h"

#include <cstddef>

#include "base/check.h"

namespace commonwage::privacy::model {
namespace {

// Neighbours that share one value: their weighted mean.
struct Pool {
  double value = 0;
  double weight = 0;
  size_t size = 0;
};

Pool Joined(const Pool& a, const Pool& b) {
  const double weight = a.weight + b.weight;
  return {(a.value * a.weight + b.value * b.weight) / weight, weight,
          a.size + b.size};
}

}  // namespace

std::vector<double> FitIsotonic(absl::Span<const double> values,
                                absl::Span<const double> weights) {
  COMMONWAGE_CHECK(values.size() == weights.size());
  std::vector<Pool> pools;
  pools.reserve(values.size());
  for (size_t j = 0; j < values.size(); ++j) {
    Pool last = {values[j], weights[j], 1};
    // A pool is never taken apart again, so each value is joined once at most.
    while (!pools.empty() && pools.back().value > last.value) {
      last = Joined(pools.back(), last);
      pools.pop_back();
    }
    pools.push_back(last);
  }
  std::vector<double> fit;
  fit.reserve(values.size());
  for (const Pool& pool : pools) {
    fit.insert(fit.end(), pool.size, pool.value);
  }
  return fit;
}

}  // namespace commonwage::privacy::model
