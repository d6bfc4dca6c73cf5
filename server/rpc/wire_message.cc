// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/wire_message.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include "base/error.h"

#include <google/protobuf/message_lite.h>

namespace commonwage::server {

absl::StatusOr<std::string> BytesOf(const grpc::ByteBuffer& buffer) {
  if (buffer.Length() > kMaxRequestBytes) {
    return Refusal(Reason::kRequestTooLarge,
                   absl::StrCat("A request has at most ", kMaxRequestBytes,
                                " bytes; ask for less at once."));
  }
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

absl::Status ReadMessage(absl::string_view bytes,
                         google::protobuf::MessageLite& message) {
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Refusal(Reason::kRequestMalformed,
                   "The request cannot be read; send the message that this "
                   "call takes.");
  }
  return absl::OkStatus();
}

SharedBytes BytesOf(const google::protobuf::MessageLite& message) {
  return std::make_shared<const std::string>(message.SerializeAsString());
}

grpc::ByteBuffer ToBuffer(const SharedBytes& bytes) {
  auto* owner = new SharedBytes(bytes);
  const grpc::Slice slice(
      const_cast<char*>(bytes->data()), bytes->size(),
      [](void* shared) { delete static_cast<SharedBytes*>(shared); }, owner);
  return {&slice, 1};
}

}  // namespace commonwage::server
