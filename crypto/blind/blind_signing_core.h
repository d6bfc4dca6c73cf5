// SPDX-License-Identifier: Apache-2.0
// Internal to crypto: the private operation of RFC 9474, for any length.

#ifndef COMMONWAGE_CRYPTO_BLIND_BLIND_SIGNING_CORE_H_
#define COMMONWAGE_CRYPTO_BLIND_BLIND_SIGNING_CORE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/blind/openssl.h"
#include "crypto/blind/rsa_core.h"

namespace commonwage::crypto {

// Signs `blinded_message` with `private_key`, whose public half is
// `public_key`, and checks the result. Thread-safe.
// Fails as BlindRsaPrivateKey::BlindSign.
absl::StatusOr<std::string> SignBlinded(EVP_PKEY& private_key,
                                        const RsaCore& public_key,
                                        absl::string_view blinded_message);

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_BLIND_BLIND_SIGNING_CORE_H_
