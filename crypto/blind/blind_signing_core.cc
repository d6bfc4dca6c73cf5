// SPDX-License-Identifier: Apache-2.0
#include "crypto/blind/blind_signing_core.h"

#include <cstddef>

#include "absl/status/status.h"
#include <openssl/rsa.h>

#include "base/error.h"
#include "crypto/internal/octets.h"

namespace commonwage::crypto {

absl::StatusOr<std::string> SignBlinded(EVP_PKEY& private_key,
                                        const RsaCore& public_key,
                                        absl::string_view blinded_message) {
  const OpensslErrors errors;
  if (!public_key.IsResidue(blinded_message)) {
    return Refusal(Reason::kBlindedMessageMalformed,
                   "The request for a credential was made for another issuer, "
                   "or it has been altered; please make it again.");
  }
  std::string signature(public_key.size(), '\0');
  size_t size = signature.size();
  const PkeyContext context(EVP_PKEY_CTX_new(&private_key, nullptr));
  // Decryption without padding is the bare private operation, in constant time
  // and under OpenSSL's own blinding. A result that a fault has spoiled would
  // betray a prime factor, hence the check.
  if (context == nullptr || EVP_PKEY_decrypt_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING) != 1 ||
      EVP_PKEY_decrypt(context.get(), Octets(signature), &size,
                       Octets(blinded_message), blinded_message.size()) != 1 ||
      size != signature.size() ||
      !public_key.IsPower(signature, blinded_message)) {
    return Refusal(Reason::kSigningFailed,
                   "The credential could not be signed; please try again.");
  }
  return signature;
}

}  // namespace commonwage::crypto
