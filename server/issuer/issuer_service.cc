// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/issuer_service.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "commonwage/v1/issuer_service.pb.h"
#include "server/issuer/issuer.h"
#include "server/rpc/rpc_service.h"
#include "server/work_queue.h"

namespace commonwage::server::issuer {
namespace {

constexpr absl::string_view kRoundPrefix = "rounds/";

// They sign, which is long, and wait for nothing: as many as there are cores.
size_t ThreadCount() {
  return std::max<size_t>(2, std::thread::hardware_concurrency());
}
constexpr size_t kMaxWaiting = 1024;

// Returns nullopt if the round is not named as it has to be.
std::optional<CredentialRequest> RequestOf(
    const v1::IssueCredentialRequest& request) {
  absl::string_view round = request.round();
  if (!absl::ConsumePrefix(&round, kRoundPrefix)) {
    return std::nullopt;
  }
  return CredentialRequest{request.enrolment_code(),
                           {std::string(round), request.issuer_key_digest(),
                            request.blinded_message(), request.checksum()}};
}

absl::StatusOr<v1::IssueCredentialResponse> ResponseOf(
    absl::StatusOr<std::string> signature) {
  COMMONWAGE_RETURN_IF_ERROR(signature.status());
  v1::IssueCredentialResponse response;
  response.set_blind_signature(*std::move(signature));
  return response;
}

using Done = RpcService::Done<v1::IssueCredentialResponse>;

void IssueCredential(Issuer& issuer, WorkQueue& queue,
                     const v1::IssueCredentialRequest& request,
                     const Caller& caller, const Done& done) {
  std::optional<CredentialRequest> asked = RequestOf(request);
  if (!asked.has_value()) {
    done(Refusal(Reason::kRequestMalformed,
                 "A round is named \"rounds/<survey>.<round>\"."));
    return;
  }
  const bool taken = queue.TryPush([&issuer, done, asked = *std::move(asked),
                                    connection = caller.Connection()] {
    issuer.Issue(asked, connection,
                 [done](absl::StatusOr<std::string> signature) {
                   done(ResponseOf(std::move(signature)));
                 });
  });
  if (!taken) {
    done(Refusal(Reason::kServerBusy,
                 "Very many members ask just now. Please try again in a "
                 "minute; nothing was used up."));
  }
}

}  // namespace

ServedService MakeIssuerService(Issuer& issuer) {
  const auto queue = std::make_shared<WorkQueue>(ThreadCount(), kMaxWaiting);
  RpcService service("commonwage.v1.IssuerService");
  service.AddLater<v1::IssueCredentialRequest, v1::IssueCredentialResponse>(
      "IssueCredential",
      [&issuer, queue](const v1::IssueCredentialRequest& request,
                       const Caller& caller, const Done& done) {
        IssueCredential(issuer, *queue, request, caller, done);
      });
  return std::move(service).Finish();
}

}  // namespace commonwage::server::issuer
