// SPDX-License-Identifier: Apache-2.0
#include "server/collector/submission_service.h"

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <grpcpp/grpcpp.h>

#include "commonwage/v1/submission_service.grpc.pb.h"
#include "server/rpc/grpc_status.h"
#include "server/rpc/wire_message.h"

namespace commonwage::server::collector {
namespace {

// A receipt's statuses have the same numbers here and there.
static_assert(static_cast<int>(ReceiptStatus::kStored) ==
              v1::RECEIPT_STATUS_STORED);
static_assert(static_cast<int>(ReceiptStatus::kWithdrawn) ==
              v1::RECEIPT_STATUS_WITHDRAWN);

void ToProto(const SignedReceipt& from, v1::Receipt& to) {
  to.set_manifest_hash(std::string(from.receipt.manifest_hash.view()));
  to.set_frame_digest(std::string(from.receipt.frame_digest.view()));
  to.set_sequence(from.receipt.sequence);
  to.set_status(static_cast<v1::ReceiptStatus>(from.receipt.status));
  to.set_signature(std::string(from.signature.view()));
}

using RawService = v1::SubmissionService::WithRawCallbackMethod_Submit<
    v1::SubmissionService::Service>;

class SubmissionService final : public RawService {
 public:
  explicit SubmissionService(FrameAdmission& admission)
      : admission_(admission) {}

 private:
  grpc::ServerUnaryReactor* Submit(grpc::CallbackServerContext* context,
                                   const grpc::ByteBuffer* request,
                                   grpc::ByteBuffer* response) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    v1::SubmitRequest message;
    if (const absl::Status read = ReadMessage(*request, message); !read.ok()) {
      reactor->Finish(ToGrpcStatus(read));
      return reactor;
    }
    admission_.Admit(
        message.frame(),
        [reactor, response](const absl::StatusOr<SignedReceipt>& receipt) {
          if (receipt.ok()) {
            v1::SubmitResponse answer;
            ToProto(*receipt, *answer.mutable_receipt());
            WriteMessage(answer, *response);
          }
          reactor->Finish(ToGrpcStatus(receipt.status()));
        });
    return reactor;
  }

  FrameAdmission& admission_;
};

}  // namespace

ServedService MakeSubmissionService(FrameAdmission& admission) {
  return {v1::SubmissionService::service_full_name(),
          std::make_unique<SubmissionService>(admission)};
}

}  // namespace commonwage::server::collector
