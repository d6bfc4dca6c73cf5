// SPDX-License-Identifier: Apache-2.0
#include "client/enrolment.h"

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/protobuf/util/json_util.h"

#include "base/error.h"
#include "base/json_bounds.h"
#include "base/status_macros.h"
#include "base/typed_text.h"
#include "client/round_record.h"
#include "client/submission.h"
#include "crypto/blind/blind_rsa.h"
#include "crypto/derive.h"
#include "crypto/derived_random.h"
#include "crypto/hash.h"
#include "survey/domain_labels.h"
#include "survey/enrolment_code.h"
#include "survey/enrolment_request.h"

namespace commonwage::client {
namespace {

constexpr absl::string_view kRoundPrefix = "rounds/";

// Two servers take part in enrolling: says which of them is away.
absl::Status NamingTheOffice(const absl::Status& status) {
  const Reason reason = ReasonOf(status);
  if (reason != Reason::kServerUnreachable &&
      reason != Reason::kServerTooSlow) {
    return status;
  }
  return Reworded(status,
                  "The union office's server cannot be reached. Your code is "
                  "not used up; run the same command again.");
}

// The wallet's request for the round: the same each time.
absl::StatusOr<crypto::BlindRsaRequest> BlindFor(
    const TrustedRound& round, const crypto::Secret<32>& seed) {
  const absl::StatusOr<crypto::BlindRsaPublicKey> key =
      crypto::BlindRsaPublicKey::FromDer(round.manifest.issuer_public_key);
  if (!key.ok()) {
    return Reworded(key.status(),
                    "The union office's key in the rules of this round is not "
                    "one that protects you. Nothing was sent, and your code is "
                    "not used up; tell the union.");
  }
  const Pseudonym pseudonym =
      PseudonymOf(DerivePseudonymKey(seed, round.manifest_hash));
  crypto::DerivedRandom blinding(
      crypto::Derive(seed, kBlindingSeedLabel, round.manifest_hash.view()));
  return crypto::BlindRsaRequest::Blind(
      *key, CredentialMessage(round.manifest_hash, pseudonym), blinding);
}

// The signature in either form of the office's answer.
absl::StatusOr<std::string> SignatureIn(absl::string_view text,
                                        const TrustedRound& round) {
  v1::IssueCredentialResponse message;
  text = TrimTyped(text);
  if (absl::StartsWith(text, "{") && !FindBeyondJsonBounds(text).has_value() &&
      google::protobuf::util::JsonStringToMessage(std::string(text), &message)
          .ok()) {
    return message.blind_signature();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const EnrolmentAnswer answer,
                              ParseEnrolmentAnswer(text));
  if (answer.round_id != round.id) {
    return Refusal(Reason::kAnswerOfAnotherRound,
                   "This answer of the union office is for another round. Name "
                   "that round, or look for the other answer.");
  }
  return answer.blind_signature;
}

}  // namespace

absl::Status CheckMayForget(const RoundRecord* known) {
  if (known != nullptr && known->throwaway_seed().empty() &&
      (known->requested() || !known->credential().empty())) {
    return Refusal(Reason::kEnrolledOtherwise,
                   "This wallet enrolled for the round without forgetful "
                   "mode, so it cannot forget now. Go on without it.");
  }
  return absl::OkStatus();
}

absl::Status StartForgetful(const WalletFile& wallet,
                            absl::string_view round_id, RandomSource& random) {
  return wallet.Update(random, [&](WalletContents& contents) -> absl::Status {
    RoundRecord& record = GetOrAddRound(contents.records, round_id);
    COMMONWAGE_RETURN_IF_ERROR(CheckMayForget(&record));
    if (record.throwaway_seed().empty()) {
      const crypto::Secret<32> seed = crypto::Secret<32>::Random(random);
      record.set_throwaway_seed(std::string(seed.ExposeText()));
    }
    return absl::OkStatus();
  });
}

absl::Status CheckMayEnrol(const TrustedRound& round, const RoundRecord* known,
                           bool forgetful) {
  if (round.state == v1::ROUND_STATE_CANCELLED ||
      (known != nullptr && known->called_off())) {
    return CalledOff(known);
  }
  if (round.state != v1::ROUND_STATE_CREATED &&
      round.state != v1::ROUND_STATE_OPEN) {
    return Refusal(
        Reason::kRoundClosed,
        "This round is closed. It takes no more answers, so there is "
        "nothing to enrol for.");
  }
  COMMONWAGE_RETURN_IF_ERROR(round.promise);
  if (round.manifest.admission != Admission::kCredential) {
    return Refusal(Reason::kNoCredentialNeeded,
                   "This round is open to everybody: there is no need to "
                   "enrol. Its figures are labelled unverified.");
  }
  if (known != nullptr && known->forgotten()) {
    return Refusal(
        Reason::kForgotten,
        "This round was answered in forgetful mode; there is nothing "
        "left to do in it.");
  }
  if (known != nullptr && !forgetful && !known->throwaway_seed().empty()) {
    return Refusal(Reason::kEnrolledOtherwise,
                   "Enrolling for this round began in forgetful mode, and the "
                   "office may know that request. Go on in forgetful mode.");
  }
  return absl::OkStatus();
}

std::string CredentialMessage(const ManifestHash& manifest_hash,
                              const Pseudonym& pseudonym) {
  return absl::StrCat(kCredentialLabel, manifest_hash.view(), pseudonym.view());
}

v1::IssueCredentialRequest RequestMessage(absl::string_view round_id,
                                          absl::string_view issuer_public_key,
                                          absl::string_view blinded_message) {
  EnrolmentRequest made;
  made.issuer_key_digest = std::string(
      crypto::Sha256(kIssuerKeyDigestLabel, issuer_public_key).view());
  made.blinded_message = std::string(blinded_message);
  v1::IssueCredentialRequest message;
  message.set_round(absl::StrCat(kRoundPrefix, round_id));
  message.set_issuer_key_digest(made.issuer_key_digest);
  message.set_blinded_message(made.blinded_message);
  message.set_checksum(std::string(
      crypto::Sha256(kRequestChecksumLabel, ChecksummedBytes(made)).view()));
  return message;
}

absl::StatusOr<v1::IssueCredentialRequest> PrepareRequest(
    const WalletFile& wallet, const TrustedRound& round, bool forgetful,
    RandomSource& random) {
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents before, wallet.Read());
  COMMONWAGE_RETURN_IF_ERROR(
      CheckMayEnrol(round, FindRound(before.records, round.id), forgetful));
  if (forgetful) {
    COMMONWAGE_RETURN_IF_ERROR(StartForgetful(wallet, round.id, random));
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents contents, wallet.Read());
  COMMONWAGE_ASSIGN_OR_RETURN(
      const crypto::BlindRsaRequest blinded,
      BlindFor(round, SeedForRound(contents, round.id)));
  COMMONWAGE_RETURN_IF_ERROR(wallet.Update(random, [&](WalletContents& now) {
    RoundRecord& record = GetOrAddRound(now.records, round.id);
    record.set_requested(record.throwaway_seed().empty());
    return absl::OkStatus();
  }));
  return RequestMessage(round.id, round.manifest.issuer_public_key,
                        blinded.blinded_message());
}

absl::Status AcceptSignature(const WalletFile& wallet,
                             const TrustedRound& round,
                             absl::string_view blind_signature,
                             RandomSource& random) {
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents contents, wallet.Read());
  const RoundRecord* known = FindRound(contents.records, round.id);
  COMMONWAGE_RETURN_IF_ERROR(CheckMayEnrol(
      round, known, known != nullptr && !known->throwaway_seed().empty()));
  if (known != nullptr && !known->credential().empty()) {
    return absl::OkStatus();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      const crypto::BlindRsaRequest blinded,
      BlindFor(round, SeedForRound(contents, round.id)));
  const absl::StatusOr<std::string> credential =
      blinded.Finalize(blind_signature);
  if (!credential.ok()) {
    return Reworded(credential.status(),
                    "The union office's answer does not fit this wallet's "
                    "request for the round. Use the wallet that made the "
                    "request, and the whole answer; if it stays so, tell the "
                    "union. The same request can be sent again.");
  }
  return wallet.Update(random, [&](WalletContents& now) {
    GetOrAddRound(now.records, round.id).set_credential(*credential);
    return absl::OkStatus();
  });
}

std::string RequestText(const v1::IssueCredentialRequest& request) {
  return WriteEnrolmentRequest(
      {std::string(absl::StripPrefix(request.round(), kRoundPrefix)),
       request.issuer_key_digest(), request.blinded_message(),
       request.checksum()});
}

absl::Status AcceptAnswer(const WalletFile& wallet, const TrustedRound& round,
                          absl::string_view text, RandomSource& random) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::string signature,
                              SignatureIn(text, round));
  return AcceptSignature(wallet, round, signature, random);
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
  COMMONWAGE_ASSIGN_OR_RETURN(v1::IssueCredentialRequest request,
                              PrepareRequest(wallet, round, forgetful, random));
  request.set_enrolment_code(code);
  const absl::StatusOr<v1::IssueCredentialResponse> response =
      issuer.IssueCredential(request);
  if (!response.ok()) {
    return NamingTheOffice(response.status());
  }
  return AcceptSignature(wallet, round, response->blind_signature(), random);
}

}  // namespace commonwage::client
