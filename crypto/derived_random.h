// SPDX-License-Identifier: Apache-2.0
// Randomness that can be had again: the same seed gives the same bytes. It
// makes a member's request for a credential repeatable, so that a lost answer
// can be asked for once more.

#ifndef COMMONWAGE_CRYPTO_DERIVED_RANDOM_H_
#define COMMONWAGE_CRYPTO_DERIVED_RANDOM_H_

#include <cstdint>

#include "absl/types/span.h"

#include "base/random_source.h"
#include "crypto/secret.h"

namespace commonwage::crypto {

// A stream of bytes that only who knows the seed can tell from random ones. Two
// uses of one seed are one stream twice: derive a seed per purpose with Derive.
// Not thread-safe.
class DerivedRandom final : public RandomSource {
 public:
  explicit DerivedRandom(const Secret<32>& seed) : seed_(seed.Clone()) {}

  // Each call returns bytes of their own: filling 16 and 16 is not filling 32.
  void Fill(absl::Span<uint8_t> out) override;

 private:
  Secret<32> seed_;
  uint64_t calls_ = 0;
};

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_DERIVED_RANDOM_H_
