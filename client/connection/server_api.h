// SPDX-License-Identifier: Apache-2.0
// The server's calls as plain functions, so that all that decides something is
// tested without a network. Answers are what the server says: not yet checked.

#ifndef COMMONWAGE_CLIENT_CONNECTION_SERVER_API_H_
#define COMMONWAGE_CLIENT_CONNECTION_SERVER_API_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "client/connection/connect_options.h"
#include "commonwage/v1/issuer_service.pb.h"
#include "commonwage/v1/round_service.pb.h"
#include "commonwage/v1/statistics_service.pb.h"
#include "commonwage/v1/submission_service.pb.h"

namespace commonwage::client {

// Every function waits for the answer, and fails with the code and reason that
// the proto of the call names, or with UNAVAILABLE (SERVER_UNREACHABLE) or
// DEADLINE_EXCEEDED (SERVER_TOO_SLOW): then whether the server acted is not
// known, and the same call may be made again.
class ServerApi {
 public:
  ServerApi() = default;
  ServerApi(const ServerApi&) = delete;
  ServerApi& operator=(const ServerApi&) = delete;
  virtual ~ServerApi() = default;

  virtual absl::StatusOr<v1::ListRoundsResponse> ListRounds(
      const v1::ListRoundsRequest& request) = 0;
  virtual absl::StatusOr<v1::GetRoundResponse> GetRound(
      const v1::GetRoundRequest& request) = 0;
  virtual absl::StatusOr<v1::SubmitResponse> Submit(
      const v1::SubmitRequest& request) = 0;
  virtual absl::StatusOr<v1::ListReleasesResponse> ListReleases(
      const v1::ListReleasesRequest& request) = 0;
  virtual absl::StatusOr<v1::SummarizeResponse> Summarize(
      const v1::SummarizeRequest& request) = 0;
  virtual absl::StatusOr<v1::CompareResponse> Compare(
      const v1::CompareRequest& request) = 0;
  virtual absl::StatusOr<v1::TrendResponse> Trend(
      const v1::TrendRequest& request) = 0;
  // Returns all pieces, put together.
  virtual absl::StatusOr<std::string> DownloadRelease(
      const v1::DownloadReleaseRequest& request) = 0;
};

// The union office's one call.
class IssuerApi {
 public:
  IssuerApi() = default;
  IssuerApi(const IssuerApi&) = delete;
  IssuerApi& operator=(const IssuerApi&) = delete;
  virtual ~IssuerApi() = default;

  virtual absl::StatusOr<v1::IssueCredentialResponse> IssueCredential(
      const v1::IssueCredentialRequest& request) = 0;
};

// Return the calls over gRPC, thread-safe; they connect with the first one.
//
// Fail with INVALID_ARGUMENT (SERVER_ADDRESS_MALFORMED).
absl::StatusOr<std::unique_ptr<ServerApi>> ConnectToServer(
    const ConnectOptions& options);
absl::StatusOr<std::unique_ptr<IssuerApi>> ConnectToIssuer(
    const ConnectOptions& options);

// Returns all rounds of the server, page after page. Fails as ListRounds.
absl::StatusOr<v1::ListRoundsResponse> ListAllRounds(ServerApi& server);

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_CONNECTION_SERVER_API_H_
