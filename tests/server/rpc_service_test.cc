// SPDX-License-Identifier: Apache-2.0
// Services that are put together call by call, over a real port.

#include "server/rpc/rpc_service.h"

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "commonwage/v1/round_service.grpc.pb.h"
#include "commonwage/v1/statistics_service.grpc.pb.h"

namespace commonwage::server {
namespace {

constexpr char kRounds[] = "commonwage.v1.RoundService";

// A core that knows nothing of gRPC.
struct Core {
  absl::StatusOr<v1::ListRoundsResponse> ListRounds(
      const v1::ListRoundsRequest& request) {
    v1::ListRoundsResponse response;
    response.set_next_page_token(absl::StrCat(request.page_token(), "!"));
    return response;
  }
  absl::StatusOr<v1::GetRoundResponse> GetRound(
      const v1::GetRoundRequest& /*request*/) {
    return Refusal(Reason::kUnknownRound, "None.");
  }
};

class RpcServiceTest : public ::testing::Test {
 protected:
  std::shared_ptr<grpc::Channel> Serve(ServedService service) {
    std::vector<ServedService> services;
    services.push_back(std::move(service));
    server_ = GrpcServer::Start({"127.0.0.1", 0}, std::move(services)).value();
    return grpc::CreateChannel(ToString(server_->address()),
                               grpc::InsecureChannelCredentials());
  }

  Core core_;
  std::unique_ptr<GrpcServer> server_;
  grpc::ClientContext context_;
  grpc::ClientContext again_;
};

TEST_F(RpcServiceTest, GivesWhatTheCoreReturns) {
  RpcService service(kRounds);
  service.Add("ListRounds", core_, &Core::ListRounds);
  service.Add("GetRound", core_, &Core::GetRound);
  v1::RoundService::Stub stub(Serve(std::move(service).Finish()));

  v1::ListRoundsRequest request;
  request.set_page_token("next");
  v1::ListRoundsResponse response;
  ASSERT_TRUE(stub.ListRounds(&context_, request, &response).ok());
  EXPECT_EQ(response.next_page_token(), "next!");

  v1::GetRoundResponse round;
  const grpc::Status refused = stub.GetRound(&again_, {}, &round);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(refused.error_message(), "None.");
  EXPECT_NE(refused.error_details().find("UNKNOWN_ROUND"), std::string::npos);
}

TEST_F(RpcServiceTest, WaitsForACoreThatAnswersLaterOnAnotherThread) {
  std::thread later;
  std::string connection;
  RpcService service(kRounds);
  service.AddLater<v1::ListRoundsRequest, v1::ListRoundsResponse>(
      "ListRounds",
      [&](const v1::ListRoundsRequest& request, const Caller& caller,
          const RpcService::Done<v1::ListRoundsResponse>& done) {
        connection = caller.Connection();
        later = std::thread(
            [this, request, done] { done(core_.ListRounds(request)); });
      });
  service.Add("GetRound", core_, &Core::GetRound);
  v1::RoundService::Stub stub(Serve(std::move(service).Finish()));
  v1::ListRoundsResponse response;
  EXPECT_TRUE(stub.ListRounds(&context_, {}, &response).ok());
  EXPECT_EQ(response.next_page_token(), "!");
  EXPECT_EQ(connection.rfind("ipv4:127.0.0.1:", 0), 0U);
  later.join();
}

TEST_F(RpcServiceTest, StreamsALongReplyInPieces) {
  const std::string artefact(100'000, 'a');
  const auto echo = [](std::string request, const Caller& /*caller*/,
                       const RpcService::Done<SharedBytes>& done) {
    done(std::make_shared<const std::string>(std::move(request)));
  };
  RpcService service("commonwage.v1.StatisticsService");
  for (const char* call : {"ListReleases", "Summarize", "Compare", "Trend"}) {
    service.AddBytes(call, echo);
  }
  service.AddStream(
      "DownloadRelease",
      [&artefact](const std::string& /*request*/, const Caller& /*caller*/,
                  const RpcService::Done<SharedBytes>& done) {
        done(std::make_shared<const std::string>(artefact));
      },
      [](absl::string_view piece) {
        v1::DownloadReleaseResponse message;
        message.set_chunk(piece.data(), piece.size());
        return BytesOf(message);
      });
  v1::StatisticsService::Stub stub(Serve(std::move(service).Finish()));
  const auto reader = stub.DownloadRelease(&context_, {});
  std::string got;
  size_t pieces = 0;
  for (v1::DownloadReleaseResponse piece; reader->Read(&piece); ++pieces) {
    got += piece.chunk();
  }
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(got, artefact);
  EXPECT_EQ(pieces, 4U);

  // Bytes in, bytes out.
  v1::TrendRequest request;
  v1::TrendResponse response;
  EXPECT_TRUE(stub.Trend(&again_, request, &response).ok());
}

TEST_F(RpcServiceTest, RefusesARequestThatIsTooLongBeforeTheCoreSeesIt) {
  RpcService service(kRounds);
  service.Add("ListRounds", core_, &Core::ListRounds);
  service.Add("GetRound", core_, &Core::GetRound);
  v1::RoundService::Stub stub(Serve(std::move(service).Finish()));
  v1::ListRoundsRequest request;
  request.set_page_token(std::string(kMaxRequestBytes, 'x'));
  v1::ListRoundsResponse response;
  EXPECT_EQ(stub.ListRounds(&context_, request, &response).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
}

using RpcServiceDeathTest = RpcServiceTest;

TEST_F(RpcServiceDeathTest, WhatDoesNotFitTheProtoDoesNotStart) {
  EXPECT_DEATH(RpcService("commonwage.v1.NoService"), "");
  RpcService service(kRounds);
  service.Add("GetRound", core_, &Core::GetRound);
  EXPECT_DEATH(service.Add("GetRound", core_, &Core::GetRound), "");
  EXPECT_DEATH(service.Add("ListRounds", core_, &Core::GetRound), "");
  EXPECT_DEATH(service.Add("NoCall", core_, &Core::GetRound), "");
  EXPECT_DEATH(std::move(service).Finish(), "");
}

}  // namespace
}  // namespace commonwage::server
