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
#include "server/grpc_server.h"
#include "server/grpc_status.h"
#include "server/issuer/issuer.h"
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

class IssuerService final : public v1::IssuerService::CallbackService {
 public:
  explicit IssuerService(Issuer& issuer) : issuer_(issuer) {}

  grpc::ServerUnaryReactor* IssueCredential(
      grpc::CallbackServerContext* context,
      const v1::IssueCredentialRequest* request,
      v1::IssueCredentialResponse* response) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    std::optional<CredentialRequest> asked = RequestOf(*request);
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
                        response->set_blind_signature(*std::move(signature));
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
