// SPDX-License-Identifier: Apache-2.0
#include "tests/client/grpc_front.h"

#include <atomic>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/server_context.h>

#include "base/check.h"
#include "base/mutex.h"
#include "commonwage/v1/issuer_service.grpc.pb.h"
#include "commonwage/v1/round_service.grpc.pb.h"
#include "commonwage/v1/statistics_service.grpc.pb.h"
#include "commonwage/v1/submission_service.grpc.pb.h"
#include "server/rpc/grpc_status.h"

namespace commonwage::testing {
namespace {

template <typename Response>
grpc::Status Reply(const absl::StatusOr<Response>& result, Response* response) {
  if (!result.ok()) {
    return server::ToGrpcStatus(result.status());
  }
  *response = *result;
  return grpc::Status::OK;
}

class Rounds final : public v1::RoundService::Service {
 public:
  explicit Rounds(FakeServer& fake) : fake_(fake) {}
  grpc::Status ListRounds(grpc::ServerContext* /*context*/,
                          const v1::ListRoundsRequest* request,
                          v1::ListRoundsResponse* response) override {
    return Reply(fake_.ListRounds(*request), response);
  }
  grpc::Status GetRound(grpc::ServerContext* /*context*/,
                        const v1::GetRoundRequest* request,
                        v1::GetRoundResponse* response) override {
    return Reply(fake_.GetRound(*request), response);
  }

 private:
  FakeServer& fake_;
};

class Submissions final : public v1::SubmissionService::Service {
 public:
  explicit Submissions(FakeServer& fake) : fake_(fake) {}
  grpc::Status Submit(grpc::ServerContext* /*context*/,
                      const v1::SubmitRequest* request,
                      v1::SubmitResponse* response) override {
    ++calls;
    if (failures_left.fetch_sub(1) > 0) {
      return {grpc::StatusCode::UNAVAILABLE, "dying"};
    }
    return Reply(fake_.Submit(*request), response);
  }

  std::atomic<int> calls = 0;
  std::atomic<int> failures_left = 0;

 private:
  FakeServer& fake_;
};

class Statistics final : public v1::StatisticsService::Service {
 public:
  explicit Statistics(FakeServer& fake) : fake_(fake) {}
  grpc::Status ListReleases(grpc::ServerContext* /*context*/,
                            const v1::ListReleasesRequest* request,
                            v1::ListReleasesResponse* response) override {
    return Reply(fake_.ListReleases(*request), response);
  }
  grpc::Status Summarize(grpc::ServerContext* context,
                         const v1::SummarizeRequest* request,
                         v1::SummarizeResponse* response) override {
    {
      const MutexLock lock(mutex_);
      const auto found = context->client_metadata().find("authorization");
      authorization_ =
          found == context->client_metadata().end()
              ? ""
              : std::string(found->second.data(), found->second.size());
    }
    return Reply(fake_.Summarize(*request), response);
  }
  grpc::Status Compare(grpc::ServerContext* /*context*/,
                       const v1::CompareRequest* request,
                       v1::CompareResponse* response) override {
    return Reply(fake_.Compare(*request), response);
  }
  grpc::Status Trend(grpc::ServerContext* /*context*/,
                     const v1::TrendRequest* request,
                     v1::TrendResponse* response) override {
    return Reply(fake_.Trend(*request), response);
  }
  grpc::Status DownloadRelease(
      grpc::ServerContext* /*context*/,
      const v1::DownloadReleaseRequest* request,
      grpc::ServerWriter<v1::DownloadReleaseResponse>* writer) override {
    const absl::StatusOr<std::string> whole = fake_.DownloadRelease(*request);
    if (!whole.ok()) {
      return server::ToGrpcStatus(whole.status());
    }
    constexpr size_t kPiece = 1000;
    for (size_t i = 0; i < whole->size(); i += kPiece) {
      v1::DownloadReleaseResponse piece;
      piece.set_chunk(whole->substr(i, kPiece));
      writer->Write(piece);
    }
    return grpc::Status::OK;
  }

  std::string authorization() {
    const MutexLock lock(mutex_);
    return authorization_;
  }

 private:
  FakeServer& fake_;
  Mutex mutex_;
  std::string authorization_ ABSL_GUARDED_BY(mutex_);
};

class Issuer final : public v1::IssuerService::Service {
 public:
  explicit Issuer(FakeIssuer& fake) : fake_(fake) {}
  grpc::Status IssueCredential(grpc::ServerContext* /*context*/,
                               const v1::IssueCredentialRequest* request,
                               v1::IssueCredentialResponse* response) override {
    return Reply(fake_.IssueCredential(*request), response);
  }

 private:
  FakeIssuer& fake_;
};

std::shared_ptr<grpc::ServerCredentials> CredentialsOf(const TlsIdentity* tls) {
  if (tls == nullptr) {
    return grpc::InsecureServerCredentials();
  }
  grpc::SslServerCredentialsOptions options;
  options.pem_key_cert_pairs.push_back({tls->key_pem, tls->certificate_pem});
  return grpc::SslServerCredentials(options);
}

}  // namespace

struct GrpcFront::Parts {
  explicit Parts(FakeServer& fake)
      : rounds(fake), submissions(fake), statistics(fake) {}

  Rounds rounds;
  Submissions submissions;
  Statistics statistics;
  std::unique_ptr<Issuer> issuer;
  std::unique_ptr<grpc::Server> server;
};

GrpcFront::GrpcFront(FakeServer& server, FakeIssuer* issuer,
                     const TlsIdentity* tls)
    : parts_(std::make_unique<Parts>(server)) {
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", CredentialsOf(tls), &port);
  builder.RegisterService(&parts_->rounds);
  builder.RegisterService(&parts_->submissions);
  builder.RegisterService(&parts_->statistics);
  if (issuer != nullptr) {
    parts_->issuer = std::make_unique<Issuer>(*issuer);
    builder.RegisterService(parts_->issuer.get());
  }
  parts_->server = builder.BuildAndStart();
  COMMONWAGE_CHECK(parts_->server != nullptr);
  address_ = absl::StrCat("127.0.0.1:", port);
}

GrpcFront::~GrpcFront() { parts_->server->Shutdown(); }

int GrpcFront::submit_calls() const { return parts_->submissions.calls; }

void GrpcFront::FailNextSubmits(int calls) {
  parts_->submissions.failures_left = calls;
}

std::string GrpcFront::last_authorization() const {
  return parts_->statistics.authorization();
}

}  // namespace commonwage::testing
