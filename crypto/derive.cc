// SPDX-License-Identifier: Apache-2.0
#include "crypto/derive.h"

#include "absl/strings/match.h"
#include <sodium.h>

#include "base/check.h"
#include "crypto/octets.h"

namespace commonwage::crypto {

Secret<32> Derive(const Secret<32>& seed, absl::string_view label,
                  absl::string_view context) {
  // Or two pairs of label and context could be the same input.
  COMMONWAGE_CHECK(!absl::StrContains(label, '\0'));
  constexpr uint8_t kSeparator = 0;
  Secret<32> result;
  crypto_generichash_state state;
  COMMONWAGE_CHECK(crypto_generichash_init(&state, seed.Expose().data(),
                                           seed.size(), result.size()) == 0);
  crypto_generichash_update(&state, Octets(label), label.size());
  crypto_generichash_update(&state, &kSeparator, 1);
  crypto_generichash_update(&state, Octets(context), context.size());
  crypto_generichash_final(&state, result.ExposeForWriting().data(),
                           result.size());
  sodium_memzero(&state, sizeof state);
  return result;
}

}  // namespace commonwage::crypto
