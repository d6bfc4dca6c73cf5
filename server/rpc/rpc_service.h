// SPDX-License-Identifier: Apache-2.0
// A service of the API, put together call by call: a line names each and what
// answers it. What a call needs of gRPC is here, once for all.

#ifndef COMMONWAGE_SERVER_RPC_RPC_SERVICE_H_
#define COMMONWAGE_SERVER_RPC_RPC_SERVICE_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "server/rpc/grpc_server.h"
#include "server/rpc/wire_message.h"

namespace google::protobuf {
class Descriptor;
}  // namespace google::protobuf

namespace commonwage::server {

// Whoever makes a call. Good for as long as its core has not returned.
class Caller {
 public:
  explicit Caller(const grpc::CallbackServerContext& context)
      : context_(context) {}

  // Stands for who asks, for as long as they are connected.
  // Reveals: their address. Never to be logged.
  [[nodiscard]] std::string Connection() const;

 private:
  const grpc::CallbackServerContext& context_;
};

// A service as it is put together. Each call is added once; what its core
// refers to must outlive the service. A core is called on a thread of gRPC and
// has to return soon. Callers see what it fails with as ToGrpcStatus says; and
// RESOURCE_EXHAUSTED (REQUEST_TOO_LARGE) or INVALID_ARGUMENT
// (REQUEST_MALFORMED) before it is asked.
class RpcService {
 public:
  // Called once by a core, now or later, on any thread.
  template <typename Reply>
  using Done = std::function<void(absl::StatusOr<Reply>)>;

  // A core that answers serialised requests with serialised replies.
  using BytesCore = std::function<void(std::string request, const Caller&,
                                       Done<SharedBytes> done)>;

  // `name` is that of the proto: "commonwage.v1.RoundService". Aborts if no
  // such service is linked in.
  explicit RpcService(absl::string_view name);
  RpcService(RpcService&&) noexcept;
  RpcService& operator=(RpcService&&) noexcept;
  ~RpcService();

  // A call that is answered with what `answer` returns. (These abort unless
  // the proto has the call, with these messages.)
  template <typename Core, typename Request, typename Response>
  void Add(absl::string_view call, Core& core,
           absl::StatusOr<Response> (Core::*answer)(const Request&)) {
    AddLater<Request, Response>(
        call, [&core, answer](const Request& request, const Caller& /*caller*/,
                              const Done<Response>& done) {
          done((core.*answer)(request));
        });
  }

  // A call that is answered with what its core gives to Done.
  template <typename Request, typename Response>
  void AddLater(
      absl::string_view call,
      std::function<void(const Request&, const Caller&, Done<Response>)> core) {
    CheckMessages(call, *Request::descriptor(), *Response::descriptor());
    AddBytes(call, [core = std::move(core)](const std::string& bytes,
                                            const Caller& caller,
                                            Done<SharedBytes> done) {
      Request request;
      if (absl::Status read = ReadMessage(bytes, request); !read.ok()) {
        done(std::move(read));
        return;
      }
      core(request, caller,
           [done = std::move(done)](const absl::StatusOr<Response>& response) {
             if (response.ok()) {
               done(BytesOf(*response));
             } else {
               done(response.status());
             }
           });
    });
  }

  // A call whose messages stay bytes, so that a reply that is there already is
  // neither parsed nor written anew.
  void AddBytes(absl::string_view call, BytesCore core);

  // A call whose reply is streamed in pieces of up to 32 KiB, each in the
  // message that `wrap` makes of it.
  void AddStream(absl::string_view call, BytesCore core,
                 std::function<SharedBytes(absl::string_view piece)> wrap);

  // Returns the service. Aborts if a call of the proto was not added.
  ServedService Finish() &&;

 private:
  class Calls;
  void CheckMessages(absl::string_view call,
                     const google::protobuf::Descriptor& request,
                     const google::protobuf::Descriptor& response) const;

  std::unique_ptr<Calls> calls_;
};

}  // namespace commonwage::server

#endif  // COMMONWAGE_SERVER_RPC_RPC_SERVICE_H_
