// SPDX-License-Identifier: Apache-2.0
#include "tests/crypto/rsa_keys.h"

#include <memory>

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/check.h"
#include "crypto/internal/octets.h"

namespace commonwage::crypto {
namespace {

using ParameterBuilder =
    std::unique_ptr<OSSL_PARAM_BLD, Freer<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Freer<OSSL_PARAM_free>>;

Bn NumberOfHex(const std::string& hex) {
  BIGNUM* number = nullptr;
  COMMONWAGE_CHECK(BN_hex2bn(&number, hex.c_str()) > 0);
  return Bn(number);
}

// The exponents and the coefficient that the Chinese remainder theorem takes.
struct Remainders {
  Bn dp{BN_new()};
  Bn dq{BN_new()};
  Bn q_inverse{BN_new()};
};

Remainders RemaindersOf(const BIGNUM* d, const BIGNUM* p, const BIGNUM* q) {
  Remainders result;
  const BnContext context(BN_CTX_new());
  const Bn less(BN_new());
  COMMONWAGE_CHECK(BN_sub(less.get(), p, BN_value_one()) == 1 &&
                   BN_mod(result.dp.get(), d, less.get(), context.get()) == 1);
  COMMONWAGE_CHECK(BN_sub(less.get(), q, BN_value_one()) == 1 &&
                   BN_mod(result.dq.get(), d, less.get(), context.get()) == 1);
  COMMONWAGE_CHECK(
      BN_mod_inverse(result.q_inverse.get(), q, p, context.get()) != nullptr);
  return result;
}

}  // namespace

Pkey KeyOfNumbers(const RsaNumbers& numbers) {
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  const auto push = [&builder](const char* name, const Bn& number) {
    COMMONWAGE_CHECK(
        OSSL_PARAM_BLD_push_BN(builder.get(), name, number.get()) == 1);
  };
  const bool is_private = !numbers.p.empty();
  const Bn n = NumberOfHex(numbers.n);
  const Bn e = NumberOfHex(numbers.e);
  push(OSSL_PKEY_PARAM_RSA_N, n);
  push(OSSL_PKEY_PARAM_RSA_E, e);
  const Bn d = is_private ? NumberOfHex(numbers.d) : nullptr;
  const Bn p = is_private ? NumberOfHex(numbers.p) : nullptr;
  const Bn q = is_private ? NumberOfHex(numbers.q) : nullptr;
  Remainders remainders;
  if (is_private) {
    remainders = RemaindersOf(d.get(), p.get(), q.get());
    push(OSSL_PKEY_PARAM_RSA_D, d);
    push(OSSL_PKEY_PARAM_RSA_FACTOR1, p);
    push(OSSL_PKEY_PARAM_RSA_FACTOR2, q);
    push(OSSL_PKEY_PARAM_RSA_EXPONENT1, remainders.dp);
    push(OSSL_PKEY_PARAM_RSA_EXPONENT2, remainders.dq);
    push(OSSL_PKEY_PARAM_RSA_COEFFICIENT1, remainders.q_inverse);
  }
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const PkeyContext context(
      EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  COMMONWAGE_CHECK(EVP_PKEY_fromdata_init(context.get()) == 1);
  COMMONWAGE_CHECK(
      EVP_PKEY_fromdata(context.get(), &key,
                        is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                        parameters.get()) == 1);
  return Pkey(key);
}

Pkey GenerateKey(int bits, unsigned e) {
  const PkeyContext context(
      EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  const Bn exponent(BN_new());
  EVP_PKEY* key = nullptr;
  COMMONWAGE_CHECK(
      BN_set_word(exponent.get(), e) == 1 &&
      EVP_PKEY_keygen_init(context.get()) == 1 &&
      EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), bits) == 1 &&
      EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context.get(), exponent.get()) == 1 &&
      EVP_PKEY_generate(context.get(), &key) == 1);
  return Pkey(key);
}

std::string PublicDer(const EVP_PKEY& key) {
  std::string der(static_cast<size_t>(i2d_PUBKEY(&key, nullptr)), '\0');
  uint8_t* at = Octets(der);
  COMMONWAGE_CHECK(i2d_PUBKEY(&key, &at) > 0);
  return der;
}

std::string PrivateDer(const EVP_PKEY& key) {
  const std::unique_ptr<PKCS8_PRIV_KEY_INFO, Freer<PKCS8_PRIV_KEY_INFO_free>>
      info(EVP_PKEY2PKCS8(&key));
  COMMONWAGE_CHECK(info != nullptr);
  std::string der(
      static_cast<size_t>(i2d_PKCS8_PRIV_KEY_INFO(info.get(), nullptr)), '\0');
  uint8_t* at = Octets(der);
  COMMONWAGE_CHECK(i2d_PKCS8_PRIV_KEY_INFO(info.get(), &at) > 0);
  return der;
}

}  // namespace commonwage::crypto
