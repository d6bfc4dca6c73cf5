// SPDX-License-Identifier: Apache-2.0
// Sends many frames at once, for a whole population. A person's device uses
// Participation instead, which waits, remembers and checks.

#ifndef COMMONWAGE_TESTS_TESTING_SUBMISSION_SENDER_H_
#define COMMONWAGE_TESTS_TESTING_SUBMISSION_SENDER_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "client/connection/connect_options.h"
#include "commonwage/v1/submission_service.pb.h"

namespace commonwage::testing {

// Keeps a bounded number of calls in flight. Thread-safe.
class SubmissionSender {
 public:
  struct Options {
    client::ConnectOptions connect;
    int connections = 4;      // Each is one HTTP/2 connection. >= 1.
    int max_in_flight = 256;  // Submit waits beyond it. >= 1.
  };

  // Called once per frame, from a thread of the network library, with the
  // receipt (its signature is not checked) or why there is none. It should be
  // quick, may call nothing of the sender, and must not throw.
  using Done = std::function<void(absl::StatusOr<v1::Receipt>)>;

  // Connects when the first frame is sent.
  //
  // Fails with INVALID_ARGUMENT (SERVER_ADDRESS_MALFORMED).
  static absl::StatusOr<std::unique_ptr<SubmissionSender>> Create(
      const Options& options);

  SubmissionSender(const SubmissionSender&) = delete;
  SubmissionSender& operator=(const SubmissionSender&) = delete;
  // Waits for all frames.
  ~SubmissionSender();

  // Sends `frame`; waits first while too many are in flight. A frame that the
  // server already has gets its receipt again, so trying again is safe.
  void Submit(std::string frame, Done done);

  // Returns when every frame so far is done.
  void Wait();

 private:
  struct Parts;
  explicit SubmissionSender(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_TESTING_SUBMISSION_SENDER_H_
