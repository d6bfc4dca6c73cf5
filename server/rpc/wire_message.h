// SPDX-License-Identifier: Apache-2.0
// Reads and writes the messages of calls. gRPC itself would answer a
// request that is no message of its type with UNIMPLEMENTED and not a word.

#ifndef COMMONWAGE_SERVER_RPC_WIRE_MESSAGE_H_
#define COMMONWAGE_SERVER_RPC_WIRE_MESSAGE_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

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

// Reads a request into `message`. Fails with INVALID_ARGUMENT
// (REQUEST_MALFORMED) if it is no such message.
absl::Status ReadMessage(absl::string_view bytes,
                         google::protobuf::MessageLite& message);

// A serialised reply, shared with whoever is still sending it.
using SharedBytes = std::shared_ptr<const std::string>;

// Returns `message`, serialised.
SharedBytes BytesOf(const google::protobuf::MessageLite& message);

// Returns a buffer of these bytes, not copied. It lets go of them when they are
// sent.
grpc::ByteBuffer ToBuffer(const SharedBytes& bytes);

}  // namespace commonwage::server

#endif  // COMMONWAGE_SERVER_RPC_WIRE_MESSAGE_H_
