// SPDX-License-Identifier: Apache-2.0
#include "crypto/derive.h"

#include "absl/strings/match.h"
#include "absl/types/span.h"
#include <sodium.h>

#include "base/check.h"
#include "crypto/internal/octets.h"

namespace commonwage::crypto {

namespace {

void DeriveInto(absl::Span<uint8_t> out, const Secret<32>& seed,
                absl::string_view label, absl::string_view context) {
  // Or two pairs of label and context could be the same input.
  COMMONWAGE_CHECK(!absl::StrContains(label, '\0'));
  constexpr uint8_t kSeparator = 0;
  crypto_generichash_state state;
  COMMONWAGE_CHECK(crypto_generichash_init(&state, seed.Expose().data(),
                                           seed.size(), out.size()) == 0);
  crypto_generichash_update(&state, Octets(label), label.size());
  crypto_generichash_update(&state, &kSeparator, 1);
  crypto_generichash_update(&state, Octets(context), context.size());
  crypto_generichash_final(&state, out.data(), out.size());
  sodium_memzero(&state, sizeof state);
}

}  // namespace

Secret<32> Derive(const Secret<32>& seed, absl::string_view label,
                  absl::string_view context) {
  Secret<32> result;
  DeriveInto(result.ExposeForWriting(), seed, label, context);
  return result;
}

Digest KeyedDigest(const Secret<32>& seed, absl::string_view label,
                   absl::string_view context) {
  Digest result;
  DeriveInto(absl::MakeSpan(result.data(), result.size()), seed, label,
             context);
  return result;
}

}  // namespace commonwage::crypto
