// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/grpc_status.h"

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include <grpcpp/support/status.h>

#include "base/error.h"

namespace commonwage::server {
namespace {

constexpr char kDomain[] = "commonwage";
constexpr char kInternalSentence[] =
    "Something failed inside the server. Try again later; if it stays, tell "
    "the operator.";

// Clients refuse trailers of more than 8 KiB, and details travel as base64.
constexpr size_t kMaxFaultBytes = size_t{3} * 1024;

bool IsForUsOnly(const absl::Status& status) {
  return absl::IsInternal(status) || absl::IsUnknown(status);
}

std::string ReasonFor(const absl::Status& status) {
  std::string reason = IsForUsOnly(status) ? "" : ReasonNameOf(status);
  return reason.empty() ? absl::StatusCodeToString(status.code()) : reason;
}

google::rpc::BadRequest BadRequestOf(const std::vector<Fault>& faults) {
  google::rpc::BadRequest bad_request;
  size_t bytes = 0;
  for (const Fault& fault : faults) {
    bytes += fault.place.size() + fault.sentence.size();
    if (bytes > kMaxFaultBytes) {
      break;
    }
    auto* violation = bad_request.add_field_violations();
    violation->set_field(fault.place);
    violation->set_description(fault.sentence);
  }
  return bad_request;
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) {
    return grpc::Status::OK;
  }
  const bool for_us_only = IsForUsOnly(status);

  google::rpc::Status envelope;
  envelope.set_code(static_cast<int>(status.code()));
  envelope.set_message(for_us_only ? kInternalSentence
                                   : std::string(status.message()));

  google::rpc::ErrorInfo info;
  info.set_reason(ReasonFor(status));
  info.set_domain(kDomain);
  envelope.add_details()->PackFrom(info);

  const std::vector<Fault> faults =
      for_us_only ? std::vector<Fault>() : FaultsOf(status);
  if (!faults.empty()) {
    envelope.add_details()->PackFrom(BadRequestOf(faults));
  }
  // The two families of codes have the same numbers.
  return {static_cast<grpc::StatusCode>(envelope.code()), envelope.message(),
          envelope.SerializeAsString()};
}

}  // namespace commonwage::server
