// SPDX-License-Identifier: Apache-2.0
// The union office's one decision: whether to sign a blinded pseudonym for
// whoever holds an enrolment code. It sees a member and a blinded request,
// never a pseudonym, never a submission.

#ifndef COMMONWAGE_SERVER_ISSUER_ISSUER_H_
#define COMMONWAGE_SERVER_ISSUER_ISSUER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "base/clock.h"
#include "base/mutex.h"
#include "crypto/blind/blind_rsa_key.h"
#include "server/issuer/guess_limiter.h"
#include "server/issuer/issuer_store.h"
#include "storage/members/member_roll.h"
#include "survey/enrolment_request.h"

namespace commonwage::server::issuer {

// What somebody asks for. Everything in it is untrusted.
struct CredentialRequest {
  std::string enrolment_code;  // As typed.
  EnrolmentRequest made;       // By the member's device.
};

// Issues credentials. Thread-safe.
class Issuer {
 public:
  Issuer(IssuerStore& store, Clock& clock, GuessLimits limits = {});

  // Called once, from the caller's thread or one of the store: return soon.
  using Done = std::function<void(absl::StatusOr<std::string>)>;

  // Gives `done` the blind signature, of 256 bytes: the same for the same
  // request. `connection` stands for who asks, for as long as they are
  // connected. Signs before it returns, and does not wait for the disk; this
  // object must be there until `done` was called.
  //
  // Reveals: to the caller, that a right code is right. A code that is unknown,
  // and one of a removed member, are answered alike.
  // Fails with RESOURCE_EXHAUSTED (TOO_MANY_ATTEMPTS), INVALID_ARGUMENT
  // (REQUEST_MALFORMED, REQUEST_DAMAGED, BLINDED_MESSAGE_MALFORMED,
  // CODE_MISTYPED), NOT_FOUND (UNKNOWN_ROUND),
  // FAILED_PRECONDITION (ISSUER_KEY_DIFFERS, ROUND_CANCELLED),
  // PERMISSION_DENIED (CODE_REFUSED), ALREADY_EXISTS
  // (CREDENTIAL_ALREADY_ISSUED); otherwise as the store.
  void Issue(const CredentialRequest& request, const std::string& connection,
             Done done);

  // The same for a thread that may wait: returns what `done` would get.
  absl::StatusOr<std::string> IssueCredential(const CredentialRequest& request,
                                              const std::string& connection);

  // Drops from memory the keys that a command has destroyed in the store since
  // they were read. Returns how many. Fails as MemberRoll::ListRounds.
  absl::StatusOr<size_t> ForgetDestroyedKeys();

 private:
  // What there is to hand out once the member's one request is recorded.
  struct Signed {
    std::string code;  // As ParseEnrolmentCode gave it.
    std::string blind_signature;
  };

  absl::StatusOr<Signed> Sign(const CredentialRequest& request,
                              const std::string& connection);
  // Returns OK if it was granted, or what to say.
  absl::Status RefusalOf(const absl::StatusOr<storage::Grant>& grant,
                         const std::string& round_id,
                         const std::string& connection);
  // A round's key, unwrapped once.
  absl::StatusOr<std::shared_ptr<const crypto::BlindRsaPrivateKey>> KeyOf(
      const std::string& round_id);
  // Why there is no key.
  absl::Status NoKeyFor(const std::string& round_id);
  void ForgetKey(const std::string& round_id);

  IssuerStore& store_;
  GuessLimiter limiter_;
  Mutex mutex_;
  absl::flat_hash_map<std::string,
                      std::shared_ptr<const crypto::BlindRsaPrivateKey>>
      keys_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace commonwage::server::issuer

#endif  // COMMONWAGE_SERVER_ISSUER_ISSUER_H_
