// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/grpc_status.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include <gmock/gmock.h>
#include <grpcpp/support/status.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace commonwage::server {
namespace {

google::rpc::Status EnvelopeOf(const grpc::Status& status) {
  google::rpc::Status envelope;
  EXPECT_TRUE(envelope.ParseFromString(status.error_details()));
  return envelope;
}

template <typename Detail>
std::vector<Detail> DetailsOf(const grpc::Status& status) {
  std::vector<Detail> details;
  const google::rpc::Status envelope = EnvelopeOf(status);
  for (const google::protobuf::Any& any : envelope.details()) {
    Detail detail;
    if (any.UnpackTo(&detail)) {
      details.push_back(detail);
    }
  }
  return details;
}

TEST(GrpcStatusTest, IsPlainlyOkWhenNothingFailed) {
  const grpc::Status status = ToGrpcStatus(absl::OkStatus());
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(status.error_details(), "");
}

TEST(GrpcStatusTest, CarriesCodeSentenceAndOneReason) {
  const grpc::Status status =
      ToGrpcStatus(Refusal(Reason::kRoundClosed, "It has closed."));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(status.error_message(), "It has closed.");

  const google::rpc::Status envelope = EnvelopeOf(status);
  EXPECT_EQ(envelope.code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(envelope.message(), "It has closed.");
  EXPECT_EQ(envelope.details_size(), 1);
  const auto infos = DetailsOf<google::rpc::ErrorInfo>(status);
  ASSERT_EQ(infos.size(), 1U);
  EXPECT_EQ(infos[0].reason(), "ROUND_CLOSED");
  EXPECT_EQ(infos[0].domain(), "commonwage");
  EXPECT_TRUE(infos[0].metadata().empty());
}

TEST(GrpcStatusTest, KeepsEveryCanonicalCode) {
  for (int code = 1; code <= 16; ++code) {
    const grpc::Status status =
        ToGrpcStatus(absl::Status(static_cast<absl::StatusCode>(code), "text"));
    EXPECT_EQ(static_cast<int>(status.error_code()), code);
    const auto infos = DetailsOf<google::rpc::ErrorInfo>(status);
    ASSERT_EQ(infos.size(), 1U);
    EXPECT_EQ(infos[0].reason(),
              absl::StatusCodeToString(static_cast<absl::StatusCode>(code)));
  }
}

TEST(GrpcStatusTest, NamesTheFieldsAtFault) {
  const grpc::Status status = ToGrpcStatus(
      RefusalOfFields(Reason::kRequestFaulty, "See the fields.",
                      {{"by[0]", "Unknown."}, {"where[1].values", "Empty."}}));
  const auto requests = DetailsOf<google::rpc::BadRequest>(status);
  ASSERT_EQ(requests.size(), 1U);
  ASSERT_EQ(requests[0].field_violations_size(), 2);
  EXPECT_EQ(requests[0].field_violations(0).field(), "by[0]");
  EXPECT_EQ(requests[0].field_violations(0).description(), "Unknown.");
  EXPECT_EQ(requests[0].field_violations(1).field(), "where[1].values");
  EXPECT_EQ(DetailsOf<google::rpc::ErrorInfo>(status).size(), 1U);
}

TEST(GrpcStatusTest, KeepsWhatWasWrittenForUsToItself) {
  for (const absl::StatusCode code :
       {absl::StatusCode::kInternal, absl::StatusCode::kUnknown}) {
    const grpc::Status status = ToGrpcStatus(RefusalOfPeer(
        code, "SECRET_REASON", "the secret text", {{"secret", "secret"}}));
    EXPECT_EQ(static_cast<int>(status.error_code()), static_cast<int>(code));
    EXPECT_THAT(status.error_message(),
                testing::Not(testing::HasSubstr("ecret")));
    EXPECT_THAT(status.error_details(),
                testing::Not(testing::HasSubstr("ecret")));
    EXPECT_THAT(status.error_details(),
                testing::Not(testing::HasSubstr("SECRET")));
  }
}

TEST(GrpcStatusTest, FitsIntoATrailerHoweverManyFaultsThereAre) {
  const std::vector<Fault> faults(10'000, {"a.place", "And what is wrong."});
  const grpc::Status status = ToGrpcStatus(
      RefusalOfFields(Reason::kRequestFaulty, "See the fields.", faults));
  EXPECT_LT(status.error_details().size(), 5'500U);
  EXPECT_GT(
      DetailsOf<google::rpc::BadRequest>(status)[0].field_violations_size(),
      50);
}

}  // namespace
}  // namespace commonwage::server
