// SPDX-License-Identifier: Apache-2.0
// The randomness of products: libsodium's, which is the kernel's.

#ifndef COMMONWAGE_CRYPTO_SODIUM_RANDOM_H_
#define COMMONWAGE_CRYPTO_SODIUM_RANDOM_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"

#include "base/random_source.h"

namespace commonwage::crypto {

// Prepares libsodium. Every main calls it first; calling it again does nothing.
// Thread-safe.
//
// Fails with INTERNAL if the system offers no randomness.
absl::Status InitCrypto();

// Uniform bytes from the kernel. Thread-safe.
class SodiumRandom final : public RandomSource {
 public:
  // Aborts if libsodium cannot be prepared.
  SodiumRandom();

  void Fill(absl::Span<uint8_t> out) override;
};

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_SODIUM_RANDOM_H_
