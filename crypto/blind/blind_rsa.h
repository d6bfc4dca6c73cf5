// SPDX-License-Identifier: Apache-2.0
// A signature on a message that the signer never sees: RFC 9474,
// RSABSSA-SHA384-PSS-Deterministic, 2,048 bits, salt of 48 bytes. Here are the
// member's side (blind, finalize) and the verifier's, which need the public key
// alone. The issuer's side is crypto/blind/blind_rsa_key.h, another library.

#ifndef COMMONWAGE_CRYPTO_BLIND_BLIND_RSA_H_
#define COMMONWAGE_CRYPTO_BLIND_BLIND_RSA_H_

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/random_source.h"
#include "crypto/secret.h"

namespace commonwage::crypto {

// Lengths of a blinded message, of a blind signature and of a signature.
inline constexpr size_t kBlindRsaSize = 256;

class RsaCore;

// An issuer's public key. Thread-safe; copies share the key.
class BlindRsaPublicKey {
 public:
  // Reads the DER form of a SubjectPublicKeyInfo.
  //
  // Fails with INVALID_ARGUMENT (ISSUER_KEY_UNUSABLE) unless it is an RSA key
  // (rsaEncryption) of 2,048 bits with exponent 65537, whose modulus is odd and
  // has no factor below 65536, in the one canonical encoding.
  static absl::StatusOr<BlindRsaPublicKey> FromDer(absl::string_view der);

  // Returns what FromDer reads.
  [[nodiscard]] const std::string& der() const { return der_; }

  // Whether `signature` is the issuer's on `message`.
  [[nodiscard]] bool Verify(absl::string_view message,
                            absl::string_view signature) const;

 private:
  friend class BlindRsaRequest;
  BlindRsaPublicKey(std::shared_ptr<const RsaCore> core, absl::string_view der)
      : core_(std::move(core)), der_(der) {}

  std::shared_ptr<const RsaCore> core_;
  std::string der_;
};

// One message on its way to be signed: what goes to the issuer, and what turns
// the answer into a signature. Move-only.
class BlindRsaRequest {
 public:
  // Blinds `message` for the issuer with `key`. Draws salt and blinding factor:
  // with DerivedRandom, the same request again.
  //
  // Fails with INTERNAL if OpenSSL does.
  static absl::StatusOr<BlindRsaRequest> Blind(const BlindRsaPublicKey& key,
                                               absl::string_view message,
                                               RandomSource& random);

  // What the issuer gets: kBlindRsaSize bytes.
  // Reveals: nothing of the message, to the issuer.
  [[nodiscard]] const std::string& blinded_message() const {
    return blinded_message_;
  }

  // Returns the signature on the message, of kBlindRsaSize bytes.
  //
  // Fails with INVALID_ARGUMENT (BLIND_SIGNATURE_REFUSED) if `blind_signature`
  // is not the issuer's answer to this request.
  [[nodiscard]] absl::StatusOr<std::string> Finalize(
      absl::string_view blind_signature) const;

 private:
  BlindRsaRequest(BlindRsaPublicKey key, absl::string_view message)
      : key_(std::move(key)), message_(message) {}

  BlindRsaPublicKey key_;
  std::string message_;
  std::string blinded_message_;
  SecretBytes inverse_;
};

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_BLIND_BLIND_RSA_H_
