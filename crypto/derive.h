// SPDX-License-Identifier: Apache-2.0
// Many keys from one seed. Who knows one of them learns nothing of the others.

#ifndef COMMONWAGE_CRYPTO_DERIVE_H_
#define COMMONWAGE_CRYPTO_DERIVE_H_

#include "absl/strings/string_view.h"

#include "crypto/hash.h"
#include "crypto/secret.h"

namespace commonwage::crypto {

// Returns the key for the purpose `label` (survey/domain_labels.h; without zero
// bytes) in `context` (such as a manifest hash): BLAKE2b of label || 0x00 ||
// context, keyed with `seed`, 32 bytes. Always the same one.
Secret<32> Derive(const Secret<32>& seed, absl::string_view label,
                  absl::string_view context);

// Returns the same bytes, for a purpose where they are no key: a digest to be
// stored and looked up by, of something that is easily guessed.
Digest KeyedDigest(const Secret<32>& seed, absl::string_view label,
                   absl::string_view context);

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_DERIVE_H_
