// SPDX-License-Identifier: Apache-2.0
// Randomness comes in through a constructor or parameter. The one source that
// products use is crypto::SodiumRandom; seeded ones live in tests/testing only.

#ifndef COMMONWAGE_BASE_RANDOM_SOURCE_H_
#define COMMONWAGE_BASE_RANDOM_SOURCE_H_

#include <cstdint>

#include "absl/types/span.h"

namespace commonwage {

// A source of uniform random bytes.
class RandomSource {
 public:
  RandomSource() = default;
  RandomSource(const RandomSource&) = delete;
  RandomSource& operator=(const RandomSource&) = delete;
  virtual ~RandomSource() = default;

  // Fills `out` with uniform bytes. Does not fail: a source without entropy
  // aborts the process.
  virtual void Fill(absl::Span<uint8_t> out) = 0;
};

}  // namespace commonwage

#endif  // COMMONWAGE_BASE_RANDOM_SOURCE_H_
