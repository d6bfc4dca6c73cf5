// SPDX-License-Identifier: Apache-2.0
#include "client/receipt_check.h"

#include <optional>

#include "base/error.h"
#include "base/status_macros.h"
#include "client/submission.h"
#include "survey/frame.h"
#include "survey/labels.h"
#include "survey/receipt.h"

namespace commonwage::client {
namespace {

ReceiptStatus StatusAfter(Operation operation) {
  return operation == Operation::kWithdraw ? ReceiptStatus::kWithdrawn
                                           : ReceiptStatus::kStored;
}

v1::ReceiptStatus WireStatus(ReceiptStatus status) {
  return status == ReceiptStatus::kWithdrawn ? v1::RECEIPT_STATUS_WITHDRAWN
                                             : v1::RECEIPT_STATUS_STORED;
}

}  // namespace

absl::Status CheckReceipt(const v1::Receipt& receipt, absl::string_view frame,
                          const crypto::VerifyKey& receipt_key) {
  COMMONWAGE_ASSIGN_OR_RETURN(const FrameView view, FrameView::Parse(frame));
  Receipt expected;
  expected.manifest_hash = view.header().manifest_hash;
  expected.frame_digest = *FrameDigest::From(DigestOfFrame(frame).view());
  expected.sequence = view.header().sequence;
  expected.status = StatusAfter(view.header().operation);

  const auto signature = crypto::Signature::From(receipt.signature());
  const bool fits = receipt.manifest_hash() == expected.manifest_hash.view() &&
                    receipt.frame_digest() == expected.frame_digest.view() &&
                    receipt.sequence() == expected.sequence &&
                    receipt.status() == WireStatus(expected.status);
  if (!fits || !signature.has_value() ||
      !crypto::Verify(receipt_key, kReceiptSignatureLabel,
                      ReceiptSignedBytes(expected), *signature)) {
    return Refusal(absl::StatusCode::kFailedPrecondition, "RECEIPT_REFUSED",
                   "The receipt is not valid for what was sent. What was sent "
                   "is kept; try again later, and tell the union if it stays.");
  }
  return absl::OkStatus();
}

}  // namespace commonwage::client
