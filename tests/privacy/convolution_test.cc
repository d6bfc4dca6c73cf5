// SPDX-License-Identifier: Apache-2.0
#include "privacy/convolution.h"

#include <cmath>
#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

namespace commonwage::privacy {
namespace {

// The sum as it stands in the header, in long double.
long double SumAt(const std::vector<double>& a, const std::vector<double>& b,
                  std::ptrdiff_t k) {
  const auto last_a = static_cast<std::ptrdiff_t>(a.size()) - 1;
  const auto last_b = static_cast<std::ptrdiff_t>(b.size()) - 1;
  long double sum = 0;
  for (std::ptrdiff_t j = -last_a; j <= last_a; ++j) {
    if (std::abs(k - j) <= last_b) {
      sum += static_cast<long double>(a[static_cast<size_t>(std::abs(j))]) *
             static_cast<long double>(b[static_cast<size_t>(std::abs(k - j))]);
    }
  }
  return sum;
}

std::vector<double> Bell(size_t size, double width) {
  std::vector<double> weights(size);
  for (size_t j = 0; j < size; ++j) {
    const double z = static_cast<double>(j) / width;
    weights[j] = std::exp(-z * z / 2) / width;
  }
  return weights;
}

TEST(ConvolutionTest, ShortSequencesAreSummedAsTheyStand) {
  EXPECT_EQ(ConvolvedBelow({1}, {0.5, 0.25}), (std::vector<double>{0.5, 0.25}));
  // (2 1 2) * (4 3 4): 3 + 2 x 8 at 0, 4 + 6 at 1, 8 at 2.
  EXPECT_EQ(ConvolvedBelow({1, 2}, {3, 4}), (std::vector<double>{19, 10, 8}));
  EXPECT_EQ(ConvolvedBelow({0, 1}, {0, 1}), (std::vector<double>{2, 0, 1}));
}

TEST(ConvolutionTest, LongOnesAreNeverAboveTheTruthAndHardlyBelow) {
  for (const size_t size : {300U, 1000U, 3001U}) {
    const std::vector<double> a = Bell(size, 90);
    const std::vector<double> b = Bell(size / 2 + 200, 7);
    const std::vector<double> sums = ConvolvedBelow(a, b);
    ASSERT_EQ(sums.size(), a.size() + b.size() - 1);
    for (size_t k = 0; k < sums.size(); k += 7) {
      const long double truth = SumAt(a, b, static_cast<std::ptrdiff_t>(k));
      EXPECT_LE(sums[k], truth);
      EXPECT_GE(sums[k], truth - 1e-13L);
      EXPECT_GE(sums[k], 0);
    }
  }
}

}  // namespace
}  // namespace commonwage::privacy
