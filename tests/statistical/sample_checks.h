// SPDX-License-Identifier: Apache-2.0
// Does a sample of integers follow a noise law? The checks that the samplers
// must pass, and that wrong ones must not.
//
// False alarms, for a fresh seed: 6e-7 each for mean, variance and symmetry
// (five standard errors), 1e-9 for chi-square; together below 2e-6 a sample.
// The tests fix their seeds, so they always come out the same.

#ifndef COMMONWAGE_TESTS_STATISTICAL_SAMPLE_CHECKS_H_
#define COMMONWAGE_TESTS_STATISTICAL_SAMPLE_CHECKS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "privacy/noise_law.h"

namespace commonwage::testing {

// How often each integer was drawn.
class Sample {
 public:
  void Add(int64_t value) {
    ++counts_[value];
    ++size_;
  }
  [[nodiscard]] const std::map<int64_t, int64_t>& counts() const {
    return counts_;
  }
  [[nodiscard]] int64_t size() const { return size_; }

 private:
  std::map<int64_t, int64_t> counts_;
  int64_t size_ = 0;
};

// Returns one line per check that the sample fails: mean, variance, symmetry,
// and chi-square over values (and both tails) expected at least twenty times.
std::vector<std::string> FailedChecks(const Sample& sample,
                                      const privacy::NoiseLaw& law);

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_STATISTICAL_SAMPLE_CHECKS_H_
