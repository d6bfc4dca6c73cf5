// SPDX-License-Identifier: Apache-2.0
// A data directory with its key file beside it, and what a collector would put
// into it.

#ifndef COMMONWAGE_TESTS_SERVER_ADMIN_HOST_DIRECTORY_H_
#define COMMONWAGE_TESTS_SERVER_ADMIN_HOST_DIRECTORY_H_

#include <future>
#include <string>
#include <vector>

#include "base/check.h"
#include "crypto/hash.h"
#include "crypto/sodium_random.h"
#include "server/admin/admin_host.h"
#include "storage/inbox/inbox.h"
#include "survey/domain_labels.h"
#include "survey/frame.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::testing {

class HostDirectory {
 public:
  HostDirectory() {
    COMMONWAGE_CHECK(
        server::admin::AdminHost::Create(data(), kek(), random_).ok());
  }

  [[nodiscard]] std::string data() const { return directory_.File("data"); }
  [[nodiscard]] std::string kek() const { return directory_.File("kek"); }
  [[nodiscard]] std::string File(const std::string& name) const {
    return directory_.File(name);
  }

  // Opens the host anew, as each command does.
  server::admin::AdminHost Open() {
    return *server::admin::AdminHost::Open(
        data(), kek(), server::admin::Access::kChange, random_);
  }

  RandomSource& random() { return random_; }

 private:
  TempDirectory directory_;
  crypto::SodiumRandom random_;
};

// Stores `frame` as the collector does, and waits for the answer.
inline absl::StatusOr<storage::Acceptance> Store(storage::Inbox& inbox,
                                                 const std::string& frame) {
  const auto view = FrameView::Parse(frame);
  COMMONWAGE_CHECK(view.ok());
  std::promise<absl::StatusOr<storage::Acceptance>> answer;
  inbox.Submit({.pseudonym = view->header().pseudonym,
                .operation = view->header().operation,
                .sequence = view->header().sequence,
                .frame_digest = crypto::Sha256(kFrameDigestLabel, frame),
                .frame = frame},
               [&answer](absl::StatusOr<storage::Acceptance> acceptance) {
                 answer.set_value(std::move(acceptance));
               });
  return answer.get_future().get();
}

// Stores `frames` in the inbox of `round_id`, as the collector does.
inline void StoreAll(server::admin::AdminHost& host,
                     const std::string& round_id,
                     const std::vector<std::string>& frames) {
  const auto inbox = host.OpenInbox(round_id);
  COMMONWAGE_CHECK(inbox.ok());
  for (const std::string& frame : frames) {
    COMMONWAGE_CHECK(*Store(**inbox, frame) == storage::Acceptance::kStored);
  }
}

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_SERVER_ADMIN_HOST_DIRECTORY_H_
