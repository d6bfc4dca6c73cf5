// SPDX-License-Identifier: Apache-2.0
// Internal to crypto: owners for what OpenSSL allocates.

#ifndef COMMONWAGE_CRYPTO_BLIND_OPENSSL_H_
#define COMMONWAGE_CRYPTO_BLIND_OPENSSL_H_

#include <memory>

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>

namespace commonwage::crypto {

// Calls `kFree`, a function of OpenSSL.
template <auto kFree>
struct Freer {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};

// Big numbers are wiped whether they are secret or not.
using Bn = std::unique_ptr<BIGNUM, Freer<BN_clear_free>>;
using BnContext = std::unique_ptr<BN_CTX, Freer<BN_CTX_free>>;
using BnMontgomery = std::unique_ptr<BN_MONT_CTX, Freer<BN_MONT_CTX_free>>;
using Pkey = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using PkeyContext = std::unique_ptr<EVP_PKEY_CTX, Freer<EVP_PKEY_CTX_free>>;

// Takes away the errors that OpenSSL notes within a scope: left in the thread's
// queue, they would be taken for failures of an unrelated TLS connection.
class OpensslErrors {
 public:
  OpensslErrors() { ERR_set_mark(); }
  OpensslErrors(const OpensslErrors&) = delete;
  OpensslErrors& operator=(const OpensslErrors&) = delete;
  ~OpensslErrors() { ERR_pop_to_mark(); }
};

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_BLIND_OPENSSL_H_
