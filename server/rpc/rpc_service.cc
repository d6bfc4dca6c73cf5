// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/rpc_service.h"

#include <algorithm>
#include <cstddef>
#include <deque>

#include "absl/strings/str_cat.h"
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/rpc_service_method.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/support/server_callback.h>

#include "base/check.h"
#include "server/rpc/grpc_status.h"

#include <google/protobuf/descriptor.h>

namespace commonwage::server {
namespace {

using Buffer = grpc::ByteBuffer;
using Context = grpc::CallbackServerContext;
using grpc::internal::RpcMethod;

constexpr size_t kPieceBytes = size_t{32} * 1024;

// Asks `core`, unless the request is refused before.
void Ask(const RpcService::BytesCore& core, const Context& context,
         const Buffer& request, const RpcService::Done<SharedBytes>& done) {
  absl::StatusOr<std::string> bytes = BytesOf(request);
  if (bytes.ok()) {
    core(*std::move(bytes), Caller(context), done);
  } else {
    done(std::move(bytes).status());
  }
}

// Streams one reply, piece by piece. Deletes itself.
class Stream final : public grpc::ServerWriteReactor<Buffer> {
 public:
  using Wrap = std::function<SharedBytes(absl::string_view)>;

  explicit Stream(Wrap wrap) : wrap_(std::move(wrap)) {}

  // Called once, when there is something to send, or to refuse.
  void Begin(absl::StatusOr<SharedBytes> bytes) {
    if (!bytes.ok()) {
      Finish(ToGrpcStatus(bytes.status()));
      return;
    }
    bytes_ = *std::move(bytes);
    Next();
  }

  void OnWriteDone(bool ok) override {
    if (ok) {
      Next();
    } else {
      Finish(grpc::Status::CANCELLED);
    }
  }
  void OnDone() override { delete this; }

 private:
  void Next() {
    if (sent_ == bytes_->size()) {
      Finish(grpc::Status::OK);
      return;
    }
    const absl::string_view piece =
        absl::string_view(*bytes_).substr(sent_, kPieceBytes);
    sent_ += piece.size();
    piece_ = ToBuffer(wrap_(piece));
    StartWrite(&piece_);
  }

  const Wrap wrap_;
  SharedBytes bytes_;
  size_t sent_ = 0;
  Buffer piece_;
};

}  // namespace

std::string Caller::Connection() const { return context_.peer(); }

// What generated code would be: a service is a list of methods, each with a
// handler. Methods are "raw": their messages are bytes.
class RpcService::Calls final : public grpc::Service {
 public:
  explicit Calls(absl::string_view name)
      : proto_(google::protobuf::DescriptorPool::generated_pool()
                   ->FindServiceByName(std::string(name))) {
    COMMONWAGE_CHECK(proto_ != nullptr);
  }

  [[nodiscard]] const google::protobuf::ServiceDescriptor& proto() const {
    return *proto_;
  }
  [[nodiscard]] const google::protobuf::MethodDescriptor& Method(
      absl::string_view call) const {
    const auto* method = proto_->FindMethodByName(std::string(call));
    COMMONWAGE_CHECK(method != nullptr);
    return *method;
  }

  // Takes `handler`.
  void Add(absl::string_view call, RpcMethod::RpcType type,
           grpc::internal::MethodHandler* handler) {
    const auto& method = Method(call);
    COMMONWAGE_CHECK(!method.client_streaming() &&
                     method.server_streaming() ==
                         (type == RpcMethod::SERVER_STREAMING));
    std::string path = absl::StrCat("/", proto_->full_name(), "/", call);
    COMMONWAGE_CHECK(std::find(paths_.begin(), paths_.end(), path) ==
                     paths_.end());
    paths_.push_back(std::move(path));
    AddMethod(new grpc::internal::RpcServiceMethod(paths_.back().c_str(), type,
                                                   nullptr));
    MarkMethodRawCallback(static_cast<int>(paths_.size()) - 1, handler);
  }

  [[nodiscard]] bool AreAllThere() const {
    return paths_.size() == static_cast<size_t>(proto_->method_count());
  }

 private:
  const google::protobuf::ServiceDescriptor* const proto_;
  // gRPC keeps pointers into them.
  std::deque<std::string> paths_;
};

RpcService::RpcService(absl::string_view name)
    : calls_(std::make_unique<Calls>(name)) {}
RpcService::RpcService(RpcService&&) noexcept = default;
RpcService& RpcService::operator=(RpcService&&) noexcept = default;
RpcService::~RpcService() = default;

void RpcService::AddBytes(absl::string_view call, BytesCore core) {
  calls_->Add(
      call, RpcMethod::NORMAL_RPC,
      new grpc::internal::CallbackUnaryHandler<Buffer, Buffer>(
          [core = std::move(core)](Context* context, const Buffer* request,
                                   Buffer* response) {
            grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
            Ask(core, *context, *request,
                [reactor, response](const absl::StatusOr<SharedBytes>& reply) {
                  if (reply.ok()) {
                    *response = ToBuffer(*reply);
                  }
                  reactor->Finish(ToGrpcStatus(reply.status()));
                });
            return reactor;
          }));
}

void RpcService::AddStream(
    absl::string_view call, BytesCore core,
    std::function<SharedBytes(absl::string_view piece)> wrap) {
  calls_->Add(
      call, RpcMethod::SERVER_STREAMING,
      new grpc::internal::CallbackServerStreamingHandler<Buffer, Buffer>(
          [core = std::move(core), wrap = std::move(wrap)](
              Context* context, const Buffer* request) {
            auto* stream = new Stream(wrap);
            Ask(core, *context, *request,
                [stream](absl::StatusOr<SharedBytes> bytes) {
                  stream->Begin(std::move(bytes));
                });
            return stream;
          }));
}

void RpcService::CheckMessages(
    absl::string_view call, const google::protobuf::Descriptor& request,
    const google::protobuf::Descriptor& response) const {
  const auto& method = calls_->Method(call);
  COMMONWAGE_CHECK(method.input_type() == &request &&
                   method.output_type() == &response);
}

ServedService RpcService::Finish() && {
  COMMONWAGE_CHECK(calls_->AreAllThere());
  std::string name = calls_->proto().full_name();
  return {std::move(name), std::move(calls_)};
}

}  // namespace commonwage::server
