// SPDX-License-Identifier: Apache-2.0
#include "server/collector/submission_service.h"

#include <string>
#include <utility>

#include "absl/status/statusor.h"

#include "base/status_macros.h"
#include "commonwage/v1/submission_service.pb.h"
#include "server/rpc/rpc_service.h"

namespace commonwage::server::collector {
namespace {

// A receipt's statuses have the same numbers here and there.
static_assert(static_cast<int>(ReceiptStatus::kStored) ==
              v1::RECEIPT_STATUS_STORED);
static_assert(static_cast<int>(ReceiptStatus::kWithdrawn) ==
              v1::RECEIPT_STATUS_WITHDRAWN);

absl::StatusOr<v1::SubmitResponse> ResponseOf(
    const absl::StatusOr<SignedReceipt>& signed_receipt) {
  COMMONWAGE_RETURN_IF_ERROR(signed_receipt.status());
  const Receipt& receipt = signed_receipt->receipt;
  v1::SubmitResponse response;
  v1::Receipt& to = *response.mutable_receipt();
  to.set_manifest_hash(std::string(receipt.manifest_hash.view()));
  to.set_frame_digest(std::string(receipt.frame_digest.view()));
  to.set_sequence(receipt.sequence);
  to.set_status(static_cast<v1::ReceiptStatus>(receipt.status));
  to.set_signature(std::string(signed_receipt->signature.view()));
  return response;
}

}  // namespace

ServedService MakeSubmissionService(FrameAdmission& admission) {
  RpcService service("commonwage.v1.SubmissionService");
  service.AddLater<v1::SubmitRequest, v1::SubmitResponse>(
      "Submit",
      [&admission](const v1::SubmitRequest& request, const Caller& /*caller*/,
                   RpcService::Done<v1::SubmitResponse> done) {
        admission.Admit(request.frame(),
                        [done = std::move(done)](
                            const absl::StatusOr<SignedReceipt>& receipt) {
                          done(ResponseOf(receipt));
                        });
      });
  return std::move(service).Finish();
}

}  // namespace commonwage::server::collector
