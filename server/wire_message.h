// SPDX-License-Identifier: Apache-2.0
// Reads and writes the messages of "raw" calls. gRPC itself would answer a
// request that is no message of its type with UNIMPLEMENTED and not a word.

#ifndef COMMONWAGE_SERVER_WIRE_MESSAGE_H_
#define COMMONWAGE_SERVER_WIRE_MESSAGE_H_

#include <string>

#include "absl/status/status.h"

namespace google::protobuf {
class MessageLite;
}  // namespace google::protobuf

namespace grpc {
class ByteBuffer;
}  // namespace grpc

namespace commonwage::server {

// Returns what is in `buffer`.
std::string BytesOf(const grpc::ByteBuffer& buffer);

// Reads a request into `message`.
// Fails with INVALID_ARGUMENT (REQUEST_MALFORMED) if it is no such message.
absl::Status ReadMessage(const grpc::ByteBuffer& buffer,
                         google::protobuf::MessageLite& message);

// Puts `message` into `buffer`.
void WriteMessage(const google::protobuf::MessageLite& message,
                  grpc::ByteBuffer& buffer);

}  // namespace commonwage::server

#endif  // COMMONWAGE_SERVER_WIRE_MESSAGE_H_
