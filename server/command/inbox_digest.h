// SPDX-License-Identifier: Apache-2.0
// The digest that ends a sealed inbox file: survey/inbox_file.h asks for one,
// crypto/ has one.

#ifndef COMMONWAGE_SERVER_COMMAND_INBOX_DIGEST_H_
#define COMMONWAGE_SERVER_COMMAND_INBOX_DIGEST_H_

#include <string>

#include "absl/strings/string_view.h"

#include "crypto/hash.h"
#include "survey/inbox_file.h"
#include "survey/labels.h"

namespace commonwage::server::command {

// SHA-256 over kInboxDigestLabel || everything given.
class Sha256InboxDigest final : public InboxDigest {
 public:
  void Update(absl::string_view bytes) override { stream_.Update(bytes); }
  std::string Finish() override { return std::string(stream_.Finish().view()); }

 private:
  crypto::Sha256Stream stream_{kInboxDigestLabel};
};

}  // namespace commonwage::server::command

#endif  // COMMONWAGE_SERVER_COMMAND_INBOX_DIGEST_H_
