// SPDX-License-Identifier: Apache-2.0
// A gRPC server as this project runs one: on this machine only, with every
// limit set, health and reflection included, and able to leave cleanly.

#ifndef COMMONWAGE_SERVER_RPC_GRPC_SERVER_H_
#define COMMONWAGE_SERVER_RPC_GRPC_SERVER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "base/log.h"
#include "server/rpc/listen_address.h"

namespace grpc {
class CallbackServerContext;
class Service;
}  // namespace grpc

namespace commonwage::server {

// A callback service and its full name, such as "commonwage.v1.RoundService".
// What it refers to must outlive the server.
class ServedService {
 public:
  ServedService(std::string name, std::unique_ptr<grpc::Service> service);
  ServedService(const ServedService&) = delete;
  ServedService& operator=(const ServedService&) = delete;
  ServedService(ServedService&&) noexcept;
  ServedService& operator=(ServedService&&) noexcept;
  ~ServedService();

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] grpc::Service& service() const { return *service_; }

 private:
  std::string name_;
  std::unique_ptr<grpc::Service> service_;
};

// Sends what gRPC says about itself to `log`, without its text, which can
// contain the addresses of callers. For the whole process, and once: `log` must
// live as long as gRPC is used.
void RouteGrpcLog(Log& log);

// A running server. Destroying it drains it without patience.
class GrpcServer {
 public:
  // Starts serving `services`, reflection and health, which reports each
  // service by its name as serving.
  //
  // Fails with UNAVAILABLE, reason PORT_IN_USE, if another program has the
  // port; with FAILED_PRECONDITION, reason CANNOT_LISTEN, if the address cannot
  // be listened on for another reason.
  static absl::StatusOr<std::unique_ptr<GrpcServer>> Start(
      const ListenAddress& address, std::vector<ServedService> services);

  GrpcServer(const GrpcServer&) = delete;
  GrpcServer& operator=(const GrpcServer&) = delete;
  ~GrpcServer();

  // The address served, with the port that the system chose if it did.
  [[nodiscard]] const ListenAddress& address() const { return address_; }

  // Reports in health whether the service of this name serves just now. Calls
  // of it are answered either way.
  void ReportServing(const std::string& service, bool serving);

  // Reports every service as not serving, for good, takes no new calls, waits
  // for those under way, and returns when none is left. After `patience`
  // `give_up` is called, if there is one, which must let their work end soon;
  // what is not answered half a second later is cancelled.
  void Drain(absl::Duration patience,
             const std::function<void()>& give_up = {});

 private:
  struct Parts;
  GrpcServer(std::unique_ptr<Parts> parts, ListenAddress address);

  std::unique_ptr<Parts> parts_;
  ListenAddress address_;
};

}  // namespace commonwage::server

#endif  // COMMONWAGE_SERVER_RPC_GRPC_SERVER_H_
