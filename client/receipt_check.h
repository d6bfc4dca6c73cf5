// SPDX-License-Identifier: Apache-2.0
// Whether a receipt is the operator's word on one frame. Needs no server.

#ifndef COMMONWAGE_CLIENT_RECEIPT_CHECK_H_
#define COMMONWAGE_CLIENT_RECEIPT_CHECK_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "commonwage/v1/command_output.pb.h"
#include "commonwage/v1/submission_service.pb.h"
#include "crypto/signature.h"

namespace commonwage::client {

// Checks that `receipt` says of `frame`, which has the form of one, that it did
// what it was to do, and that the holder of `receipt_key` signed that.
//
// Fails with FAILED_PRECONDITION (RECEIPT_REFUSED).
absl::Status CheckReceipt(const v1::Receipt& receipt, absl::string_view frame,
                          const crypto::VerifyKey& receipt_key);

// Checks the signature alone, for who has no frame.
// Fails as CheckReceipt.
absl::Status CheckReceiptSignature(const v1::Receipt& receipt,
                                   const crypto::VerifyKey& receipt_key);

// Returns a receipt as a file for anybody to check, JSON of a
// commonwage.v1.ReceiptFile.
std::string WriteReceiptFile(const v1::Receipt& receipt,
                             const crypto::VerifyKey& receipt_key);

// Reads such a file; the signature in it holds under the key in it. Whose key
// that is, is for who knows the operator's fingerprint.
//
// Fails with INVALID_ARGUMENT (RECEIPT_FILE_MALFORMED), and as CheckReceipt.
absl::StatusOr<v1::ReceiptFile> ReadReceiptFile(const std::string& text);

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_RECEIPT_CHECK_H_
