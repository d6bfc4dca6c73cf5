// SPDX-License-Identifier: Apache-2.0
// What the benchmarks are measured against: the same gRPC shell as the real
// server's, with handlers that do the least that could be called the work.
//
//   floor_server nothing            empty handlers
//   floor_server signature          Submit verifies the frame's Ed25519
//   floor_server credential KEY     ... and its blind RSA signature

#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include "base/check.h"
#include "command/process.h"
#include "commonwage/v1/statistics_service.grpc.pb.h"
#include "commonwage/v1/submission_service.grpc.pb.h"
#include "crypto/blind/blind_rsa.h"
#include "crypto/signature.h"
#include "crypto/sodium_random.h"
#include "server/rpc/grpc_server.h"
#include "server/rpc/listen_address.h"
#include "survey/domain_labels.h"
#include "survey/frame.h"
#include "survey/issuer_key_file.h"

namespace commonwage::bench {
namespace {

class FloorSubmissions final : public v1::SubmissionService::CallbackService {
 public:
  FloorSubmissions(bool verifies,
                   std::optional<crypto::BlindRsaPublicKey> issuer_key)
      : verifies_(verifies), issuer_key_(std::move(issuer_key)) {}

  grpc::ServerUnaryReactor* Submit(grpc::CallbackServerContext* context,
                                   const v1::SubmitRequest* request,
                                   v1::SubmitResponse* /*response*/) override {
    if (verifies_) {
      const auto frame = FrameView::Parse(request->frame());
      COMMONWAGE_CHECK(frame.ok());
      COMMONWAGE_CHECK(crypto::Verify(
          *crypto::VerifyKey::From(frame->header().pseudonym.view()),
          kFrameSignatureLabel, frame->signed_bytes(),
          *crypto::Signature::From(frame->signature())));
      COMMONWAGE_CHECK(!issuer_key_.has_value() || HoldsCredential(*frame));
    }
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

 private:
  [[nodiscard]] bool HoldsCredential(const FrameView& frame) const {
    return issuer_key_->Verify(
        absl::StrCat(kCredentialLabel, frame.header().manifest_hash.view(),
                     frame.header().pseudonym.view()),
        frame.header().credential);
  }

  const bool verifies_;
  const std::optional<crypto::BlindRsaPublicKey> issuer_key_;
};

class FloorStatistics final : public v1::StatisticsService::CallbackService {
 public:
  grpc::ServerUnaryReactor* Summarize(
      grpc::CallbackServerContext* context,
      const v1::SummarizeRequest* /*request*/,
      v1::SummarizeResponse* /*response*/) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

int Main(const std::string& what, const std::string& key_path) {
  COMMONWAGE_CHECK(crypto::InitCrypto().ok());
  command::StopSignals stop;
  std::optional<crypto::BlindRsaPublicKey> issuer_key;
  if (what == "credential") {
    std::ifstream file(key_path, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    issuer_key.emplace(crypto::BlindRsaPublicKey::FromDer(
                           ParseIssuerKeyFile(text).value().public_key)
                           .value());
  }
  std::vector<server::ServedService> services;
  services.emplace_back("commonwage.v1.SubmissionService",
                        std::make_unique<FloorSubmissions>(
                            what != "nothing", std::move(issuer_key)));
  services.emplace_back("commonwage.v1.StatisticsService",
                        std::make_unique<FloorStatistics>());
  const auto running =
      server::GrpcServer::Start({"127.0.0.1", 0}, std::move(services));
  COMMONWAGE_CHECK(running.ok());
  std::cout << "Listening on " << server::ToString((*running)->address()) << "."
            << std::endl;
  stop.Wait();
  (*running)->Drain(absl::Seconds(1));
  return 0;
}

}  // namespace
}  // namespace commonwage::bench

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "floor_server: nothing, signature, or credential KEY\n";
    return 2;
  }
  return commonwage::bench::Main(argv[1], argc > 2 ? argv[2] : "");
}
