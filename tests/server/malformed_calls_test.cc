// SPDX-License-Identifier: Apache-2.0
// Promise 8 on the wire: every call of every program answers bytes that are no
// message with one plain sentence, its reason and a canonical code.

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "commonwage/v1/issuer_service.pb.h"
#include "commonwage/v1/round_service.pb.h"
#include "commonwage/v1/statistics_service.pb.h"
#include "commonwage/v1/submission_service.pb.h"
#include "server/rpc/wire_message.h"
#include "tests/testing/embedded_service.h"
#include "tests/testing/sample_plan.h"

#include <google/protobuf/descriptor.h>

namespace commonwage::server {
namespace {

using ::testing::HasSubstr;

// Returns the paths of all calls of the service of the file that describes
// `Message`.
template <typename Message>
std::vector<std::string> CallsBeside() {
  std::vector<std::string> calls;
  const auto* file = Message::descriptor()->file();
  for (int i = 0; i < file->service_count(); ++i) {
    const auto* service = file->service(i);
    for (int j = 0; j < service->method_count(); ++j) {
      calls.push_back(absl::StrCat("/", service->full_name(), "/",
                                   service->method(j)->name()));
    }
  }
  return calls;
}

grpc::Status Send(const std::string& address, const std::string& call,
                  const std::string& bytes) {
  grpc::GenericStub stub(
      grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::seconds(20));
  const grpc::Slice slice(bytes);
  const grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer response;
  std::promise<grpc::Status> promise;
  stub.UnaryCall(
      &context, call, {}, &request, &response,
      [&promise](grpc::Status status) { promise.set_value(status); });
  return promise.get_future().get();
}

void ExpectRefused(const std::string& address,
                   const std::vector<std::string>& calls) {
  for (const std::string& call : calls) {
    for (const char* bytes : {"\xff\xff\xff", "\x0a\x7fsecret"}) {
      const grpc::Status status = Send(address, call, bytes);
      EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT)
          << call << ": " << status.error_message();
      EXPECT_TRUE(absl::EndsWith(status.error_message(), ".")) << call;
      EXPECT_THAT(status.error_details(), HasSubstr("REQUEST_MALFORMED"));
      EXPECT_FALSE(absl::StrContains(
          status.error_message() + status.error_details(), "secret"));
    }
  }
}

// A request that is longer than any may be has a reason too, as long as gRPC
// reads it.
void ExpectTooLarge(const std::string& address,
                    const std::vector<std::string>& calls) {
  for (const std::string& call : calls) {
    for (const size_t size : {kMaxRequestBytes + 1, kMaxReadBytes}) {
      const grpc::Status status = Send(address, call, std::string(size, 'x'));
      EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED)
          << call << ": " << status.error_message();
      EXPECT_THAT(status.error_details(), HasSubstr("REQUEST_TOO_LARGE"));
    }
    EXPECT_EQ(
        Send(address, call, std::string(kMaxReadBytes + 1, 'x')).error_code(),
        grpc::StatusCode::RESOURCE_EXHAUSTED);
  }
}

TEST(MalformedCallsTest, EveryCallSaysWhatIsWrong) {
  testing::EmbeddedService service(COMMONWAGE_BIN_DIR);
  service.CreateRound(
      {.plan_json = testing::SamplePlanJson(), .with_credentials = true});
  service.StartServer();
  service.MakeMembers(1);
  std::vector<std::string> calls = CallsBeside<v1::SubmitRequest>();
  for (const auto& more : {CallsBeside<v1::GetRoundRequest>(),
                           CallsBeside<v1::SummarizeRequest>()}) {
    calls.insert(calls.end(), more.begin(), more.end());
  }
  EXPECT_GE(calls.size(), 8U);
  ExpectRefused(service.server(), calls);
  ExpectTooLarge(service.server(), calls);
  ExpectRefused(service.issuer(), CallsBeside<v1::IssueCredentialRequest>());
  ExpectTooLarge(service.issuer(), CallsBeside<v1::IssueCredentialRequest>());
  // Both serve on.
  EXPECT_EQ(service.Client({"rounds", "--server", service.server()}).exit_code,
            0);
}

}  // namespace
}  // namespace commonwage::server
