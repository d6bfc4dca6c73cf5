// SPDX-License-Identifier: Apache-2.0
// Internal to crypto: the arithmetic of RFC 9474 that needs the public key
// alone, for SHA-384 and any length of modulus and of salt. The lengths that
// this project allows are checked one layer up, in crypto/blind/blind_rsa.h.

#ifndef COMMONWAGE_CRYPTO_BLIND_RSA_CORE_H_
#define COMMONWAGE_CRYPTO_BLIND_RSA_CORE_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/random_source.h"
#include "crypto/blind/openssl.h"
#include "crypto/secret.h"

namespace commonwage::crypto {

// An RSA public key. Thread-safe.
class RsaCore {
 public:
  // What blinding makes: what to send, and what takes the blinding off again.
  struct Blinded {
    std::string message;
    SecretBytes inverse;
  };

  // Reads a SubjectPublicKeyInfo. Returns nullptr unless it is an RSA key
  // (rsaEncryption), encoded canonically.
  static std::shared_ptr<const RsaCore> FromDer(absl::string_view der);

  // The number of bits of the modulus, and of bytes of everything in it.
  [[nodiscard]] int modulus_bits() const { return BN_num_bits(modulus_.get()); }
  [[nodiscard]] size_t size() const {
    return static_cast<size_t>(BN_num_bytes(modulus_.get()));
  }

  // Whether the exponent is 65537.
  [[nodiscard]] bool HasUsualExponent() const;

  // Whether a number from 2 to 65535 divides the modulus.
  [[nodiscard]] bool HasSmallFactor() const;

  // Returns the message as PSS encodes it (RFC 8017, 9.1.1), size() bytes.
  // Fails with INTERNAL if the modulus is too short for this salt.
  [[nodiscard]] absl::StatusOr<std::string> EncodePss(
      absl::string_view message, absl::string_view salt) const;

  // Returns a uniform number between 1 and the modulus, size() bytes.
  // Fails with INTERNAL if `random` is none.
  [[nodiscard]] absl::StatusOr<SecretBytes> DrawFactor(
      RandomSource& random) const;

  // Returns 1 / `factor`. Fails with INTERNAL if there is none.
  [[nodiscard]] absl::StatusOr<SecretBytes> Invert(
      const SecretBytes& factor) const;

  // Blinds `encoded`, from EncodePss, with `factor`, from DrawFactor.
  [[nodiscard]] absl::StatusOr<Blinded> Blind(absl::string_view encoded,
                                              const SecretBytes& factor) const;

  // Takes the blinding off a blind signature. Fails with INVALID_ARGUMENT if it
  // is no number below the modulus, of size() bytes.
  [[nodiscard]] absl::StatusOr<std::string> Unblind(
      absl::string_view blind_signature, const SecretBytes& inverse) const;

  // Whether `signature` is one on `message` by PSS with a salt of `salt_size`.
  [[nodiscard]] bool VerifyPss(absl::string_view message,
                               absl::string_view signature,
                               size_t salt_size) const;

  // Whether `value` is size() bytes and below the modulus.
  [[nodiscard]] bool IsResidue(absl::string_view value) const;

  // Whether `value` to the power of the exponent is `power`.
  [[nodiscard]] bool IsPower(absl::string_view value,
                             absl::string_view power) const;

 private:
  RsaCore(Pkey key, Bn modulus, Bn exponent, BnMontgomery montgomery);

  // left * right modulo the modulus; both are below it. False on failure.
  bool Multiply(BIGNUM* result, const BIGNUM* left, const BIGNUM* right,
                BN_CTX* context) const;

  Pkey key_;
  Bn modulus_;
  Bn exponent_;
  BnMontgomery montgomery_;
};

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_BLIND_RSA_CORE_H_
