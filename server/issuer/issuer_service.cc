// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/issuer_service.h"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include "base/error.h"
#include "commonwage/v1/issuer_service.grpc.pb.h"
#include "commonwage/v1/issuer_service.pb.h"
#include "server/grpc_server.h"
#include "server/grpc_status.h"
#include "server/issuer/issuer.h"
#include "server/work_queue.h"

namespace commonwage::server::issuer {
namespace {

constexpr absl::string_view kRoundPrefix = "rounds/";

// Many more than cores: those that wait for the disk share one sync.
constexpr size_t kThreads = 32;
constexpr size_t kMaxWaiting = 1024;

class IssuerService final : public v1::IssuerService::CallbackService {
 public:
  explicit IssuerService(Issuer& issuer) : issuer_(issuer) {}

  grpc::ServerUnaryReactor* IssueCredential(
      grpc::CallbackServerContext* context,
      const v1::IssueCredentialRequest* request,
      v1::IssueCredentialResponse* response) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const bool taken = queue_.TryPush(
        [this, reactor, request, response, peer = context->peer()] {
          reactor->Finish(ToGrpcStatus(Issue(*request, peer, *response)));
        });
    if (!taken) {
      reactor->Finish(ToGrpcStatus(
          Refusal(absl::StatusCode::kUnavailable, "TOO_BUSY",
                  "Very many members ask just now. Please try again in a "
                  "minute; nothing was used up.")));
    }
    return reactor;
  }

 private:
  absl::Status Issue(const v1::IssueCredentialRequest& request,
                     const std::string& connection,
                     v1::IssueCredentialResponse& response) {
    if (!absl::StartsWith(request.round(), kRoundPrefix)) {
      return Refusal(absl::StatusCode::kInvalidArgument, "REQUEST_MALFORMED",
                     "A round is named \"rounds/<survey>.<round>\".");
    }
    absl::StatusOr<std::string> signature = issuer_.IssueCredential(
        {request.enrolment_code(),
         {request.round().substr(kRoundPrefix.size()),
          request.issuer_key_digest(), request.blinded_message(),
          request.checksum()}},
        connection);
    if (signature.ok()) {
      response.set_blind_signature(*std::move(signature));
    }
    return signature.status();
  }

  Issuer& issuer_;
  // Last: its tasks use the issuer.
  WorkQueue queue_{kThreads, kMaxWaiting};
};

}  // namespace

ServedService MakeIssuerService(Issuer& issuer) {
  return ServedService("commonwage.v1.IssuerService",
                       std::make_unique<IssuerService>(issuer));
}

}  // namespace commonwage::server::issuer
