// SPDX-License-Identifier: Apache-2.0
// The issuer's side of RFC 9474: the private key and the blind signature. Only
// the issuer's program links this library.

#ifndef COMMONWAGE_CRYPTO_BLIND_BLIND_RSA_KEY_H_
#define COMMONWAGE_CRYPTO_BLIND_BLIND_RSA_KEY_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/secret.h"

namespace commonwage::crypto {

// An issuer's private key for one round. Move-only. Signing is thread-safe.
class BlindRsaPrivateKey {
 public:
  // Makes a key of 2,048 bits. The randomness is OpenSSL's, which takes none
  // from outside; it takes a tenth of a second or so.
  //
  // Fails with INTERNAL if OpenSSL does.
  static absl::StatusOr<BlindRsaPrivateKey> Generate();

  // Reads what Serialize gave.
  //
  // Fails with INVALID_ARGUMENT (ISSUER_KEY_UNUSABLE) unless it is a consistent
  // RSA key of 2,048 bits with exponent 65537.
  static absl::StatusOr<BlindRsaPrivateKey> FromDer(const SecretBytes& der);

  BlindRsaPrivateKey(const BlindRsaPrivateKey&) = delete;
  BlindRsaPrivateKey& operator=(const BlindRsaPrivateKey&) = delete;
  BlindRsaPrivateKey(BlindRsaPrivateKey&&) noexcept;
  BlindRsaPrivateKey& operator=(BlindRsaPrivateKey&&) noexcept;
  ~BlindRsaPrivateKey();

  // Returns the key as DER (PKCS #8), to be stored wrapped.
  // Reveals: the key.
  [[nodiscard]] absl::StatusOr<SecretBytes> Serialize() const;

  // Returns the public half as DER (SubjectPublicKeyInfo), which
  // BlindRsaPublicKey::FromDer and the manifest take.
  [[nodiscard]] const std::string& public_key_der() const;

  // Signs `blinded_message`, whatever it is: who asks has been checked before.
  // The same message gets the same answer.
  //
  // Fails with INVALID_ARGUMENT (BLINDED_MESSAGE_MALFORMED) if it is not 256
  // bytes or not below the modulus; with INTERNAL if the result does not verify
  // (a fault of the machine could betray the key), and then nothing comes out.
  [[nodiscard]] absl::StatusOr<std::string> BlindSign(
      absl::string_view blinded_message) const;

 private:
  struct Parts;
  explicit BlindRsaPrivateKey(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_BLIND_BLIND_RSA_KEY_H_
