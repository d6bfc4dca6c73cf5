// SPDX-License-Identifier: Apache-2.0
#include "client/enrolment.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "client/round_record.h"
#include "client/submission.h"
#include "crypto/blind_rsa.h"
#include "crypto/derive.h"
#include "crypto/derived_random.h"
#include "crypto/hash.h"
#include "survey/enrolment_code.h"
#include "survey/labels.h"

namespace commonwage::client {
namespace {

absl::Status NotNow(absl::string_view reason, absl::string_view sentence) {
  return Refusal(absl::StatusCode::kFailedPrecondition, reason, sentence);
}

// Two servers take part in enrolling: says which of them is away.
absl::Status NamingTheOffice(const absl::Status& status) {
  const std::string reason = ReasonOf(status);
  if (reason != "SERVER_UNREACHABLE" && reason != "SERVER_TOO_SLOW") {
    return status;
  }
  return Refusal(status.code(), reason,
                 "The union office's server cannot be reached. Your code is "
                 "not used up; run the same command again.");
}

absl::StatusOr<std::string> GetCredential(IssuerApi& issuer,
                                          const TrustedRound& round,
                                          const crypto::Secret<32>& seed,
                                          const std::string& code) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const crypto::BlindRsaPublicKey key,
      crypto::BlindRsaPublicKey::FromDer(round.manifest.issuer_public_key));
  const Pseudonym pseudonym =
      PseudonymOf(PseudonymKeyOf(seed, round.manifest_hash));
  crypto::DerivedRandom blinding(
      crypto::Derive(seed, kBlindingSeedLabel, round.manifest_hash.view()));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const crypto::BlindRsaRequest blinded,
      crypto::BlindRsaRequest::Blind(
          key, CredentialMessage(round.manifest_hash, pseudonym), blinding));
  v1::IssueCredentialRequest request;
  request.set_round(absl::StrCat("rounds/", round.id));
  request.set_enrolment_code(code);
  request.set_blinded_message(blinded.blinded_message());
  request.set_issuer_key_digest(
      std::string(crypto::Sha256(kIssuerKeyDigestLabel, key.der()).view()));
  const absl::StatusOr<v1::IssueCredentialResponse> response =
      issuer.IssueCredential(request);
  if (!response.ok()) {
    return NamingTheOffice(response.status());
  }
  return blinded.Finalize(response->blind_signature());
}

}  // namespace

absl::Status StartForgetful(const WalletFile& wallet,
                            absl::string_view round_id, RandomSource& random) {
  return wallet.Update(random, [&](WalletContents& contents) -> absl::Status {
    RoundRecord& record = GetOrAddRound(contents.records, round_id);
    if (!record.throwaway_seed().empty()) {
      return absl::OkStatus();
    }
    if (!record.credential().empty()) {
      return NotNow("ENROLLED_OTHERWISE",
                    "This wallet enrolled for the round without forgetful "
                    "mode, so it cannot forget now. Submit without it.");
    }
    const crypto::Secret<32> seed = crypto::Secret<32>::Random(random);
    record.set_throwaway_seed(std::string(seed.ExposeText()));
    return absl::OkStatus();
  });
}

absl::Status CheckMayEnrol(const TrustedRound& round, const RoundRecord* known,
                           bool forgetful) {
  if (round.state != v1::ROUND_STATE_CREATED &&
      round.state != v1::ROUND_STATE_OPEN) {
    return NotNow("ROUND_CLOSED",
                  "This round is closed. It takes no more answers, so there is "
                  "nothing to enrol for.");
  }
  if (round.manifest.admission != Admission::kCredential) {
    return NotNow("NO_CREDENTIAL_NEEDED",
                  "This round is open to everybody: there is no need to "
                  "enrol. Its figures are labelled unverified.");
  }
  if (known != nullptr && known->forgotten()) {
    return NotNow("FORGOTTEN",
                  "This round was answered in forgetful mode; there is nothing "
                  "left to do in it.");
  }
  if (known != nullptr && !forgetful && !known->throwaway_seed().empty()) {
    return NotNow("ENROLLED_OTHERWISE",
                  "Enrolling for this round began in forgetful mode, and the "
                  "office may know that request. Go on in forgetful mode.");
  }
  return absl::OkStatus();
}

std::string CredentialMessage(const ManifestHash& manifest_hash,
                              const Pseudonym& pseudonym) {
  return absl::StrCat(kCredentialLabel, manifest_hash.view(), pseudonym.view());
}

absl::Status Enrol(const WalletFile& wallet, IssuerApi& issuer,
                   const TrustedRound& round, absl::string_view typed_code,
                   bool forgetful, RandomSource& random) {
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents before, wallet.Read());
  const RoundRecord* known = FindRound(before.records, round.id);
  COMMONWAGE_RETURN_IF_ERROR(CheckMayEnrol(round, known, forgetful));
  if (known != nullptr && !known->credential().empty()) {
    return absl::OkStatus();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const std::string code,
                              ParseEnrolmentCode(typed_code));
  if (forgetful) {
    COMMONWAGE_RETURN_IF_ERROR(StartForgetful(wallet, round.id, random));
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents contents, wallet.Read());
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::string credential,
      GetCredential(issuer, round, SeedForRound(contents, round.id), code));
  return wallet.Update(random, [&](WalletContents& now) {
    GetOrAddRound(now.records, round.id).set_credential(credential);
    return absl::OkStatus();
  });
}

}  // namespace commonwage::client
