// SPDX-License-Identifier: Apache-2.0
// RSA keys out of chosen numbers, also such as no issuer should have.

#ifndef COMMONWAGE_TESTS_CRYPTO_RSA_KEYS_H_
#define COMMONWAGE_TESTS_CRYPTO_RSA_KEYS_H_

#include <string>

#include "absl/strings/string_view.h"

#include "crypto/blind/openssl.h"

namespace commonwage::crypto {

// All in hexadecimal. No `p`: the key is a public one.
struct RsaNumbers {
  std::string n;
  std::string e = "010001";
  std::string d{};
  std::string p{};
  std::string q{};
};

// Returns the key, or aborts. OpenSSL does not ask whether it is sound.
Pkey KeyOfNumbers(const RsaNumbers& numbers);

// Returns a new private key of `bits` with exponent `e`, or aborts.
Pkey GenerateKey(int bits, unsigned e);

// Returns the DER form of the public half (SubjectPublicKeyInfo) or of the
// whole (PKCS #8).
std::string PublicDer(const EVP_PKEY& key);
std::string PrivateDer(const EVP_PKEY& key);

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_TESTS_CRYPTO_RSA_KEYS_H_
