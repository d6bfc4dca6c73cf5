// SPDX-License-Identifier: Apache-2.0
// A repeatable RandomSource, for tests only: SplitMix64, nothing secret.

#ifndef COMMONWAGE_TESTS_TESTING_SEEDED_RANDOM_H_
#define COMMONWAGE_TESTS_TESTING_SEEDED_RANDOM_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"

#include "base/random_source.h"

namespace commonwage::testing {

// The same seed gives the same bytes.
class SeededRandom final : public RandomSource {
 public:
  explicit SeededRandom(uint64_t seed) : state_(seed) {}

  void Fill(absl::Span<uint8_t> out) override {
    for (size_t i = 0; i < out.size(); i += 8) {
      uint64_t word = Next();
      for (size_t j = i; j < i + 8 && j < out.size(); ++j) {
        out[j] = static_cast<uint8_t>(word);
        word >>= 8;
      }
    }
  }

  // Returns 64 uniform bits.
  uint64_t Next() {
    state_ += 0x9e3779b97f4a7c15U;
    uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
    return mixed ^ (mixed >> 31);
  }

  // Returns a whole number below `bound`, which is positive. The bias is below
  // bound / 2^64.
  uint64_t Below(uint64_t bound) { return Next() % bound; }

  // Returns a real number in [0, 1).
  double Unit() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }

 private:
  uint64_t state_;
};

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_TESTING_SEEDED_RANDOM_H_
