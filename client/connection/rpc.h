// SPDX-License-Identifier: Apache-2.0
// What every call over gRPC has in common: channels, deadlines, tries, and
// errors turned back into ours. For the .cc files of this folder only.

#ifndef COMMONWAGE_CLIENT_CONNECTION_RPC_H_
#define COMMONWAGE_CLIENT_CONNECTION_RPC_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include "client/connection/connect_options.h"

namespace commonwage::client {

// Returns a channel with a connection of its own; it connects with the first
// call. A call is tried again while the server is UNAVAILABLE, a few times
// within its deadline: every call of this API may be repeated.
//
// Fails as ParseServer does.
absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(
    const ConnectOptions& options);

// Sets what each call carries: its deadline and the caller's API key.
void PrepareCall(const ConnectOptions& options, grpc::ClientContext& context);

// Returns `status` with the reason and the faults that the server attached. An
// error that is not the server's own gets a sentence of ours: those of the
// network library name addresses.
absl::Status FromGrpcStatus(const grpc::Status& status);

// The same for a call made with `options`. If nobody could be reached it looks
// whether plain text met TLS there, or the reverse, and says so: reasons
// SERVER_SPEAKS_TLS and SERVER_SPEAKS_PLAIN. Takes some seconds at most.
absl::Status FromGrpcStatus(const ConnectOptions& options,
                            const grpc::Status& status);

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_CONNECTION_RPC_H_
