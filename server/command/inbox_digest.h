// SPDX-License-Identifier: Apache-2.0
// The digest and the signature that end a sealed inbox file:
// survey/inbox_file.h asks for them, crypto/ has them.

#ifndef COMMONWAGE_SERVER_COMMAND_INBOX_DIGEST_H_
#define COMMONWAGE_SERVER_COMMAND_INBOX_DIGEST_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

#include "crypto/hash.h"
#include "crypto/signature.h"
#include "survey/inbox_file.h"
#include "survey/labels.h"

namespace commonwage::server {

// SHA-256 over kInboxDigestLabel || everything given.
class Sha256InboxDigest final : public InboxDigest {
 public:
  void Update(absl::string_view bytes) override { stream_.Update(bytes); }
  std::string Finish() override { return std::string(stream_.Finish().view()); }

 private:
  crypto::Sha256Stream stream_{kInboxDigestLabel};
};

// Signs with `key`, the operator's.
inline InboxSigner InboxSignerOf(crypto::SigningKey key) {
  return [key = std::make_shared<const crypto::SigningKey>(std::move(key))](
             absl::string_view message) {
    return std::string(key->Sign(kInboxSignatureLabel, message).view());
  };
}

// Takes the signatures of `key`, as a manifest names it, and no others. Alone
// in its source file, so that a test can be built without it.
InboxVerifier InboxVerifierOf(absl::string_view key);

}  // namespace commonwage::server

#endif  // COMMONWAGE_SERVER_COMMAND_INBOX_DIGEST_H_
