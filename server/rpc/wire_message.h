// SPDX-License-Identifier: Apache-2.0
// Reads and writes the messages of "raw" calls. gRPC itself would answer a
// request that is no message of its type with UNIMPLEMENTED and not a word.

#ifndef COMMONWAGE_SERVER_RPC_WIRE_MESSAGE_H_
#define COMMONWAGE_SERVER_RPC_WIRE_MESSAGE_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace google::protobuf {
class MessageLite;
}  // namespace google::protobuf

namespace grpc {
class ByteBuffer;
}  // namespace grpc

namespace commonwage::server {

// The longest request of any call. gRPC reads one of up to kMaxReadBytes, so
// that the refusal is ours and has a reason; what is longer it refuses itself,
// without one.
inline constexpr size_t kMaxRequestBytes = size_t{64} * 1024;
inline constexpr size_t kMaxReadBytes = 4 * kMaxRequestBytes;

// Returns what is in the request `buffer`.
// Fails with RESOURCE_EXHAUSTED (REQUEST_TOO_LARGE) beyond kMaxRequestBytes.
absl::StatusOr<std::string> BytesOf(const grpc::ByteBuffer& buffer);

// Reads a request into `message`. Fails as BytesOf, and with INVALID_ARGUMENT
// (REQUEST_MALFORMED) if it is no such message.
absl::Status ReadMessage(const grpc::ByteBuffer& buffer,
                         google::protobuf::MessageLite& message);

// Puts `message` into `buffer`.
void WriteMessage(const google::protobuf::MessageLite& message,
                  grpc::ByteBuffer& buffer);

}  // namespace commonwage::server

#endif  // COMMONWAGE_SERVER_RPC_WIRE_MESSAGE_H_
