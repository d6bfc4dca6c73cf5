// SPDX-License-Identifier: Apache-2.0
// The one place where an error leaves the process over gRPC.

#ifndef COMMONWAGE_SERVER_RPC_GRPC_STATUS_H_
#define COMMONWAGE_SERVER_RPC_GRPC_STATUS_H_

#include "absl/status/status.h"

namespace grpc {
class Status;
}  // namespace grpc

namespace commonwage::server {

// Returns `status` as callers see it: the same canonical code; details with one
// google.rpc.ErrorInfo of domain "commonwage" (the reason that Refusal
// attached, or else the code's name) and, if fields are at fault, one
// google.rpc.BadRequest.
//
// Faults beyond what a trailer holds are left out, last ones first.
//
// Reveals: message and reason of a refusal. The text of an INTERNAL or UNKNOWN
// error is replaced: it was written for us, not for callers.
grpc::Status ToGrpcStatus(const absl::Status& status);

}  // namespace commonwage::server

#endif  // COMMONWAGE_SERVER_RPC_GRPC_STATUS_H_
