// SPDX-License-Identifier: Apache-2.0
#include "client/connection/port_probe.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <memory>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"

namespace commonwage::client {
namespace {

// A client's first words, and an empty SETTINGS frame: nine bytes of zeros, the
// frame's type 4 among them.
constexpr absl::string_view kPreface(
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", 33);
// A ClientHello of TLS 1.2 (RFC 5246, section 7.4.1.2) with a random of zeros,
// two suites, and the curve and signature schemes that everybody has. It names
// no host: whether TLS is spoken is all that it asks.
constexpr absl::string_view kClientHello(
    "\x16\x03\x01\x00\x43"      // Record: handshake, 67 bytes.
    "\x01\x00\x00\x3f\x03\x03"  // ClientHello, 63 bytes, TLS 1.2.
    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"           // Random.
    "\x00"                                       // No session.
    "\x00\x04\xc0\x2f\xc0\x2b"                   // ECDHE with AES-128-GCM.
    "\x01\x00"                                   // No compression.
    "\x00\x12"                                   // Extensions, 18 bytes.
    "\x00\x0a\x00\x04\x00\x02\x00\x17"           // Curve P-256.
    "\x00\x0d\x00\x06\x00\x04\x08\x04\x04\x03",  // RSA-PSS and ECDSA.
    72);
constexpr char kTlsAlert = 0x15;
constexpr char kTlsHandshake = 0x16;
constexpr char kSettingsFrame = 4;

bool WaitFor(int descriptor, short events, absl::Time deadline) {
  pollfd one = {descriptor, events, 0};
  const auto left = absl::ToInt64Milliseconds(deadline - absl::Now());
  return left > 0 && poll(&one, 1, static_cast<int>(left)) == 1;
}

bool Connect(int descriptor, const addrinfo& to, absl::Time deadline) {
  if (connect(descriptor, to.ai_addr, to.ai_addrlen) == 0) {
    return true;
  }
  int error = 0;
  socklen_t size = sizeof(error);
  return errno == EINPROGRESS && WaitFor(descriptor, POLLOUT, deadline) &&
         getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 &&
         error == 0;
}

PortSpeaks Judge(absl::string_view answer) {
  if (!answer.empty() &&
      (answer.front() == kTlsAlert || answer.front() == kTlsHandshake)) {
    return PortSpeaks::kTls;
  }
  // What nginx says to plain text on a port for TLS.
  if (absl::StartsWith(answer, "HTTP/1.1 400")) {
    return PortSpeaks::kTls;
  }
  if (answer.size() >= 4 && answer[0] == 0 && answer[3] == kSettingsFrame) {
    return PortSpeaks::kPlainHttp2;
  }
  return PortSpeaks::kUnknown;
}

// What comes back first to `words`.
PortSpeaks Ask(const addrinfo& to, absl::string_view words,
               absl::Time deadline) {
  const int descriptor =
      socket(to.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) {
    return PortSpeaks::kUnknown;
  }
  const absl::Cleanup close_it = [descriptor] { close(descriptor); };
  if (!Connect(descriptor, to, deadline) ||
      send(descriptor, words.data(), words.size(), MSG_NOSIGNAL) < 0 ||
      !WaitFor(descriptor, POLLIN, deadline)) {
    return PortSpeaks::kUnknown;
  }
  std::array<char, 64> answer = {};
  const ssize_t size = recv(descriptor, answer.data(), answer.size(), 0);
  return Judge({answer.data(), size > 0 ? static_cast<size_t>(size) : 0});
}

}  // namespace

PortSpeaks ProbePort(const std::string& target, absl::Duration patience) {
  const absl::Time deadline = absl::Now() + patience;
  const size_t colon = target.rfind(':');
  if (colon == std::string::npos || absl::StartsWith(target, "unix:")) {
    return PortSpeaks::kUnknown;
  }
  absl::string_view host = absl::string_view(target).substr(0, colon);
  absl::ConsumePrefix(&host, "[");
  absl::ConsumeSuffix(&host, "]");
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(std::string(host).c_str(), target.c_str() + colon + 1, &hints,
                  &found) != 0) {
    return PortSpeaks::kUnknown;
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found,
                                                                 freeaddrinfo);
  const PortSpeaks in_the_clear = Ask(*found, kPreface, deadline);
  // Some servers that speak TLS hang up on plain text without a word.
  return in_the_clear == PortSpeaks::kUnknown
             ? Ask(*found, kClientHello, deadline)
             : in_the_clear;
}

}  // namespace commonwage::client
