// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/grpc_server.h"

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <grpc/health/v1/health.grpc.pb.h>
#include <grpc/reflection/v1/reflection.grpc.pb.h>
#include <grpc/reflection/v1alpha/reflection.grpc.pb.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "commonwage/v1/round_service.grpc.pb.h"
#include "tests/testing/status_matchers.h"

#include <google/protobuf/descriptor.pb.h>

namespace commonwage::server {
namespace {

using grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;
using ::testing::Contains;
using testing::HasReason;
using testing::StatusIs;
using ::testing::UnorderedElementsAre;

// Answers every call with nothing.
class EmptyRounds final : public v1::RoundService::CallbackService {
  grpc::ServerUnaryReactor* ListRounds(
      grpc::CallbackServerContext* context,
      const v1::ListRoundsRequest* /*request*/,
      v1::ListRoundsResponse* /*response*/) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

// Answers a call when the test says so.
class SlowRounds final : public v1::RoundService::CallbackService {
 public:
  grpc::ServerUnaryReactor* ListRounds(
      grpc::CallbackServerContext* context,
      const v1::ListRoundsRequest* /*request*/,
      v1::ListRoundsResponse* /*response*/) override {
    reactor_ = context->DefaultReactor();
    called.Notify();
    return reactor_;
  }

  void Answer() { reactor_->Finish(grpc::Status::OK); }

  absl::Notification called;

 private:
  grpc::ServerUnaryReactor* reactor_ = nullptr;
};

absl::StatusOr<std::unique_ptr<GrpcServer>> StartOn(uint16_t port) {
  std::vector<ServedService> services;
  services.emplace_back("commonwage.v1.RoundService",
                        std::make_unique<EmptyRounds>());
  return GrpcServer::Start({"127.0.0.1", port}, std::move(services));
}

class GrpcServerTest : public ::testing::Test {
 protected:
  HealthCheckResponse::ServingStatus HealthOf(const std::string& service) {
    grpc::ClientContext context;
    HealthCheckRequest request;
    request.set_service(service);
    HealthCheckResponse response;
    const grpc::Status status =
        Health::NewStub(channel_)->Check(&context, request, &response);
    return status.ok() ? response.status()
                       : HealthCheckResponse::SERVICE_UNKNOWN;
  }

  // Asks one question of a reflection service.
  template <typename Reflection, typename Request, typename Response>
  Response Reflect(const Request& request) {
    grpc::ClientContext context;
    const auto stub = Reflection::NewStub(channel_);
    const auto stream = stub->ServerReflectionInfo(&context);
    EXPECT_TRUE(stream->Write(request));
    Response response;
    EXPECT_TRUE(stream->Read(&response));
    EXPECT_TRUE(stream->WritesDone());
    EXPECT_TRUE(stream->Finish().ok());
    return response;
  }

  template <typename Reflection, typename Request, typename Response>
  std::vector<std::string> ListedServices() {
    Request request;
    request.set_list_services("");
    const auto response = Reflect<Reflection, Request, Response>(request);
    std::vector<std::string> names;
    for (const auto& service : response.list_services_response().service()) {
      names.push_back(service.name());
    }
    return names;
  }

  std::unique_ptr<GrpcServer> server_ = StartOn(0).value();
  std::shared_ptr<grpc::Channel> channel_ = grpc::CreateChannel(
      ToString(server_->address()), grpc::InsecureChannelCredentials());
};

TEST_F(GrpcServerTest, TellsThePortThatTheSystemChose) {
  EXPECT_NE(server_->address().port, 0);
  EXPECT_EQ(HealthOf(""), HealthCheckResponse::SERVING);
}

TEST_F(GrpcServerTest, ReportsTheHealthOfEachService) {
  EXPECT_EQ(HealthOf("commonwage.v1.RoundService"),
            HealthCheckResponse::SERVING);
  EXPECT_EQ(HealthOf("no.such.Service"), HealthCheckResponse::SERVICE_UNKNOWN);
}

TEST_F(GrpcServerTest, ReportsThatAServiceDoesNotServeJustNow) {
  const std::string service = "commonwage.v1.RoundService";
  server_->ReportServing(service, false);
  EXPECT_EQ(HealthOf(service), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(HealthOf(""), HealthCheckResponse::SERVING);
  server_->ReportServing(service, true);
  EXPECT_EQ(HealthOf(service), HealthCheckResponse::SERVING);
}

TEST_F(GrpcServerTest, ListsItsServicesInBothVersionsOfReflection) {
  const auto everything = UnorderedElementsAre(
      "commonwage.v1.RoundService", "grpc.health.v1.Health",
      "grpc.reflection.v1.ServerReflection",
      "grpc.reflection.v1alpha.ServerReflection");
  namespace v1r = grpc::reflection::v1;
  namespace v1alpha = grpc::reflection::v1alpha;
  EXPECT_THAT(
      (ListedServices<v1r::ServerReflection, v1r::ServerReflectionRequest,
                      v1r::ServerReflectionResponse>()),
      everything);
  EXPECT_THAT((ListedServices<v1alpha::ServerReflection,
                              v1alpha::ServerReflectionRequest,
                              v1alpha::ServerReflectionResponse>()),
              everything);
}

TEST_F(GrpcServerTest, DescribesEveryServiceItListsWithAllThatItNeeds) {
  namespace v1r = grpc::reflection::v1;
  for (const char* symbol :
       {"commonwage.v1.RoundService", "grpc.health.v1.Health",
        "grpc.reflection.v1.ServerReflection",
        "commonwage.v1.RoundService.GetRound"}) {
    v1r::ServerReflectionRequest request;
    request.set_file_containing_symbol(symbol);
    const auto response =
        Reflect<v1r::ServerReflection, v1r::ServerReflectionRequest,
                v1r::ServerReflectionResponse>(request);
    EXPECT_GT(response.file_descriptor_response().file_descriptor_proto_size(),
              0)
        << symbol;
  }
  v1r::ServerReflectionRequest request;
  request.set_file_by_filename("commonwage/v1/round_service.proto");
  const auto response =
      Reflect<v1r::ServerReflection, v1r::ServerReflectionRequest,
              v1r::ServerReflectionResponse>(request);
  std::vector<std::string> files;
  for (const std::string& bytes :
       response.file_descriptor_response().file_descriptor_proto()) {
    google::protobuf::FileDescriptorProto file;
    ASSERT_TRUE(file.ParseFromString(bytes));
    files.push_back(file.name());
  }
  EXPECT_THAT(files, UnorderedElementsAre("commonwage/v1/round_service.proto",
                                          "commonwage/v1/round.proto",
                                          "google/api/field_behavior.proto",
                                          "google/protobuf/descriptor.proto",
                                          "google/protobuf/timestamp.proto"));

  request.set_file_containing_symbol("no.such.Thing");
  EXPECT_EQ((Reflect<v1r::ServerReflection, v1r::ServerReflectionRequest,
                     v1r::ServerReflectionResponse>(request)
                 .error_response()
                 .error_code()),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(GrpcServerTest, RefusesAPortThatIsTaken) {
  const auto second = StartOn(server_->address().port);
  EXPECT_THAT(second, HasReason(Reason::kPortInUse));
  EXPECT_THAT(second, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(HealthOf(""), HealthCheckResponse::SERVING);
}

TEST_F(GrpcServerTest, LeavesItsPortToTheNextOne) {
  const uint16_t port = server_->address().port;
  EXPECT_EQ(HealthOf(""), HealthCheckResponse::SERVING);
  server_.reset();
  EXPECT_OK(StartOn(port));
}

TEST_F(GrpcServerTest, TakesNoCallsOnceItIsDrained) {
  server_->Drain(absl::Seconds(5));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::seconds(10));
  v1::ListRoundsResponse response;
  EXPECT_FALSE(v1::RoundService::NewStub(channel_)
                   ->ListRounds(&context, {}, &response)
                   .ok());
}

// A server with one call under way, which `Call` makes.
class DrainTest : public ::testing::Test {
 protected:
  DrainTest() {
    auto service = std::make_unique<SlowRounds>();
    rounds_ = service.get();
    std::vector<ServedService> services;
    services.emplace_back("commonwage.v1.RoundService", std::move(service));
    server_ = GrpcServer::Start({"127.0.0.1", 0}, std::move(services)).value();
    call_ = std::async(std::launch::async, [this] {
      grpc::ClientContext context;
      v1::ListRoundsResponse response;
      return v1::RoundService::NewStub(
                 grpc::CreateChannel(ToString(server_->address()),
                                     grpc::InsecureChannelCredentials()))
          ->ListRounds(&context, {}, &response);
    });
    rounds_->called.WaitForNotification();
  }

  SlowRounds* rounds_ = nullptr;
  std::unique_ptr<GrpcServer> server_;
  std::future<grpc::Status> call_;
};

TEST_F(DrainTest, AnswersWhatIsUnderWay) {
  std::thread later([this] {
    absl::SleepFor(absl::Milliseconds(500));
    rounds_->Answer();
  });
  const absl::Time start = absl::Now();
  server_->Drain(absl::Seconds(30), [] { ADD_FAILURE() << "gave up"; });
  EXPECT_LT(absl::Now() - start, absl::Seconds(20));
  EXPECT_TRUE(call_.get().ok());
  later.join();
}

TEST_F(DrainTest, GivesUpWhatLastsTooLong) {
  const absl::Time start = absl::Now();
  server_->Drain(absl::Milliseconds(200), [this] { rounds_->Answer(); });
  EXPECT_LT(absl::Now() - start, absl::Seconds(20));
  // Its answer, and no cancellation.
  EXPECT_TRUE(call_.get().ok());
}

TEST_F(GrpcServerTest, RefusesMoreMetadataThanItReads) {
  grpc::ClientContext context;
  context.AddMetadata("padding", std::string(20'000, 'x'));
  v1::ListRoundsResponse response;
  EXPECT_EQ(v1::RoundService::NewStub(channel_)
                ->ListRounds(&context, {}, &response)
                .error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
}

}  // namespace
}  // namespace commonwage::server
