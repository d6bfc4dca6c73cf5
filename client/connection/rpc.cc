// SPDX-License-Identifier: Apache-2.0
#include "client/connection/rpc.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include "base/error.h"
#include "base/status_macros.h"
#include "client/connection/endpoint.h"
#include "client/connection/port_probe.h"

namespace commonwage::client {
namespace {

constexpr int kMaxReceivedBytes = 64 << 20;
constexpr absl::Duration kProbePatience = absl::Seconds(2);

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

// An error that the network library, or something in between, made.
absl::Status ForeignError(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kUnavailable:
    // The library's word for a call that reached a server as it stopped.
    case absl::StatusCode::kCancelled:
      return Refusal(Reason::kServerUnreachable,
                     "The server cannot be reached. Check the address and the "
                     "network, and try again later.");
    case absl::StatusCode::kDeadlineExceeded:
      return Refusal(Reason::kServerTooSlow,
                     "The server did not answer in time. Try again later.");
    case absl::StatusCode::kUnimplemented:
      return Refusal(Reason::kNotOffered,
                     "This server does not offer that. Check the address.");
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kPermissionDenied:
      return Refusal(Reason::kNotAllowed,
                     "The server does not allow this without a valid key.");
    case absl::StatusCode::kResourceExhausted:
      return Refusal(Reason::kServerBusy,
                     "The server has too much to do. Try again later.");
    default:
      return Refusal(Reason::kServerFailed,
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
  return RefusalOfPeer(code, Printable(details.info->reason()),
                       Printable(status.error_message()), details.faults);
}

absl::Status FromGrpcStatus(const ConnectOptions& options,
                            const grpc::Status& status) {
  absl::Status result = FromGrpcStatus(status);
  if (ReasonOf(result) != Reason::kServerUnreachable) {
    return result;
  }
  const absl::StatusOr<Endpoint> endpoint = ParseServer(options.server);
  const PortSpeaks speaks = endpoint.ok()
                                ? ProbePort(endpoint->target, kProbePatience)
                                : PortSpeaks::kUnknown;
  if (speaks == PortSpeaks::kTls && !endpoint->use_tls) {
    return Refusal(Reason::kServerSpeaksTls,
                   "The server speaks TLS at this port and was spoken to "
                   "without; put https:// before the address.");
  }
  if (speaks == PortSpeaks::kPlainHttp2 && endpoint->use_tls) {
    return Refusal(Reason::kServerSpeaksPlain,
                   "The server does not speak TLS at this port, so nothing was "
                   "sent. Ask for the address of its public door.");
  }
  return result;
}

}  // namespace commonwage::client
