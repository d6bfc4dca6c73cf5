// SPDX-License-Identifier: Apache-2.0
#include "server/command/inbox_digest.h"

namespace commonwage::server {

InboxVerifier InboxVerifierOf(absl::string_view key) {
  return [key = crypto::VerifyKey::From(key)](absl::string_view message,
                                              absl::string_view signature) {
    const auto given = crypto::Signature::From(signature);
    return key.has_value() && given.has_value() &&
           crypto::Verify(*key, kInboxSignatureLabel, message, *given);
  };
}

}  // namespace commonwage::server
