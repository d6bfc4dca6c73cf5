// SPDX-License-Identifier: Apache-2.0
// Whether a receipt is the operator's word on one frame. Needs no server.

#ifndef COMMONWAGE_CLIENT_RECEIPT_CHECK_H_
#define COMMONWAGE_CLIENT_RECEIPT_CHECK_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "commonwage/v1/submission_service.pb.h"
#include "crypto/signature.h"

namespace commonwage::client {

// Checks that `receipt` says of `frame`, which has the form of one, that it did
// what it was to do, and that the holder of `receipt_key` signed that.
//
// Fails with FAILED_PRECONDITION (RECEIPT_REFUSED).
absl::Status CheckReceipt(const v1::Receipt& receipt, absl::string_view frame,
                          const crypto::VerifyKey& receipt_key);

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_RECEIPT_CHECK_H_
