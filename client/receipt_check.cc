// SPDX-License-Identifier: Apache-2.0
#include "client/receipt_check.h"

#include <string>

#include "google/protobuf/util/json_util.h"

#include "base/check.h"
#include "base/error.h"
#include "base/json_bounds.h"
#include "base/status_macros.h"
#include "base/typed_text.h"
#include "client/submission.h"
#include "survey/domain_labels.h"
#include "survey/frame.h"
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

absl::Status Refused() {
  return Refusal(Reason::kReceiptRefused,
                 "The receipt is not valid for what was sent. What was sent "
                 "is kept; try again later, and tell the union if it stays.");
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

  const bool fits = receipt.manifest_hash() == expected.manifest_hash.view() &&
                    receipt.frame_digest() == expected.frame_digest.view() &&
                    receipt.sequence() == expected.sequence &&
                    receipt.status() == WireStatus(expected.status);
  return fits ? CheckReceiptSignature(receipt, receipt_key) : Refused();
}

absl::Status CheckReceiptSignature(const v1::Receipt& receipt,
                                   const crypto::VerifyKey& receipt_key) {
  const auto manifest_hash = ManifestHash::From(receipt.manifest_hash());
  const auto frame_digest = FrameDigest::From(receipt.frame_digest());
  const auto signature = crypto::Signature::From(receipt.signature());
  const bool known = receipt.status() == v1::RECEIPT_STATUS_STORED ||
                     receipt.status() == v1::RECEIPT_STATUS_WITHDRAWN;
  if (!known || !manifest_hash.has_value() || !frame_digest.has_value() ||
      !signature.has_value()) {
    return Refused();
  }
  const Receipt body = {*manifest_hash, *frame_digest, receipt.sequence(),
                        receipt.status() == v1::RECEIPT_STATUS_STORED
                            ? ReceiptStatus::kStored
                            : ReceiptStatus::kWithdrawn};
  return crypto::Verify(receipt_key, kReceiptSignatureLabel,
                        ReceiptSignedBytes(body), *signature)
             ? absl::OkStatus()
             : Refused();
}

std::string WriteReceiptFile(const v1::Receipt& receipt,
                             const crypto::VerifyKey& receipt_key) {
  v1::ReceiptFile file;
  *file.mutable_receipt() = receipt;
  file.set_receipt_verify_key(std::string(receipt_key.view()));
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string text;
  COMMONWAGE_CHECK(
      google::protobuf::util::MessageToJsonString(file, &text, options).ok());
  return text;
}

absl::StatusOr<v1::ReceiptFile> ReadReceiptFile(const std::string& text) {
  v1::ReceiptFile file;
  // Without what an editor or a mail program put around it.
  const std::string json(TrimTyped(text));
  const bool read =
      !FindBeyondJsonBounds(json).has_value() &&
      google::protobuf::util::JsonStringToMessage(json, &file).ok();
  const auto key = crypto::VerifyKey::From(file.receipt_verify_key());
  if (!read || !key.has_value()) {
    return Refusal(Reason::kReceiptFileMalformed,
                   "This is not a receipt file, or not all of it; `commonwage "
                   "receipt --out` writes them.");
  }
  if (!CheckReceiptSignature(file.receipt(), *key).ok()) {
    return Refusal(Reason::kReceiptRefused,
                   "The receipt is not valid: its signature does not hold. It "
                   "was changed, or the operator never gave it.");
  }
  return file;
}

}  // namespace commonwage::client
