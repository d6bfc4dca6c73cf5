// SPDX-License-Identifier: Apache-2.0
#include "client/connection/server_api.h"

#include <cstddef>
#include <utility>

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>
#include <grpcpp/support/sync_stream.h>

#include "base/error.h"
#include "base/status_macros.h"
#include "client/connection/rpc.h"
#include "commonwage/v1/issuer_service.grpc.pb.h"
#include "commonwage/v1/round_service.grpc.pb.h"
#include "commonwage/v1/statistics_service.grpc.pb.h"
#include "commonwage/v1/submission_service.grpc.pb.h"

namespace commonwage::client {
namespace {

constexpr size_t kMaxReleaseBytes = size_t{256} << 20;

template <typename Stub, typename Request, typename Response>
using Method = grpc::Status (Stub::*)(grpc::ClientContext*, const Request&,
                                      Response*);

template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> Call(const ConnectOptions& options, Stub& stub,
                              Method<Stub, Request, Response> method,
                              const Request& request) {
  grpc::ClientContext context;
  PrepareCall(options, context);
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) {
    return FromGrpcStatus(options, status);
  }
  return response;
}

class GrpcServerApi final : public ServerApi {
 public:
  GrpcServerApi(ConnectOptions options,
                const std::shared_ptr<grpc::Channel>& channel)
      : options_(std::move(options)),
        rounds_(channel),
        submissions_(channel),
        statistics_(channel) {}

  absl::StatusOr<v1::ListRoundsResponse> ListRounds(
      const v1::ListRoundsRequest& request) override {
    return Call(options_, rounds_, &v1::RoundService::Stub::ListRounds,
                request);
  }

  absl::StatusOr<v1::GetRoundResponse> GetRound(
      const v1::GetRoundRequest& request) override {
    return Call(options_, rounds_, &v1::RoundService::Stub::GetRound, request);
  }

  absl::StatusOr<v1::SubmitResponse> Submit(
      const v1::SubmitRequest& request) override {
    return Call(options_, submissions_, &v1::SubmissionService::Stub::Submit,
                request);
  }

  absl::StatusOr<v1::ListReleasesResponse> ListReleases(
      const v1::ListReleasesRequest& request) override {
    return Call(options_, statistics_,
                &v1::StatisticsService::Stub::ListReleases, request);
  }

  absl::StatusOr<v1::SummarizeResponse> Summarize(
      const v1::SummarizeRequest& request) override {
    return Call(options_, statistics_, &v1::StatisticsService::Stub::Summarize,
                request);
  }

  absl::StatusOr<v1::CompareResponse> Compare(
      const v1::CompareRequest& request) override {
    return Call(options_, statistics_, &v1::StatisticsService::Stub::Compare,
                request);
  }

  absl::StatusOr<v1::TrendResponse> Trend(
      const v1::TrendRequest& request) override {
    return Call(options_, statistics_, &v1::StatisticsService::Stub::Trend,
                request);
  }

  absl::StatusOr<std::string> DownloadRelease(
      const v1::DownloadReleaseRequest& request) override {
    grpc::ClientContext context;
    PrepareCall(options_, context);
    const auto reader = statistics_.DownloadRelease(&context, request);
    std::string whole;
    v1::DownloadReleaseResponse piece;
    while (reader->Read(&piece)) {
      whole += piece.chunk();
      if (whole.size() > kMaxReleaseBytes) {
        context.TryCancel();
        return Refusal(Reason::kReleaseDamaged,
                       "The server sent more than a release can be.");
      }
    }
    COMMONWAGE_RETURN_IF_ERROR(FromGrpcStatus(options_, reader->Finish()));
    return whole;
  }

 private:
  const ConnectOptions options_;
  v1::RoundService::Stub rounds_;
  v1::SubmissionService::Stub submissions_;
  v1::StatisticsService::Stub statistics_;
};

class GrpcIssuerApi final : public IssuerApi {
 public:
  GrpcIssuerApi(ConnectOptions options,
                const std::shared_ptr<grpc::Channel>& channel)
      : options_(std::move(options)), issuer_(channel) {}

  absl::StatusOr<v1::IssueCredentialResponse> IssueCredential(
      const v1::IssueCredentialRequest& request) override {
    return Call(options_, issuer_, &v1::IssuerService::Stub::IssueCredential,
                request);
  }

 private:
  const ConnectOptions options_;
  v1::IssuerService::Stub issuer_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ServerApi>> ConnectToServer(
    const ConnectOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::shared_ptr<grpc::Channel> channel,
                              MakeChannel(options));
  return std::make_unique<GrpcServerApi>(options, channel);
}

absl::StatusOr<std::unique_ptr<IssuerApi>> ConnectToIssuer(
    const ConnectOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::shared_ptr<grpc::Channel> channel,
                              MakeChannel(options));
  return std::make_unique<GrpcIssuerApi>(options, channel);
}

absl::StatusOr<v1::ListRoundsResponse> ListAllRounds(ServerApi& server) {
  v1::ListRoundsResponse all;
  v1::ListRoundsRequest request;
  do {
    COMMONWAGE_ASSIGN_OR_RETURN(const v1::ListRoundsResponse page,
                                server.ListRounds(request));
    all.mutable_rounds()->MergeFrom(page.rounds());
    // A server that repeats a page would keep us for ever.
    if (page.next_page_token() == request.page_token()) {
      break;
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return all;
}

}  // namespace commonwage::client
