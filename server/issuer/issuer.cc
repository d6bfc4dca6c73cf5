// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/issuer.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/mutex.h"
#include "base/status_macros.h"
#include "crypto/blind/blind_rsa.h"
#include "crypto/blind/blind_rsa_key.h"
#include "crypto/hash.h"
#include "server/issuer/guess_limiter.h"
#include "server/issuer/issuer_store.h"
#include "storage/members/member_roll.h"
#include "survey/domain_labels.h"
#include "survey/enrolment_code.h"
#include "survey/enrolment_request.h"

namespace commonwage::server::issuer {
namespace {

absl::Status Malformed() {
  return Refusal(Reason::kRequestMalformed,
                 "This is not a request for a credential; make it with "
                 "`commonwage enrol`. Your code is not used up.");
}

// A request that came as its device made it, so that no slip of a program or of
// a copying hand uses up a member's voice.
absl::Status CheckWhole(const EnrolmentRequest& made) {
  if (made.blinded_message.size() != kBlindedMessageSize ||
      made.issuer_key_digest.size() != kIssuerKeyDigestSize ||
      made.checksum.size() != kRequestChecksumSize) {
    return Malformed();
  }
  if (made.checksum !=
      crypto::Sha256(kRequestChecksumLabel, ChecksummedBytes(made)).view()) {
    return Refusal(Reason::kRequestDamaged,
                   "The request was changed on its way here. Copy the whole "
                   "text once more, or make it again with `commonwage enrol`. "
                   "Your code is not used up.");
  }
  return absl::OkStatus();
}

absl::Status TooManyAttempts() {
  return Refusal(Reason::kTooManyAttempts,
                 "There were too many wrong codes. Please wait a while, then "
                 "try again; your own code is not used up.");
}

}  // namespace

Issuer::Issuer(IssuerStore& store, Clock& clock, GuessLimits limits)
    : store_(store), limiter_(clock, limits) {}

absl::StatusOr<std::string> Issuer::IssueCredential(
    const CredentialRequest& request, const std::string& connection) {
  Mutex mutex;
  CondVar changed;
  std::optional<absl::StatusOr<std::string>> answer;
  Issue(request, connection, [&](absl::StatusOr<std::string> issued) {
    const MutexLock lock(mutex);
    answer = std::move(issued);
    changed.NotifyOne();
  });
  const MutexLock lock(mutex);
  while (!answer.has_value()) {
    changed.Wait(mutex);
  }
  return *std::move(answer);
}

void Issuer::Issue(const CredentialRequest& request,
                   const std::string& connection, Done done) {
  absl::StatusOr<Signed> made = Sign(request, connection);
  if (!made.ok()) {
    done(made.status());
    return;
  }
  store_.GrantOnce(
      request.made.round_id, made->code, request.made.blinded_message,
      [this, connection, round_id = request.made.round_id,
       blind_signature = std::move(made->blind_signature),
       done = std::move(done)](const absl::StatusOr<storage::Grant>& grant) {
        const absl::Status refused = RefusalOf(grant, round_id, connection);
        done(refused.ok() ? absl::StatusOr<std::string>(blind_signature)
                          : refused);
      });
}

absl::StatusOr<Issuer::Signed> Issuer::Sign(const CredentialRequest& request,
                                            const std::string& connection) {
  COMMONWAGE_RETURN_IF_ERROR(CheckWhole(request.made));
  // Before anything that depends on the code, so that the answer tells nothing
  // about it.
  if (!limiter_.MayTry(connection)) {
    return TooManyAttempts();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const std::string code,
                              ParseEnrolmentCode(request.enrolment_code));
  COMMONWAGE_ASSIGN_OR_RETURN(const auto key, KeyOf(request.made.round_id));
  const crypto::Digest digest =
      crypto::Sha256(kIssuerKeyDigestLabel, key->public_key_der());
  if (request.made.issuer_key_digest != digest.view()) {
    return Refusal(Reason::kIssuerKeyDiffers,
                   "The round was announced with another key than the union "
                   "office has. Your code is not used up; ask the union "
                   "office before you go on.");
  }
  // Signed before the request is recorded, so that a request the key cannot
  // sign does not use up the member's voice.
  COMMONWAGE_ASSIGN_OR_RETURN(std::string blind_signature,
                              key->BlindSign(request.made.blinded_message));
  return Signed{code, std::move(blind_signature)};
}

absl::Status Issuer::RefusalOf(const absl::StatusOr<storage::Grant>& grant,
                               const std::string& round_id,
                               const std::string& connection) {
  if (ReasonOf(grant.status()) == Reason::kUnknownRound) {
    // A command has destroyed the key since it was read.
    ForgetKey(round_id);
    return NoKeyFor(round_id);
  }
  COMMONWAGE_RETURN_IF_ERROR(grant.status());
  switch (*grant) {
    case storage::Grant::kGranted:
      return absl::OkStatus();
    case storage::Grant::kOtherRequested:
      return Refusal(Reason::kCredentialAlreadyIssued,
                     "A credential for this round was already given to you, "
                     "on another device or wallet. Use that one, or bring it "
                     "back with its recovery words. If that was not you, tell "
                     "the union office.");
    case storage::Grant::kCodeUnknown:
      break;
  }
  limiter_.CountWrong(connection);
  return Refusal(Reason::kCodeRefused,
                 "This code is not accepted. Compare it with your letter, or "
                 "ask the union office for a new one.");
}

absl::StatusOr<std::shared_ptr<const crypto::BlindRsaPrivateKey>> Issuer::KeyOf(
    const std::string& round_id) {
  const MutexLock lock(mutex_);
  if (const auto found = keys_.find(round_id); found != keys_.end()) {
    return found->second;
  }
  COMMONWAGE_ASSIGN_OR_RETURN(std::optional<crypto::BlindRsaPrivateKey> key,
                              store_.FindIssuingKey(round_id));
  if (!key.has_value()) {
    return NoKeyFor(round_id);
  }
  auto shared =
      std::make_shared<const crypto::BlindRsaPrivateKey>(*std::move(key));
  keys_.emplace(round_id, shared);
  return shared;
}

absl::Status Issuer::NoKeyFor(const std::string& round_id) {
  COMMONWAGE_ASSIGN_OR_RETURN(const bool called_off,
                              store_.roll().WasCalledOff(round_id));
  return called_off
             ? Refusal(Reason::kRoundCancelled,
                       "This round was called off. If you have answered, your "
                       "answer was destroyed unread; there is nothing to do.")
             : Refusal(Reason::kUnknownRound,
                       "The union office gives no credentials for this round; "
                       "check the round's name, or whether it has closed.");
}

absl::StatusOr<size_t> Issuer::ForgetDestroyedKeys() {
  const MutexLock lock(mutex_);
  COMMONWAGE_ASSIGN_OR_RETURN(const std::vector<storage::IssuingRound> rounds,
                              store_.roll().ListRounds());
  size_t forgotten = 0;
  for (const storage::IssuingRound& round : rounds) {
    forgotten += round.has_key ? 0 : keys_.erase(round.round_id);
  }
  return forgotten;
}

void Issuer::ForgetKey(const std::string& round_id) {
  const MutexLock lock(mutex_);
  keys_.erase(round_id);
}

}  // namespace commonwage::server::issuer
