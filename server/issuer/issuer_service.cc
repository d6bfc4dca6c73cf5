// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/issuer_service.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include "base/error.h"
#include "commonwage/v1/issuer_service.grpc.pb.h"
#include "commonwage/v1/issuer_service.pb.h"
#include "server/issuer/issuer.h"
#include "server/rpc/grpc_server.h"
#include "server/rpc/grpc_status.h"
#include "server/rpc/wire_message.h"
#include "server/work_queue.h"

namespace commonwage::server::issuer {
namespace {

constexpr absl::string_view kRoundPrefix = "rounds/";

// They sign, which is long, and wait for nothing: as many as there are cores.
size_t ThreadCount() {
  return std::max<size_t>(2, std::thread::hardware_concurrency());
}
constexpr size_t kMaxWaiting = 1024;

// Returns nullopt if the round is not named as it has to be.
std::optional<CredentialRequest> RequestOf(
    const v1::IssueCredentialRequest& request) {
  absl::string_view round = request.round();
  if (!absl::ConsumePrefix(&round, kRoundPrefix)) {
    return std::nullopt;
  }
  return CredentialRequest{request.enrolment_code(),
                           {std::string(round), request.issuer_key_digest(),
                            request.blinded_message(), request.checksum()}};
}

using RawService = v1::IssuerService::WithRawCallbackMethod_IssueCredential<
    v1::IssuerService::Service>;

class IssuerService final : public RawService {
 public:
  explicit IssuerService(Issuer& issuer) : issuer_(issuer) {}

  grpc::ServerUnaryReactor* IssueCredential(
      grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    v1::IssueCredentialRequest message;
    if (const absl::Status read = ReadMessage(*request, message); !read.ok()) {
      reactor->Finish(ToGrpcStatus(read));
      return reactor;
    }
    std::optional<CredentialRequest> asked = RequestOf(message);
    if (!asked.has_value()) {
      reactor->Finish(ToGrpcStatus(
          Refusal(absl::StatusCode::kInvalidArgument, "REQUEST_MALFORMED",
                  "A round is named \"rounds/<survey>.<round>\".")));
      return reactor;
    }
    const bool taken = queue_.TryPush([this, reactor, response,
                                       asked = *std::move(asked),
                                       peer = context->peer()] {
      issuer_.Issue(asked, peer,
                    [reactor, response](absl::StatusOr<std::string> signature) {
                      if (signature.ok()) {
                        v1::IssueCredentialResponse answer;
                        answer.set_blind_signature(*std::move(signature));
                        WriteMessage(answer, *response);
                      }
                      reactor->Finish(ToGrpcStatus(signature.status()));
                    });
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
  Issuer& issuer_;
  // Last: its tasks use the issuer.
  WorkQueue queue_{ThreadCount(), kMaxWaiting};
};

}  // namespace

ServedService MakeIssuerService(Issuer& issuer) {
  return ServedService("commonwage.v1.IssuerService",
                       std::make_unique<IssuerService>(issuer));
}

}  // namespace commonwage::server::issuer
