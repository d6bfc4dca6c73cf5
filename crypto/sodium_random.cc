// SPDX-License-Identifier: Apache-2.0
#include "crypto/sodium_random.h"

#include <sodium.h>

#include "base/check.h"
#include "base/error.h"

namespace commonwage::crypto {

absl::Status InitCrypto() {
  if (sodium_init() < 0) {
    return Refusal(Reason::kNoRandomness,
                   "The cryptographic library could not be started: the system "
                   "offers no randomness.");
  }
  return absl::OkStatus();
}

SodiumRandom::SodiumRandom() { COMMONWAGE_CHECK(sodium_init() >= 0); }

void SodiumRandom::Fill(absl::Span<uint8_t> out) {
  randombytes_buf(out.data(), out.size());
}

}  // namespace commonwage::crypto
