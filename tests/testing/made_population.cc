// SPDX-License-Identifier: Apache-2.0
#include "tests/testing/made_population.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "survey/answer.h"
#include "survey/plan/plan.h"
#include "tests/testing/seeded_random.h"

namespace commonwage::testing {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kLogWageSd = 0.28;
constexpr double kRoundedShare = 0.33;
constexpr double kAnchoredShare = 0.10;

double StandardNormal(SeededRandom& random) {
  const double u = 1.0 - random.Unit();
  return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * kPi * random.Unit());
}

// Rank r is drawn with weight 1 / (r + 1)^1.4.
size_t DrawValue(size_t values, SeededRandom& random) {
  double total = 0;
  for (size_t rank = 0; rank < values; ++rank) {
    total += std::pow(static_cast<double>(rank + 1), -1.4);
  }
  double left = random.Unit() * total;
  for (size_t rank = 0; rank + 1 < values; ++rank) {
    left -= std::pow(static_cast<double>(rank + 1), -1.4);
    if (left < 0) {
      return rank;
    }
  }
  return values - 1;
}

// How much the people of a value earn beside the middle: 0.88 to 1.12.
double PayFactor(size_t dimension, size_t value) {
  SeededRandom mixer(1000 * dimension + value);
  return 0.88 + 0.24 * mixer.Unit();
}

// The largest of 1, 2, 5, 10, 20, ... that is at most a twentieth of `wage`.
double RoundingStep(double wage) {
  double step = 1;
  for (const double next : {2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0,
                            1'000.0, 2'000.0, 5'000.0, 10'000.0}) {
    if (next <= wage / 20) {
      step = next;
    }
  }
  return step;
}

int64_t DrawWage(const Plan& plan, const Measure& measure, double factor,
                 SeededRandom& random) {
  const double middle =
      std::sqrt(static_cast<double>(measure.inner_edges.front()) *
                static_cast<double>(measure.inner_edges.back()));
  const double wage =
      middle * factor * std::exp(kLogWageSd * StandardNormal(random));
  const double habit = random.Unit();
  if (habit < kAnchoredShare) {
    for (const Anchor& anchor : plan.anchors) {
      if (anchor.measure == measure.id) {
        return anchor.edge;
      }
    }
  }
  if (habit < kAnchoredShare + kRoundedShare) {
    const double step = RoundingStep(wage);
    return std::llround(std::round(wage / step) * step);
  }
  return std::llround(wage);
}

}  // namespace

std::vector<Answer> MakePopulation(const Plan& plan, size_t people,
                                   uint64_t seed) {
  SeededRandom random(seed);
  std::vector<Answer> answers;
  answers.reserve(people);
  for (size_t person = 0; person < people; ++person) {
    Answer answer;
    double factor = 1;
    for (size_t i = 0; i < plan.dimensions.size(); ++i) {
      const size_t value = DrawValue(plan.dimensions[i].values.size(), random);
      answer.value_indexes.push_back(static_cast<uint16_t>(value));
      factor *= PayFactor(i, value);
    }
    for (const Measure& measure : plan.measures) {
      answer.minor_units.push_back(DrawWage(plan, measure, factor, random));
    }
    answers.push_back(answer);
  }
  return answers;
}

}  // namespace commonwage::testing
