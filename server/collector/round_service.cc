// SPDX-License-Identifier: Apache-2.0
#include "server/collector/round_service.h"

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include <grpcpp/grpcpp.h>

#include "commonwage/v1/round_service.grpc.pb.h"
#include "server/rpc/grpc_status.h"
#include "server/rpc/wire_message.h"

namespace commonwage::server::collector {
namespace {

using RawService = v1::RoundService::WithRawCallbackMethod_ListRounds<
    v1::RoundService::WithRawCallbackMethod_GetRound<
        v1::RoundService::Service>>;

class RoundService final : public RawService {
 public:
  explicit RoundService(RoundDirectory& directory) : directory_(directory) {}

 private:
  using Context = grpc::CallbackServerContext;
  using Buffer = grpc::ByteBuffer;

  grpc::ServerUnaryReactor* ListRounds(Context* context, const Buffer* request,
                                       Buffer* response) override {
    return Reply(context, *request, *response, &RoundDirectory::ListRounds);
  }

  grpc::ServerUnaryReactor* GetRound(Context* context, const Buffer* request,
                                     Buffer* response) override {
    return Reply(context, *request, *response, &RoundDirectory::GetRound);
  }

  // Ends a call with what its core answers.
  template <typename Request, typename Response>
  grpc::ServerUnaryReactor* Reply(
      Context* context, const Buffer& request, Buffer& response,
      absl::StatusOr<Response> (RoundDirectory::*ask)(const Request&)) {
    Request message;
    absl::Status status = ReadMessage(request, message);
    if (status.ok()) {
      const absl::StatusOr<Response> answer = (directory_.*ask)(message);
      status = answer.status();
      if (answer.ok()) {
        WriteMessage(*answer, response);
      }
    }
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(ToGrpcStatus(status));
    return reactor;
  }

  RoundDirectory& directory_;
};

}  // namespace

ServedService MakeRoundService(RoundDirectory& directory) {
  return {v1::RoundService::service_full_name(),
          std::make_unique<RoundService>(directory)};
}

}  // namespace commonwage::server::collector
