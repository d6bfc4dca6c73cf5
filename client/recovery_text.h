// SPDX-License-Identifier: Apache-2.0
// A seed on paper: 24 words to write down, or the same words as the text of a
// QR code.

#ifndef COMMONWAGE_CLIENT_RECOVERY_TEXT_H_
#define COMMONWAGE_CLIENT_RECOVERY_TEXT_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/secret.h"

namespace commonwage::client {

// Returns "COMMONWAGE:" and the words in capitals: only characters of a QR
// code's compact alphabet. Reveals: the seed.
crypto::SecretBytes RecoveryQrText(const crypto::Secret<32>& seed);

// Whether `text` has as many words as a seed, so that no more will follow.
bool IsWholeRecoveryText(absl::string_view text);

// Returns the seed of the words, or of the QR text. Fails as
// crypto::SeedFromRecoveryWords does, naming wrong words by position.
absl::StatusOr<crypto::Secret<32>> SeedFromRecoveryText(absl::string_view text);

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_RECOVERY_TEXT_H_
