// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/grpc_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include <grpc/support/log.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/resource_quota.h>

#include "base/error.h"
#include "base/log.h"
#include "server/rpc/listen_address.h"
#include "server/rpc/reflection.h"
#include "server/rpc/wire_message.h"

namespace commonwage::server {
namespace {

constexpr int kMaxMetadataBytes = 8 * 1024;
constexpr int kMaxStreamsPerConnection = 64;
constexpr int kIdleMilliseconds = 60 * 1000;
constexpr int kAgeMilliseconds = 10 * 60 * 1000;
constexpr int kAgeGraceMilliseconds = 30 * 1000;
constexpr int kMinPingIntervalMilliseconds = 10 * 1000;
// For the answers of calls whose work was given up.
constexpr absl::Duration kAnswerGrace = absl::Milliseconds(500);
constexpr size_t kMaxCallMemoryBytes = size_t{256} << 20U;

// gRPC's log function takes no argument of ours, so this cannot be a member.
std::atomic<Log*> grpc_log{nullptr};

void OnGrpcLog(gpr_log_func_args* args) {
  Log* log = grpc_log.load();
  if (log != nullptr && args->severity == GPR_LOG_SEVERITY_ERROR) {
    log->Write(LogEvent::kLibraryMessage);
  }
}

// Keeps gRPC quiet while it lives: its caller reports what went wrong itself.
class QuietGrpc {
 public:
  QuietGrpc() : log_(grpc_log.exchange(nullptr)) {}
  QuietGrpc(const QuietGrpc&) = delete;
  QuietGrpc& operator=(const QuietGrpc&) = delete;
  ~QuietGrpc() { grpc_log.store(log_); }

 private:
  Log* log_;
};

void SetLimits(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(static_cast<int>(kMaxReadBytes));
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                             kMaxStreamsPerConnection);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS,
                             kIdleMilliseconds);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, kAgeMilliseconds);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS,
                             kAgeGraceMilliseconds);
  builder.AddChannelArgument(
      GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
      kMinPingIntervalMilliseconds);
  // Two servers must never share a port: callers would meet either.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  grpc::ResourceQuota quota("commonwage");
  builder.SetResourceQuota(quota.Resize(kMaxCallMemoryBytes));
}

// Binds a socket to `address` and returns the error number, 0 for none.
int TryToBind(const ListenAddress& address) {
  sockaddr_storage storage{};
  socklen_t length = 0;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
  if (inet_pton(AF_INET, address.host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(address.port);
    length = sizeof(sockaddr_in);
  } else {
    inet_pton(AF_INET6, address.host.c_str(), &v6->sin6_addr);
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(address.port);
    length = sizeof(sockaddr_in6);
  }
  const int fd = socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    return errno;
  }
  // As gRPC does: a port that a server has just left is free.
  const int yes = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  const int error =
      bind(fd, reinterpret_cast<sockaddr*>(&storage), length) == 0 ? 0 : errno;
  close(fd);
  return error;
}

// gRPC tells why it cannot listen in its log alone, so we try ourselves.
absl::Status WhyNotListening(const ListenAddress& address) {
  if (TryToBind(address) == EADDRINUSE) {
    return Refusal(Reason::kPortInUse,
                   "Another program listens on this port. Stop it, or choose "
                   "another port with --listen.");
  }
  return Refusal(Reason::kCannotListen,
                 "The system does not let this program listen on this address "
                 "and port. Choose others with --listen.");
}

}  // namespace

ServedService::ServedService(std::string name,
                             std::unique_ptr<grpc::Service> service)
    : name_(std::move(name)), service_(std::move(service)) {}
ServedService::ServedService(ServedService&&) noexcept = default;
ServedService& ServedService::operator=(ServedService&&) noexcept = default;
ServedService::~ServedService() = default;

void RouteGrpcLog(Log& log) {
  grpc_log.store(&log);
  gpr_set_log_function(OnGrpcLog);
}

struct GrpcServer::Parts {
  std::vector<ServedService> services;
  std::vector<std::unique_ptr<grpc::Service>> reflection;
  // Last, so that it goes first.
  std::unique_ptr<grpc::Server> server;
};

absl::StatusOr<std::unique_ptr<GrpcServer>> GrpcServer::Start(
    const ListenAddress& address, std::vector<ServedService> services) {
  const QuietGrpc quiet;
  // Debian's abseil looks for deadlocks at every lock of gRPC, which costs more
  // than it finds.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  grpc::EnableDefaultHealthCheckService(true);
  auto parts = std::make_unique<Parts>();
  parts->services = std::move(services);

  grpc::ServerBuilder builder;
  SetLimits(builder);
  std::vector<std::string> names;
  for (const ServedService& served : parts->services) {
    builder.RegisterService(&served.service());
    names.push_back(served.name());
  }
  parts->reflection = MakeReflectionServices(names);
  for (const auto& service : parts->reflection) {
    builder.RegisterService(service.get());
  }
  int port = 0;
  builder.AddListeningPort(ToString(address), grpc::InsecureServerCredentials(),
                           &port);
  parts->server = builder.BuildAndStart();
  if (parts->server == nullptr || port <= 0) {
    return WhyNotListening(address);
  }
  for (const std::string& name : names) {
    parts->server->GetHealthCheckService()->SetServingStatus(name, true);
  }
  const ListenAddress actual{address.host, static_cast<uint16_t>(port)};
  return std::unique_ptr<GrpcServer>(new GrpcServer(std::move(parts), actual));
}

GrpcServer::GrpcServer(std::unique_ptr<Parts> parts, ListenAddress address)
    : parts_(std::move(parts)), address_(std::move(address)) {}

GrpcServer::~GrpcServer() { Drain(absl::ZeroDuration()); }

void GrpcServer::ReportServing(const std::string& service, bool serving) {
  parts_->server->GetHealthCheckService()->SetServingStatus(service, serving);
}

void GrpcServer::Drain(absl::Duration patience,
                       const std::function<void()>& give_up) {
  // Later reports change nothing after this.
  parts_->server->GetHealthCheckService()->Shutdown();
  absl::Notification drained;
  std::thread impatient([&] {
    if (!drained.WaitForNotificationWithTimeout(patience) && give_up) {
      give_up();
    }
  });
  const absl::Duration grace = give_up ? kAnswerGrace : absl::ZeroDuration();
  parts_->server->Shutdown(absl::ToChronoTime(absl::Now() + patience + grace));
  parts_->server->Wait();
  drained.Notify();
  impatient.join();
}

}  // namespace commonwage::server
