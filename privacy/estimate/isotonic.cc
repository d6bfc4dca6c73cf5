// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/isotonic.h"

#include <cstddef>

#include "base/check.h"

namespace commonwage::privacy::estimate {

std::vector<double> Isotonic(absl::Span<const double> values,
                             absl::Span<const double> weights) {
  COMMONWAGE_CHECK(values.size() == weights.size());
  struct Pool {
    double mean = 0;
    double weight = 0;
    size_t size = 0;
  };
  std::vector<Pool> pools;
  pools.reserve(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    Pool pool{values[i], weights[i], 1};
    while (!pools.empty() && pools.back().mean >= pool.mean) {
      const Pool& left = pools.back();
      const double weight = left.weight + pool.weight;
      pool.mean = (left.mean * left.weight + pool.mean * pool.weight) / weight;
      pool.weight = weight;
      pool.size += left.size;
      pools.pop_back();
    }
    pools.push_back(pool);
  }
  std::vector<double> fit;
  fit.reserve(values.size());
  for (const Pool& pool : pools) {
    fit.insert(fit.end(), pool.size, pool.mean);
  }
  return fit;
}

}  // namespace commonwage::privacy::estimate
