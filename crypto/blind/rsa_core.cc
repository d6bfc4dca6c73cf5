// SPDX-License-Identifier: Apache-2.0
#include "crypto/blind/rsa_core.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include <openssl/core_names.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "crypto/internal/octets.h"

namespace commonwage::crypto {
namespace {

constexpr size_t kHashSize = 48;
constexpr BN_ULONG kUsualExponent = 65537;
constexpr size_t kSmallFactorLimit = 65536;
constexpr int kDrawLimit = 256;

absl::Status ArithmeticFailure() {
  return Refusal(Reason::kArithmeticFailed,
                 "The cryptographic library could not do a calculation; "
                 "nothing was sent.");
}

std::string Sha384(absl::string_view bytes) {
  std::string digest(kHashSize, '\0');
  COMMONWAGE_CHECK(EVP_Digest(bytes.data(), bytes.size(), Octets(digest),
                              nullptr, EVP_sha384(), nullptr) == 1);
  return digest;
}

// MGF1 of RFC 8017, B.2.1.
std::string Mask(absl::string_view seed, size_t size) {
  std::string mask;
  for (uint32_t counter = 0; mask.size() < size; ++counter) {
    std::string block(seed);
    AppendUint32(block, counter);
    absl::StrAppend(&mask, Sha384(block));
  }
  mask.resize(size);
  return mask;
}

Bn Number(absl::string_view bytes) {
  Bn number(BN_secure_new());
  if (number != nullptr &&
      BN_bin2bn(Octets(bytes), static_cast<int>(bytes.size()), number.get()) ==
          nullptr) {
    number.reset();
  }
  return number;
}

// A number whose value OpenSSL must not branch on.
Bn SecretNumber(const SecretBytes& bytes) {
  Bn number = Number(bytes.ExposeText());
  if (number != nullptr) {
    BN_set_flags(number.get(), BN_FLG_CONSTTIME);
  }
  return number;
}

bool Export(const BIGNUM* number, absl::Span<uint8_t> out) {
  return BN_bn2binpad(number, out.data(), static_cast<int>(out.size())) >= 0;
}

Bn Parameter(const EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &number) != 1) {
    return nullptr;
  }
  return Bn(number);
}

bool IsCanonical(const EVP_PKEY* key, absl::string_view der) {
  uint8_t* encoded = nullptr;
  const int size = i2d_PUBKEY(key, &encoded);
  const bool same =
      size > 0 && der == absl::string_view(reinterpret_cast<char*>(encoded),
                                           static_cast<size_t>(size));
  OPENSSL_free(encoded);
  return same;
}

}  // namespace

RsaCore::RsaCore(Pkey key, Bn modulus, Bn exponent, BnMontgomery montgomery)
    : key_(std::move(key)),
      modulus_(std::move(modulus)),
      exponent_(std::move(exponent)),
      montgomery_(std::move(montgomery)) {}

std::shared_ptr<const RsaCore> RsaCore::FromDer(absl::string_view der) {
  const OpensslErrors errors;
  const uint8_t* at = Octets(der);
  Pkey key(d2i_PUBKEY(nullptr, &at, static_cast<ptrdiff_t>(der.size())));
  if (key == nullptr || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA ||
      !IsCanonical(key.get(), der)) {
    return nullptr;
  }
  Bn modulus = Parameter(key.get(), OSSL_PKEY_PARAM_RSA_N);
  Bn exponent = Parameter(key.get(), OSSL_PKEY_PARAM_RSA_E);
  BnMontgomery montgomery(BN_MONT_CTX_new());
  const BnContext context(BN_CTX_new());
  // Montgomery's form exists for odd moduli only.
  if (modulus == nullptr || exponent == nullptr || montgomery == nullptr ||
      context == nullptr || BN_is_odd(modulus.get()) == 0 ||
      BN_MONT_CTX_set(montgomery.get(), modulus.get(), context.get()) != 1) {
    return nullptr;
  }
  return std::shared_ptr<const RsaCore>(
      new RsaCore(std::move(key), std::move(modulus), std::move(exponent),
                  std::move(montgomery)));
}

bool RsaCore::HasUsualExponent() const {
  return BN_is_word(exponent_.get(), kUsualExponent) == 1;
}

bool RsaCore::HasSmallFactor() const {
  // Primes are enough, and a sixth of the work.
  std::vector<bool> composite(kSmallFactorLimit);
  for (size_t factor = 2; factor < kSmallFactorLimit; ++factor) {
    if (composite[factor]) {
      continue;
    }
    if (BN_mod_word(modulus_.get(), factor) == 0) {
      return true;
    }
    for (size_t i = factor * factor; i < kSmallFactorLimit; i += factor) {
      composite[i] = true;
    }
  }
  return false;
}

absl::StatusOr<std::string> RsaCore::EncodePss(absl::string_view message,
                                               absl::string_view salt) const {
  const size_t encoded_bits = static_cast<size_t>(modulus_bits()) - 1;
  const size_t encoded_size = (encoded_bits + 7) / 8;
  if (encoded_size < kHashSize + salt.size() + 2) {
    return ArithmeticFailure();
  }
  constexpr std::array<char, 8> kZeros{};
  const std::string hash = Sha384(absl::StrCat(
      absl::string_view(kZeros.data(), kZeros.size()), Sha384(message), salt));
  const size_t block_size = encoded_size - kHashSize - 1;
  std::string block(block_size - salt.size() - 1, '\0');
  absl::StrAppend(&block, "\x01", salt);
  const std::string mask = Mask(hash, block_size);
  std::transform(block.begin(), block.end(), mask.begin(), block.begin(),
                 [](char a, char b) { return static_cast<char>(a ^ b); });
  block[0] = static_cast<char>(static_cast<uint8_t>(block[0]) &
                               (0xffU >> (8 * encoded_size - encoded_bits)));
  return absl::StrCat(std::string(size() - encoded_size, '\0'), block, hash,
                      "\xbc");
}

absl::StatusOr<SecretBytes> RsaCore::DrawFactor(RandomSource& random) const {
  const auto spare_bits =
      static_cast<unsigned>(8 * size() - static_cast<size_t>(modulus_bits()));
  SecretBytes factor(size());
  for (int i = 0; i < kDrawLimit; ++i) {
    const absl::Span<uint8_t> bytes = factor.ExposeForWriting();
    random.Fill(bytes);
    bytes[0] = static_cast<uint8_t>(bytes[0] & (0xffU >> spare_bits));
    const Bn number = SecretNumber(factor);
    if (number != nullptr && BN_is_zero(number.get()) == 0 &&
        BN_cmp(number.get(), modulus_.get()) < 0) {
      return factor;
    }
  }
  return ArithmeticFailure();
}

absl::StatusOr<SecretBytes> RsaCore::Invert(const SecretBytes& factor) const {
  const OpensslErrors errors;
  const BnContext context(BN_CTX_secure_new());
  const Bn number = SecretNumber(factor);
  const Bn inverse(BN_secure_new());
  SecretBytes bytes(size());
  if (context == nullptr || number == nullptr || inverse == nullptr ||
      BN_mod_inverse(inverse.get(), number.get(), modulus_.get(),
                     context.get()) == nullptr ||
      !Export(inverse.get(), bytes.ExposeForWriting())) {
    return ArithmeticFailure();
  }
  return bytes;
}

absl::StatusOr<RsaCore::Blinded> RsaCore::Blind(
    absl::string_view encoded, const SecretBytes& factor) const {
  const OpensslErrors errors;
  COMMONWAGE_ASSIGN_OR_RETURN(SecretBytes inverse, Invert(factor));
  const BnContext context(BN_CTX_secure_new());
  const Bn message = Number(encoded);
  const Bn number = SecretNumber(factor);
  const Bn work(BN_secure_new());
  std::string blinded(size(), '\0');
  if (context == nullptr || message == nullptr || number == nullptr ||
      work == nullptr ||
      // A message that shares a factor with the modulus could not be hidden.
      BN_gcd(work.get(), message.get(), modulus_.get(), context.get()) != 1 ||
      BN_is_one(work.get()) == 0 ||
      BN_mod_exp_mont_consttime(work.get(), number.get(), exponent_.get(),
                                modulus_.get(), context.get(),
                                montgomery_.get()) != 1 ||
      !Multiply(work.get(), work.get(), message.get(), context.get()) ||
      !Export(work.get(), absl::MakeSpan(Octets(blinded), blinded.size()))) {
    return ArithmeticFailure();
  }
  return Blinded{.message = std::move(blinded), .inverse = std::move(inverse)};
}

absl::StatusOr<std::string> RsaCore::Unblind(absl::string_view blind_signature,
                                             const SecretBytes& inverse) const {
  const OpensslErrors errors;
  if (!IsResidue(blind_signature)) {
    return Refusal(Reason::kBlindSignatureRefused,
                   "The issuer's answer does not fit the request.");
  }
  const BnContext context(BN_CTX_secure_new());
  const Bn blind = Number(blind_signature);
  const Bn number = SecretNumber(inverse);
  std::string signature(size(), '\0');
  if (context == nullptr || blind == nullptr || number == nullptr ||
      !Multiply(blind.get(), blind.get(), number.get(), context.get()) ||
      !Export(blind.get(),
              absl::MakeSpan(Octets(signature), signature.size()))) {
    return ArithmeticFailure();
  }
  return signature;
}

bool RsaCore::VerifyPss(absl::string_view message, absl::string_view signature,
                        size_t salt_size) const {
  const OpensslErrors errors;
  const std::string hash = Sha384(message);
  const PkeyContext context(EVP_PKEY_CTX_new(key_.get(), nullptr));
  return signature.size() == size() && context != nullptr &&
         EVP_PKEY_verify_init(context.get()) == 1 &&
         EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PSS_PADDING) ==
             1 &&
         EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha384()) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context.get(),
                                          static_cast<int>(salt_size)) == 1 &&
         EVP_PKEY_verify(context.get(), Octets(signature), signature.size(),
                         Octets(hash), hash.size()) == 1;
}

bool RsaCore::IsResidue(absl::string_view value) const {
  const Bn number = Number(value);
  return value.size() == size() && number != nullptr &&
         BN_cmp(number.get(), modulus_.get()) < 0;
}

bool RsaCore::IsPower(absl::string_view value, absl::string_view power) const {
  const OpensslErrors errors;
  const BnContext context(BN_CTX_new());
  const Bn base = Number(value);
  const Bn expected = Number(power);
  return context != nullptr && base != nullptr && expected != nullptr &&
         BN_cmp(base.get(), modulus_.get()) < 0 &&
         BN_mod_exp_mont(base.get(), base.get(), exponent_.get(),
                         modulus_.get(), context.get(),
                         montgomery_.get()) == 1 &&
         BN_cmp(base.get(), expected.get()) == 0;
}

bool RsaCore::Multiply(BIGNUM* result, const BIGNUM* left, const BIGNUM* right,
                       BN_CTX* context) const {
  const Bn form(BN_secure_new());
  // One factor in Montgomery's form and one not: the product comes out plain.
  return form != nullptr &&
         BN_to_montgomery(form.get(), left, montgomery_.get(), context) == 1 &&
         BN_mod_mul_montgomery(result, form.get(), right, montgomery_.get(),
                               context) == 1;
}

}  // namespace commonwage::crypto
