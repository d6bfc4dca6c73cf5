// SPDX-License-Identifier: Apache-2.0
#include "tests/statistical/sample_checks.h"

#include <cmath>

#include "absl/strings/str_cat.h"

#include "privacy/tail.h"
#include "tests/testing/law_probability.h"

namespace commonwage::testing {
namespace {

constexpr double kStandardErrors = 5;
constexpr double kLeastExpected = 20;
// The normal quantile that is exceeded with chance 1e-9.
constexpr double kChiSquareLimit = 6.0;

// What the law says, as far as a sample of some size can tell.
struct Expected {
  double variance = 0;
  double fourth_moment = 0;
  int64_t edge = 0;                   // Values below this are expected often.
  std::vector<double> probabilities;  // Of 0 .. edge - 1.
  double tail = 0;                    // P[Z >= edge].
};

Expected ExpectedOf(const privacy::NoiseLaw& law, int64_t size) {
  Expected expected;
  expected.variance = static_cast<double>(privacy::VarianceOf(law));
  // Sixty standard deviations hold all of the moment that a double can.
  const auto limit =
      static_cast<int64_t>(60 * std::sqrt(expected.variance)) + 20;
  const long double normalized = ProbabilityOf(law, 0);
  for (int64_t x = 1; x <= limit; ++x) {
    // By the ratio to P[0], to sum the law's normaliser only once.
    const auto wide = static_cast<long double>(x);
    const long double parameter =
        static_cast<long double>(law.parameter.numerator) /
        static_cast<long double>(law.parameter.denominator);
    const long double exponent = law.mechanism == Mechanism::kDiscreteGaussian
                                     ? wide * wide / (2 * parameter)
                                     : wide / parameter;
    const long double probability = normalized * std::exp(-exponent);
    expected.fourth_moment +=
        static_cast<double>(2 * wide * wide * wide * wide * probability);
    if (static_cast<double>(size) * static_cast<double>(probability) >=
        kLeastExpected) {
      expected.edge = x + 1;
      expected.probabilities.push_back(static_cast<double>(probability));
    }
  }
  expected.probabilities.insert(expected.probabilities.begin(),
                                static_cast<double>(normalized));
  expected.edge = static_cast<int64_t>(expected.probabilities.size());
  expected.tail = static_cast<double>(privacy::TailAtLeast(law, expected.edge));
  return expected;
}

// What there is in the sample.
struct Observed {
  double mean = 0;
  double variance = 0;  // About zero, which is the law's mean.
  int64_t positive = 0;
  int64_t negative = 0;
};

Observed ObservedIn(const Sample& sample) {
  Observed observed;
  const auto size = static_cast<double>(sample.size());
  for (const auto& [value, count] : sample.counts()) {
    const auto x = static_cast<double>(value);
    observed.mean += x * static_cast<double>(count) / size;
    observed.variance += x * x * static_cast<double>(count) / size;
    observed.positive += value > 0 ? count : 0;
    observed.negative += value < 0 ? count : 0;
  }
  return observed;
}

// Returns how unlikely the chi-square statistic is, as a normal deviate, by the
// cube-root approximation of Wilson and Hilferty.
double ChiSquareDeviate(const Sample& sample, const Expected& expected) {
  const auto size = static_cast<double>(sample.size());
  double statistic = 0;
  int cells = 0;
  const auto add = [&](double observed, double probability) {
    const double mean = probability * size;
    if (mean >= kLeastExpected) {
      statistic += (observed - mean) * (observed - mean) / mean;
      ++cells;
    } else if (mean < 1e-6 && observed > 0) {
      statistic += 1e9;  // Impossible values.
    }
  };
  double below = 0;
  double above = 0;
  std::map<int64_t, double> inside;
  for (const auto& [value, count] : sample.counts()) {
    if (value <= -expected.edge) {
      below += static_cast<double>(count);
    } else if (value >= expected.edge) {
      above += static_cast<double>(count);
    } else {
      inside[value] = static_cast<double>(count);
    }
  }
  add(below, expected.tail);
  add(above, expected.tail);
  for (int64_t x = 1 - expected.edge; x < expected.edge; ++x) {
    add(inside[x], expected.probabilities[static_cast<size_t>(std::abs(x))]);
  }
  const double freedom = cells > 1 ? cells - 1 : 1;
  const double spread = 2 / (9 * freedom);
  return (std::cbrt(statistic / freedom) - (1 - spread)) / std::sqrt(spread);
}

}  // namespace

std::vector<std::string> FailedChecks(const Sample& sample,
                                      const privacy::NoiseLaw& law) {
  const Expected expected = ExpectedOf(law, sample.size());
  const Observed observed = ObservedIn(sample);
  const auto size = static_cast<double>(sample.size());
  std::vector<std::string> failed;
  if (std::abs(observed.mean) >
      kStandardErrors * std::sqrt(expected.variance / size)) {
    failed.push_back(absl::StrCat("mean ", observed.mean));
  }
  const double moment_error = std::sqrt(
      (expected.fourth_moment - expected.variance * expected.variance) / size);
  if (std::abs(observed.variance - expected.variance) >
      kStandardErrors * moment_error) {
    failed.push_back(absl::StrCat("variance ", observed.variance, " for ",
                                  expected.variance));
  }
  const auto nonzero =
      static_cast<double>(observed.positive + observed.negative);
  const auto lean = static_cast<double>(observed.positive - observed.negative);
  if (std::abs(lean) > kStandardErrors * std::sqrt(nonzero)) {
    failed.push_back(absl::StrCat("symmetry ", lean));
  }
  const double deviate = ChiSquareDeviate(sample, expected);
  if (deviate > kChiSquareLimit) {
    failed.push_back(absl::StrCat("chi-square deviate ", deviate));
  }
  return failed;
}

}  // namespace commonwage::testing
