// SPDX-License-Identifier: Apache-2.0
#include "tests/testing/far_caller.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "base/check.h"

namespace commonwage::testing {
namespace {

sockaddr_in AddressOf(const std::string& host, uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  COMMONWAGE_CHECK(inet_pton(AF_INET, host.c_str(), &address.sin_addr) == 1);
  return address;
}

sockaddr_in AddressOf(int socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  COMMONWAGE_CHECK(
      getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  return address;
}

// A socket with a port of the system's choice.
int BoundSocket(const std::string& host) {
  const int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = AddressOf(host, 0);
  COMMONWAGE_CHECK(made >= 0 &&
                   bind(made, reinterpret_cast<const sockaddr*>(&address),
                        sizeof address) == 0);
  return made;
}

uint16_t PortOf(const std::string& server) {
  uint32_t port = 0;
  COMMONWAGE_CHECK(absl::SimpleAtoi(
      absl::string_view(server).substr(server.rfind(':') + 1), &port));
  return static_cast<uint16_t>(port);
}

// Moves what has come on `from` to `to`; returns false at its end.
bool Move(int from, int to) {
  std::array<char, 16384> buffer{};
  const ssize_t got = recv(from, buffer.data(), buffer.size(), 0);
  for (ssize_t sent = 0; sent < got;) {
    const ssize_t now = send(to, buffer.data() + sent,
                             static_cast<size_t>(got - sent), MSG_NOSIGNAL);
    if (now <= 0) {
      return false;
    }
    sent += now;
  }
  return got > 0;
}

}  // namespace

FarCaller::FarCaller(const std::string& address, const std::string& server)
    : listening_(BoundSocket("127.0.0.1")),
      outward_(BoundSocket(address)),
      server_port_(PortOf(server)) {
  COMMONWAGE_CHECK(listen(listening_, 1) == 0);
  thread_ = std::thread([this] { PassOn(); });
}

FarCaller::~FarCaller() {
  shutdown(listening_, SHUT_RDWR);
  shutdown(outward_, SHUT_RDWR);
  thread_.join();
  close(listening_);
  close(outward_);
}

std::string FarCaller::server() const {
  return absl::StrCat("127.0.0.1:", ntohs(AddressOf(listening_).sin_port));
}

std::string FarCaller::SocketAddress() const {
  const sockaddr_in address = AddressOf(outward_);
  return std::string(reinterpret_cast<const char*>(&address), 8);
}

void FarCaller::PassOn() const {
  const int inward = accept(listening_, nullptr, nullptr);
  if (inward < 0) {
    return;
  }
  const sockaddr_in server = AddressOf("127.0.0.1", server_port_);
  bool going = connect(outward_, reinterpret_cast<const sockaddr*>(&server),
                       sizeof server) == 0;
  while (going) {
    std::array<pollfd, 2> ready = {
        {{inward, POLLIN, 0}, {outward_, POLLIN, 0}}};
    going = poll(ready.data(), ready.size(), -1) > 0 &&
            (ready[0].revents == 0 || Move(inward, outward_)) &&
            (ready[1].revents == 0 || Move(outward_, inward));
  }
  close(inward);
  shutdown(outward_, SHUT_RDWR);
}

}  // namespace commonwage::testing
