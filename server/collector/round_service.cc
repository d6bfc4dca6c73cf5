// SPDX-License-Identifier: Apache-2.0
#include "server/collector/round_service.h"

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include <grpcpp/grpcpp.h>

#include "commonwage/v1/round_service.grpc.pb.h"
#include "server/grpc_status.h"

namespace commonwage::server::collector {
namespace {

// Ends a call with what its core answered.
template <typename Response>
grpc::ServerUnaryReactor* Reply(grpc::CallbackServerContext* context,
                                absl::StatusOr<Response> answer,
                                Response* response) {
  if (answer.ok()) {
    *response = *std::move(answer);
  }
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(ToGrpcStatus(answer.status()));
  return reactor;
}

class RoundService final : public v1::RoundService::CallbackService {
 public:
  explicit RoundService(RoundDirectory& directory) : directory_(directory) {}

 private:
  grpc::ServerUnaryReactor* ListRounds(
      grpc::CallbackServerContext* context,
      const v1::ListRoundsRequest* request,
      v1::ListRoundsResponse* response) override {
    return Reply(context, directory_.ListRounds(*request), response);
  }

  grpc::ServerUnaryReactor* GetRound(grpc::CallbackServerContext* context,
                                     const v1::GetRoundRequest* request,
                                     v1::GetRoundResponse* response) override {
    return Reply(context, directory_.GetRound(*request), response);
  }

  RoundDirectory& directory_;
};

}  // namespace

ServedService MakeRoundService(RoundDirectory& directory) {
  return {v1::RoundService::service_full_name(),
          std::make_unique<RoundService>(directory)};
}

}  // namespace commonwage::server::collector
