// SPDX-License-Identifier: Apache-2.0
#include "server/wire_message.h"

#include <vector>

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include "base/error.h"

#include <google/protobuf/message_lite.h>

namespace commonwage::server {

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  bytes.reserve(buffer.Length());
  if (buffer.Dump(&slices).ok()) {
    for (const grpc::Slice& slice : slices) {
      bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    }
  }
  return bytes;
}

absl::Status ReadMessage(const grpc::ByteBuffer& buffer,
                         google::protobuf::MessageLite& message) {
  if (!message.ParseFromString(BytesOf(buffer))) {
    return Refusal(absl::StatusCode::kInvalidArgument, "REQUEST_MALFORMED",
                   "The request cannot be read; send the message that this "
                   "call takes.");
  }
  return absl::OkStatus();
}

void WriteMessage(const google::protobuf::MessageLite& message,
                  grpc::ByteBuffer& buffer) {
  const grpc::Slice slice(message.SerializeAsString());
  buffer = grpc::ByteBuffer(&slice, 1);
}

}  // namespace commonwage::server
