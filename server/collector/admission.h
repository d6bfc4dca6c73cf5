// SPDX-License-Identifier: Apache-2.0
// Where a submission comes in. The frame is checked from cheap to dear, stored,
// and acknowledged with a signed receipt once it is on disk. It cannot be read
// here.

#ifndef COMMONWAGE_SERVER_COLLECTOR_ADMISSION_H_
#define COMMONWAGE_SERVER_COLLECTOR_ADMISSION_H_

#include <atomic>
#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/clock.h"
#include "base/log.h"
#include "crypto/signature.h"
#include "server/collector/round_board.h"
#include "survey/receipt.h"

namespace commonwage::server::collector {

// A receipt as the caller gets it.
struct SignedReceipt {
  Receipt receipt;
  crypto::Signature signature;
};

// Admits submissions to the rounds of a board. Thread-safe. What it is made
// with must outlive it, and the inboxes of the board end before it does.
class FrameAdmission {
 public:
  using Done = std::function<void(const absl::StatusOr<SignedReceipt>&)>;

  // `on_full`, if there is one, is called when a store's disk is full, from any
  // thread.
  FrameAdmission(const RoundBoard& board, crypto::SigningKey receipt_key,
                 Clock& clock, Log& log, std::function<void()> on_full = {});

  // Takes a frame in and calls `done` once: before it returns if the frame is
  // refused, from a thread of the inbox after the sync if it is stored. The
  // identical latest frame again gets the same receipt.
  //
  // Fails with
  //   INVALID_ARGUMENT     FRAME_MALFORMED, FRAME_VERSION, FOREIGN_ROUND_KEY
  //   NOT_FOUND            UNKNOWN_ROUND
  //   FAILED_PRECONDITION  ROUND_NOT_OPEN, ROUND_CLOSED, NOTHING_TO_AMEND,
  //                        ALREADY_WITHDRAWN, ROUND_SET_ASIDE,
  //                        ROUND_CANCELLED
  //   PERMISSION_DENIED    SIGNATURE_REFUSED, CREDENTIAL_REFUSED
  //   ALREADY_EXISTS       SEQUENCE_USED
  //   RESOURCE_EXHAUSTED   DISK_FULL
  //   UNAVAILABLE          STORE_UNAVAILABLE
  //
  // Reveals: to the holder of a pseudonym's key, whether it has submitted. Of a
  // refused signature or credential, nothing more than that.
  void Admit(absl::string_view frame, Done done);

 private:
  struct Checked;

  [[nodiscard]] absl::StatusOr<Checked> Check(absl::string_view frame) const;
  absl::StatusOr<SignedReceipt> ReceiptFor(
      const absl::StatusOr<storage::Acceptance>& acceptance,
      const SignedReceipt& receipt);
  absl::Status StoreFailed(const absl::Status& failure);

  const RoundBoard& board_;
  const crypto::SigningKey receipt_key_;
  Clock& clock_;
  Log& log_;
  const std::function<void()> on_full_;
  // So that a full disk is one line in the log, not one per call.
  std::atomic<bool> store_failing_{false};
};

}  // namespace commonwage::server::collector

#endif  // COMMONWAGE_SERVER_COLLECTOR_ADMISSION_H_
