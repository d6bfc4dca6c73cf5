// SPDX-License-Identifier: Apache-2.0
#include "client/rpc.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include "base/error.h"
#include "base/status_macros.h"

namespace commonwage::client {
namespace {

constexpr int kMaxReceivedBytes = 64 << 20;

// Every call of the API may be repeated: the same frame gets the same receipt,
// the same blinded message the same signature.
constexpr char kServiceConfig[] = R"json({
  "methodConfig": [{
    "name": [{}],
    "retryPolicy": {
      "maxAttempts": 4,
      "initialBackoff": "0.2s",
      "maxBackoff": "2s",
      "backoffMultiplier": 2,
      "retryableStatusCodes": ["UNAVAILABLE"]
    }
  }]
})json";

absl::Status AddressMalformed() {
  return Refusal(absl::StatusCode::kInvalidArgument, "SERVER_ADDRESS_MALFORMED",
                 "The server's address is not of the form host:port.");
}

bool IsHostAndPort(absl::string_view address) {
  const size_t colon = address.rfind(':');
  if (colon == absl::string_view::npos || colon == 0) {
    return false;
  }
  const absl::string_view host = address.substr(0, colon);
  // An IPv6 address stands in brackets, so that its colons are not the port's.
  const bool bracketed = host.front() == '[' && host.back() == ']';
  if (!bracketed && absl::StrContains(host, ":")) {
    return false;
  }
  int port = 0;
  return std::none_of(address.begin(), address.end(),
                      [](char c) { return c <= ' ' || c == '/'; }) &&
         absl::SimpleAtoi(address.substr(colon + 1), &port) && port > 0 &&
         port <= 65535;
}

// Whether nothing sent there can leave this machine.
bool IsThisMachine(absl::string_view target) {
  return absl::StartsWithIgnoreCase(target, "localhost:") ||
         absl::StartsWith(target, "127.") ||
         absl::StartsWith(target, "[::1]:") ||
         absl::StartsWith(target, "unix:");
}

// An error that the network library, or something in between, made.
absl::Status ForeignError(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kUnavailable:
      return Refusal(code, "SERVER_UNREACHABLE",
                     "The server cannot be reached. Check the address and the "
                     "network, and try again later.");
    case absl::StatusCode::kDeadlineExceeded:
      return Refusal(code, "SERVER_TOO_SLOW",
                     "The server did not answer in time. Try again later.");
    case absl::StatusCode::kUnimplemented:
      return Refusal(code, "NOT_OFFERED",
                     "This server does not offer that. Check the address.");
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kPermissionDenied:
      return Refusal(code, "NOT_ALLOWED",
                     "The server does not allow this without a valid key.");
    case absl::StatusCode::kResourceExhausted:
      return Refusal(code, "SERVER_BUSY",
                     "The server has too much to do. Try again later.");
    default:
      return Refusal(code, "SERVER_FAILED",
                     "The server failed. Try again later; if it stays, tell "
                     "the operator.");
  }
}

// Text of a server, cut to what a sentence needs and free of control bytes, so
// that it cannot play tricks with a terminal.
std::string Printable(absl::string_view text) {
  constexpr size_t kMaxLength = 500;
  std::string result(text.substr(0, kMaxLength));
  std::replace_if(
      result.begin(), result.end(),
      [](char c) { return absl::ascii_iscntrl(static_cast<uint8_t>(c)); }, ' ');
  return result;
}

struct Details {
  std::optional<google::rpc::ErrorInfo> info;
  std::vector<Fault> faults;
};

Details DetailsOf(const grpc::Status& status) {
  Details details;
  google::rpc::Status envelope;
  if (!envelope.ParseFromString(status.error_details())) {
    return details;
  }
  for (const google::protobuf::Any& any : envelope.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad_request;
    if (any.UnpackTo(&info)) {
      details.info = info;
    } else if (any.UnpackTo(&bad_request)) {
      for (const auto& violation : bad_request.field_violations()) {
        details.faults.push_back(
            {Printable(violation.field()), Printable(violation.description())});
      }
    }
  }
  return details;
}

}  // namespace

absl::StatusOr<Endpoint> ParseServer(absl::string_view server) {
  Endpoint endpoint;
  std::optional<bool> use_tls;
  if (absl::ConsumePrefix(&server, "https://")) {
    use_tls = true;
  } else if (absl::ConsumePrefix(&server, "http://")) {
    use_tls = false;
  }
  absl::ConsumeSuffix(&server, "/");
  if (!absl::StartsWith(server, "unix:") && !IsHostAndPort(server)) {
    return AddressMalformed();
  }
  endpoint.target = std::string(server);
  endpoint.is_this_machine = IsThisMachine(server);
  endpoint.use_tls = use_tls.value_or(!endpoint.is_this_machine);
  return endpoint;
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(
    const ConnectOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(const Endpoint endpoint,
                              ParseServer(options.server));
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(kServiceConfig);
  arguments.SetMaxReceiveMessageSize(kMaxReceivedBytes);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 5000);
  if (endpoint.is_this_machine) {
    // A proxy of the environment is not meant for this machine itself.
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  }
  std::shared_ptr<grpc::ChannelCredentials> credentials;
  if (endpoint.use_tls) {
    grpc::SslCredentialsOptions tls;
    tls.pem_root_certs = options.tls_roots_pem;
    tls.pem_cert_chain = options.tls_certificate_pem;
    tls.pem_private_key = options.tls_key_pem;
    credentials = grpc::SslCredentials(tls);
  } else {
    credentials = grpc::InsecureChannelCredentials();
  }
  return grpc::CreateCustomChannel(endpoint.target, credentials, arguments);
}

void PrepareCall(const ConnectOptions& options, grpc::ClientContext& context) {
  context.set_deadline(absl::ToChronoTime(absl::Now() + options.call_deadline));
  if (!options.api_key.empty()) {
    context.AddMetadata("authorization",
                        absl::StrCat("Bearer ", options.api_key));
  }
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) {
    return absl::OkStatus();
  }
  // The two families of codes have the same numbers.
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  const Details details = DetailsOf(status);
  if (!details.info.has_value() || details.info->domain() != "commonwage") {
    return ForeignError(code);
  }
  return RefusalOfFields(code, Printable(details.info->reason()),
                         Printable(status.error_message()), details.faults);
}

}  // namespace commonwage::client
