// SPDX-License-Identifier: Apache-2.0
#include "crypto/blind/blind_rsa.h"

#include "absl/status/status.h"
#include "absl/types/span.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "crypto/blind/rsa_core.h"
#include "crypto/internal/octets.h"

namespace commonwage::crypto {
namespace {

constexpr int kModulusBits = 2048;
constexpr size_t kSaltSize = 48;
static_assert(kBlindRsaSize * 8 == kModulusBits);

}  // namespace

absl::StatusOr<BlindRsaPublicKey> BlindRsaPublicKey::FromDer(
    absl::string_view der) {
  std::shared_ptr<const RsaCore> core = RsaCore::FromDer(der);
  if (core == nullptr || core->modulus_bits() != kModulusBits ||
      !core->HasUsualExponent() || core->HasSmallFactor()) {
    return Refusal(Reason::kIssuerKeyUnusable,
                   "The issuer's public key cannot be used: it has to be an "
                   "RSA key of 2048 bits with exponent 65537, in DER.");
  }
  return BlindRsaPublicKey(std::move(core), der);
}

bool BlindRsaPublicKey::Verify(absl::string_view message,
                               absl::string_view signature) const {
  return core_->VerifyPss(message, signature, kSaltSize);
}

absl::StatusOr<BlindRsaRequest> BlindRsaRequest::Blind(
    const BlindRsaPublicKey& key, absl::string_view message,
    RandomSource& random) {
  const RsaCore& core = *key.core_;
  std::string salt(kSaltSize, '\0');
  random.Fill(absl::MakeSpan(Octets(salt), salt.size()));
  COMMONWAGE_ASSIGN_OR_RETURN(const SecretBytes factor,
                              core.DrawFactor(random));
  COMMONWAGE_ASSIGN_OR_RETURN(const std::string encoded,
                              core.EncodePss(message, salt));
  COMMONWAGE_ASSIGN_OR_RETURN(RsaCore::Blinded blinded,
                              core.Blind(encoded, factor));
  BlindRsaRequest request(key, message);
  request.blinded_message_ = std::move(blinded.message);
  request.inverse_ = std::move(blinded.inverse);
  return request;
}

absl::StatusOr<std::string> BlindRsaRequest::Finalize(
    absl::string_view blind_signature) const {
  COMMONWAGE_ASSIGN_OR_RETURN(std::string signature,
                              key_.core_->Unblind(blind_signature, inverse_));
  if (!key_.Verify(message_, signature)) {
    return Refusal(Reason::kBlindSignatureRefused,
                   "The issuer's answer does not fit the request.");
  }
  return signature;
}

}  // namespace commonwage::crypto
