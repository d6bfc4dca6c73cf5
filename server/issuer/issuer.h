// SPDX-License-Identifier: Apache-2.0
// The union office's one decision: whether to sign a blinded pseudonym for
// whoever holds an enrolment code. It sees a member and a blinded request,
// never a pseudonym, never a submission.

#ifndef COMMONWAGE_SERVER_ISSUER_ISSUER_H_
#define COMMONWAGE_SERVER_ISSUER_ISSUER_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/clock.h"
#include "base/mutex.h"
#include "crypto/blind_rsa_key.h"
#include "server/issuer/guess_limiter.h"
#include "server/issuer/issuer_store.h"
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

  // Returns the blind signature, of 256 bytes: the same for the same request.
  // `connection` stands for who asks, for as long as they are connected.
  //
  // Reveals: to the caller, that a right code is right. A code that is unknown,
  // and one of a removed member, are answered alike.
  // Fails with RESOURCE_EXHAUSTED (TOO_MANY_ATTEMPTS), INVALID_ARGUMENT
  // (REQUEST_MALFORMED, REQUEST_DAMAGED, BLINDED_MESSAGE_MALFORMED,
  // CODE_MISTYPED), NOT_FOUND (UNKNOWN_ROUND),
  // FAILED_PRECONDITION (ISSUER_KEY_DIFFERS), PERMISSION_DENIED (CODE_REFUSED),
  // ALREADY_EXISTS (CREDENTIAL_ALREADY_ISSUED); otherwise as the store.
  absl::StatusOr<std::string> IssueCredential(const CredentialRequest& request,
                                              absl::string_view connection);

  // Drops from memory the keys that a command has destroyed in the store since
  // they were read. Returns how many. Fails as MemberRoll::ListRounds.
  absl::StatusOr<size_t> ForgetDestroyedKeys();

 private:
  // A round's key, unwrapped once.
  absl::StatusOr<std::shared_ptr<const crypto::BlindRsaPrivateKey>> KeyOf(
      const std::string& round_id);
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
