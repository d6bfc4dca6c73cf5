// SPDX-License-Identifier: Apache-2.0
// A small HTTP/1.1 server for the enrolment page and its one JSON call. It
// listens on this machine only: a proxy in front speaks TLS to the world.

#ifndef COMMONWAGE_SERVER_ISSUER_HTTP_SERVER_H_
#define COMMONWAGE_SERVER_ISSUER_HTTP_SERVER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace commonwage::server::issuer {

// A request whose size and time were within limits.
struct HttpRequest {
  std::string method;
  std::string target;
  std::string content_type;
  std::string body;
  uint64_t connection = 0;  // Tells connections of this process apart.
};

struct HttpResponse {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

// Called from several threads at once.
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

// Serves from construction to destruction. A request has 10 seconds, its head 8
// KiB and its body 16 KiB; at most 256 connections are open at a time. Nothing
// about who connected is kept.
class HttpServer {
 public:
  // Listens on `host`, a loopback address, and `port`, or a free one if 0.
  //
  // Fails with INVALID_ARGUMENT (LISTEN_ADDRESS_PUBLIC) for another address,
  // UNAVAILABLE (PORT_IN_USE) if the port is taken.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(
      const std::string& host, int port, HttpHandler handler);

  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();

  [[nodiscard]] int port() const;

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace commonwage::server::issuer

#endif  // COMMONWAGE_SERVER_ISSUER_HTTP_SERVER_H_
