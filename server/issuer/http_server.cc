// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/http_server.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include "base/error.h"

namespace commonwage::server::issuer {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Tcp = asio::ip::tcp;

constexpr int kThreads = 2;
constexpr int kMaxConnections = 256;
constexpr size_t kMaxHeadBytes = size_t{8} * 1024;
constexpr size_t kMaxBodyBytes = size_t{16} * 1024;
constexpr std::chrono::seconds kRequestTime{10};
// Until a connection is tried again that the system had no descriptor for.
constexpr std::chrono::milliseconds kAcceptPause{100};

// One connection; it owns itself through the callbacks that wait.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Tcp::socket socket, const HttpHandler& handler,
          std::atomic<int>& open_connections, uint64_t connection)
      : stream_(std::move(socket)),
        handler_(handler),
        open_connections_(open_connections),
        connection_(connection) {
    ++open_connections_;
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() { --open_connections_; }

  void Read() {
    parser_.emplace();
    parser_->header_limit(kMaxHeadBytes);
    parser_->body_limit(kMaxBodyBytes);
    stream_.expires_after(kRequestTime);
    http::async_read(
        stream_, buffer_, *parser_,
        [self = shared_from_this()](beast::error_code error, size_t /*size*/) {
          if (!error) {
            self->Answer();
          }
        });
  }

 private:
  void Answer() {
    const auto& message = parser_->get();
    HttpRequest request;
    request.method = std::string(message.method_string());
    request.target = std::string(message.target());
    request.content_type = std::string(message[http::field::content_type]);
    request.body = message.body();
    request.connection = connection_;
    HttpResponse answer = handler_(request);

    response_.emplace(static_cast<http::status>(answer.status), 11);
    response_->set(http::field::content_type, answer.content_type);
    response_->set(http::field::cache_control, "no-store");
    response_->set("Referrer-Policy", "no-referrer");
    response_->set("X-Content-Type-Options", "nosniff");
    response_->set("Content-Security-Policy",
                   "default-src 'none'; style-src 'self'; form-action 'self'; "
                   "frame-ancestors 'none'; base-uri 'none'");
    response_->keep_alive(message.keep_alive());
    response_->body() = std::move(answer.body);
    response_->prepare_payload();
    http::async_write(
        stream_, *response_,
        [self = shared_from_this()](beast::error_code error, size_t /*size*/) {
          if (!error && self->response_->keep_alive()) {
            self->Read();
          }
        });
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  const HttpHandler& handler_;
  std::atomic<int>& open_connections_;
  uint64_t connection_;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::optional<http::response<http::string_body>> response_;
};

}  // namespace

class HttpServer::Impl {
 public:
  explicit Impl(HttpHandler handler)
      : acceptor_(context_), pause_(context_), handler_(std::move(handler)) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    context_.stop();
    threads_.clear();
  }

  absl::Status Listen(const asio::ip::address& address, int port) {
    const Tcp::endpoint endpoint(address, static_cast<uint16_t>(port));
    beast::error_code error;
    acceptor_.open(endpoint.protocol(), error);
    if (!error) {
      acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    }
    if (!error) {
      acceptor_.bind(endpoint, error);
    }
    if (!error) {
      acceptor_.listen(asio::socket_base::max_listen_connections, error);
    }
    if (error) {
      return Refusal(Reason::kPortInUse,
                     "The port is taken or may not be used; choose another "
                     "one.");
    }
    port_ = acceptor_.local_endpoint(error).port();
    Accept();
    for (int i = 0; i < kThreads; ++i) {
      threads_.emplace_back([this] { context_.run(); });
    }
    return absl::OkStatus();
  }

  [[nodiscard]] int port() const { return port_; }

 private:
  void Accept() {
    acceptor_.async_accept(
        asio::make_strand(context_),
        [this](beast::error_code error, Tcp::socket socket) {
          // Beyond the cap the socket closes as it leaves this scope.
          if (!error && open_connections_ < kMaxConnections) {
            std::make_shared<Session>(std::move(socket), handler_,
                                      open_connections_, ++connections_)
                ->Read();
          }
          if (!error) {
            Accept();
          } else if (error != asio::error::operation_aborted) {
            AcceptLater();
          }
        });
  }

  // A connection that could not be taken waits still: trying again at once
  // would keep a processor busy until somebody hangs up.
  void AcceptLater() {
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([this](beast::error_code error) {
      if (!error) {
        Accept();
      }
    });
  }

  asio::io_context context_;
  Tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  HttpHandler handler_;
  std::atomic<int> open_connections_ = 0;
  uint64_t connections_ = 0;
  int port_ = 0;
  std::vector<std::jthread> threads_;
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpServer::~HttpServer() = default;

int HttpServer::port() const { return impl_->port(); }

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(
    const std::string& host, int port, HttpHandler handler) {
  beast::error_code error;
  const asio::ip::address address = asio::ip::make_address(host, error);
  if (error || !address.is_loopback()) {
    return Refusal(Reason::kListenAddressPublic,
                   "Only addresses of this machine are served, such as "
                   "127.0.0.1; put a proxy with TLS in front.");
  }
  auto impl = std::make_unique<Impl>(std::move(handler));
  if (absl::Status status = impl->Listen(address, port); !status.ok()) {
    return status;
  }
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

}  // namespace commonwage::server::issuer
