// SPDX-License-Identifier: Apache-2.0
// What every call over gRPC has in common: channels, deadlines, tries, and
// errors turned back into ours. For the .cc files of this folder only.

#ifndef COMMONWAGE_CLIENT_RPC_H_
#define COMMONWAGE_CLIENT_RPC_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include "client/connect_options.h"

namespace commonwage::client {

// What ConnectOptions::server says.
struct Endpoint {
  std::string target;  // "host:port" as gRPC takes it.
  bool use_tls = true;
  bool is_this_machine = false;
};

// Fails with INVALID_ARGUMENT (SERVER_ADDRESS_MALFORMED).
absl::StatusOr<Endpoint> ParseServer(absl::string_view server);

// Returns a channel with a connection of its own; it connects with the first
// call. A call is tried again while the server is UNAVAILABLE, a few times
// within its deadline: every call of this API may be repeated.
//
// Fails with INVALID_ARGUMENT (SERVER_ADDRESS_MALFORMED).
absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(
    const ConnectOptions& options);

// Sets what each call carries: its deadline and the caller's API key.
void PrepareCall(const ConnectOptions& options, grpc::ClientContext& context);

// Returns `status` with the reason and the faults that the server attached. An
// error that is not the server's own gets a sentence of ours: those of the
// network library name addresses.
absl::Status FromGrpcStatus(const grpc::Status& status);

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_RPC_H_
