// SPDX-License-Identifier: Apache-2.0
#include "client/connection/server_api.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "client/connection/rpc.h"
#include "tests/client/grpc_front.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::client {
namespace {

using ::commonwage::testing::FakeServer;
using ::commonwage::testing::GrpcFront;
using ::commonwage::testing::HasReason;
using ::commonwage::testing::MadeRound;
using ::commonwage::testing::MakeRound;
using ::commonwage::testing::MakeTlsIdentity;
using ::commonwage::testing::StatusIs;
using ::commonwage::testing::TlsIdentity;
using ::testing::HasSubstr;
using ::testing::Not;

class ServerApiTest : public ::testing::Test {
 protected:
  std::unique_ptr<ServerApi> Connect() {
    ConnectOptions options;
    options.server = front_.address();
    options.api_key = "reader";
    return *ConnectToServer(options);
  }

  const MadeRound round_ = MakeRound();
  FakeServer fake_{round_};
  GrpcFront front_{fake_};
};

TEST_F(ServerApiTest, CallsArriveAndAnswersComeBack) {
  const auto server = Connect();
  v1::GetRoundRequest request;
  request.set_name("rounds/couriers.2026-q1");
  const auto response = server->GetRound(request);
  ASSERT_OK(response);
  EXPECT_EQ(response->round().signed_manifest().manifest(),
            round_.manifest_bytes);
  const auto list = server->ListRounds({});
  ASSERT_OK(list);
  EXPECT_EQ(list->rounds_size(), 1);
}

TEST_F(ServerApiTest, ReasonAndFaultyFieldsOfARefusalComeBack) {
  fake_.failure =
      RefusalOfFields(Reason::kRequestFaulty, "Two fields are wrong.",
                      {{"by[0]", "There is no such dimension."},
                       {"measure", "There is no such measure."}});
  const auto refused = Connect()->Summarize({});
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(refused, HasReason(Reason::kRequestFaulty));
  EXPECT_EQ(refused.status().message(), "Two fields are wrong.");
  EXPECT_EQ(FaultsOf(refused.status()), FaultsOf(fake_.failure));
}

TEST_F(ServerApiTest, ALargeReleaseArrivesWhole) {
  fake_.release_bytes = std::string(123'456, 'x');
  fake_.release_bytes[77'777] = 'y';
  v1::DownloadReleaseRequest request;
  request.set_name("releases/couriers.2026-q1");
  const auto whole = Connect()->DownloadRelease(request);
  ASSERT_OK(whole);
  EXPECT_EQ(*whole, fake_.release_bytes);
  request.set_name("releases/couriers.2026-q2");
  EXPECT_THAT(Connect()->DownloadRelease(request),
              HasReason(Reason::kUnknownRelease));
}

TEST_F(ServerApiTest, ADyingServerIsTriedAgain) {
  front_.FailNextSubmits(2);
  v1::SubmitRequest request;
  request.set_frame("not a frame");
  EXPECT_THAT(Connect()->Submit(request), HasReason(Reason::kFrameMalformed));
  EXPECT_EQ(front_.submit_calls(), 3);
}

TEST_F(ServerApiTest, ARefusalIsNotTriedAgain) {
  v1::SubmitRequest request;
  request.set_frame("not a frame");
  EXPECT_THAT(Connect()->Submit(request), HasReason(Reason::kFrameMalformed));
  EXPECT_EQ(front_.submit_calls(), 1);
}

TEST_F(ServerApiTest, TheReadersKeyTravelsWithTheCall) {
  ASSERT_OK(Connect()->Summarize({}));
  EXPECT_EQ(front_.last_authorization(), "Bearer reader");
}

TEST_F(ServerApiTest, AServerThatIsNotThereIsASentenceWithoutAddresses) {
  ConnectOptions options;
  {
    const GrpcFront gone(fake_);
    options.server = gone.address();
  }
  options.call_deadline = absl::Seconds(5);
  const auto failed = (*ConnectToServer(options))->GetRound({});
  EXPECT_THAT(failed, HasReason(Reason::kServerUnreachable));
  EXPECT_THAT(failed.status().ToString(), Not(HasSubstr("127.0.0.1")));
}

TEST_F(ServerApiTest, OverTlsTheServerMustShowACertificateThatIsBelieved) {
  const TlsIdentity identity = MakeTlsIdentity();
  const GrpcFront secure(fake_, nullptr, &identity);
  ConnectOptions options;
  options.server = "https://" + secure.address();
  options.call_deadline = absl::Seconds(10);
  options.tls_roots_pem = identity.certificate_pem;
  EXPECT_OK((*ConnectToServer(options))->ListRounds({}));

  options.tls_roots_pem = MakeTlsIdentity().certificate_pem;
  EXPECT_THAT((*ConnectToServer(options))->ListRounds({}),
              HasReason(Reason::kServerUnreachable));
  // Nor is a server spoken to in the clear that should speak TLS, or the
  // reverse; and which it is, is said.
  options.server = "https://" + front_.address();
  EXPECT_THAT((*ConnectToServer(options))->ListRounds({}),
              HasReason(Reason::kServerSpeaksPlain));
  options.server = secure.address();
  EXPECT_THAT((*ConnectToServer(options))->ListRounds({}),
              HasReason(Reason::kServerSpeaksTls));
}

TEST_F(ServerApiTest, AServerThatRepeatsAPageDoesNotKeepTheClientForEver) {
  const auto all = ListAllRounds(*Connect());
  ASSERT_OK(all);
  EXPECT_EQ(all->rounds_size(), 1);
  fake_.page_token = "again";
  const auto repeated = ListAllRounds(*Connect());
  ASSERT_OK(repeated);
  EXPECT_EQ(repeated->rounds_size(), 2);
}

}  // namespace
}  // namespace commonwage::client
