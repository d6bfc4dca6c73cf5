// SPDX-License-Identifier: Apache-2.0
#include "crypto/blind/blind_rsa_key.h"

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include <openssl/crypto.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/error.h"
#include "crypto/blind/blind_signing_core.h"
#include "crypto/blind/openssl.h"
#include "crypto/blind/rsa_core.h"
#include "crypto/internal/octets.h"

namespace commonwage::crypto {
namespace {

constexpr int kModulusBits = 2048;

using Pkcs8 =
    std::unique_ptr<PKCS8_PRIV_KEY_INFO, Freer<PKCS8_PRIV_KEY_INFO_free>>;

absl::Status KeyFailure() {
  return Refusal(Reason::kIssuerKeyFailed,
                 "The cryptographic library could not handle the issuing key.");
}

std::string PublicDerOf(const EVP_PKEY* key) {
  const int size = i2d_PUBKEY(key, nullptr);
  if (size <= 0) {
    return "";
  }
  std::string der(static_cast<size_t>(size), '\0');
  uint8_t* at = Octets(der);
  return i2d_PUBKEY(key, &at) == size ? der : std::string();
}

// Whether private and public half, primes and exponents belong together.
bool IsConsistent(EVP_PKEY* key) {
  const PkeyContext context(EVP_PKEY_CTX_new(key, nullptr));
  return context != nullptr && EVP_PKEY_check(context.get()) == 1;
}

}  // namespace

struct BlindRsaPrivateKey::Parts {
  Pkey key;
  std::shared_ptr<const RsaCore> public_core;
  std::string public_der;
};

BlindRsaPrivateKey::BlindRsaPrivateKey(std::unique_ptr<Parts> parts)
    : parts_(std::move(parts)) {}
BlindRsaPrivateKey::BlindRsaPrivateKey(BlindRsaPrivateKey&&) noexcept = default;
BlindRsaPrivateKey& BlindRsaPrivateKey::operator=(
    BlindRsaPrivateKey&&) noexcept = default;
BlindRsaPrivateKey::~BlindRsaPrivateKey() = default;

absl::StatusOr<BlindRsaPrivateKey> BlindRsaPrivateKey::Generate() {
  const OpensslErrors errors;
  auto parts = std::make_unique<Parts>();
  parts->key.reset(EVP_RSA_gen(static_cast<size_t>(kModulusBits)));
  if (parts->key == nullptr) {
    return KeyFailure();
  }
  parts->public_der = PublicDerOf(parts->key.get());
  parts->public_core = RsaCore::FromDer(parts->public_der);
  if (parts->public_core == nullptr) {
    return KeyFailure();
  }
  return BlindRsaPrivateKey(std::move(parts));
}

absl::StatusOr<BlindRsaPrivateKey> BlindRsaPrivateKey::FromDer(
    const SecretBytes& der) {
  const OpensslErrors errors;
  auto parts = std::make_unique<Parts>();
  const uint8_t* at = der.Expose().data();
  const Pkcs8 info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at,
                                           static_cast<ptrdiff_t>(der.size())));
  if (info != nullptr) {
    parts->key.reset(EVP_PKCS82PKEY(info.get()));
  }
  if (parts->key != nullptr &&
      EVP_PKEY_get_base_id(parts->key.get()) == EVP_PKEY_RSA) {
    parts->public_der = PublicDerOf(parts->key.get());
    parts->public_core = RsaCore::FromDer(parts->public_der);
  }
  if (parts->public_core == nullptr ||
      parts->public_core->modulus_bits() != kModulusBits ||
      !parts->public_core->HasUsualExponent() ||
      !IsConsistent(parts->key.get())) {
    return Refusal(Reason::kIssuerKeyUnusable,
                   "This is not an issuing key of ours: it has to be a sound "
                   "RSA key of 2048 bits with exponent 65537.");
  }
  return BlindRsaPrivateKey(std::move(parts));
}

absl::StatusOr<SecretBytes> BlindRsaPrivateKey::Serialize() const {
  const OpensslErrors errors;
  const Pkcs8 info(EVP_PKEY2PKCS8(parts_->key.get()));
  const int size =
      info == nullptr ? 0 : i2d_PKCS8_PRIV_KEY_INFO(info.get(), nullptr);
  if (size <= 0) {
    return KeyFailure();
  }
  SecretBytes der(static_cast<size_t>(size));
  uint8_t* at = der.ExposeForWriting().data();
  if (i2d_PKCS8_PRIV_KEY_INFO(info.get(), &at) != size) {
    return KeyFailure();
  }
  return der;
}

const std::string& BlindRsaPrivateKey::public_key_der() const {
  return parts_->public_der;
}

absl::StatusOr<std::string> BlindRsaPrivateKey::BlindSign(
    absl::string_view blinded_message) const {
  return SignBlinded(*parts_->key, *parts_->public_core, blinded_message);
}

}  // namespace commonwage::crypto
