// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/listen_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "base/error.h"

namespace commonwage::server {
namespace {

constexpr uint32_t kMaxPort = 65535;
constexpr uint32_t kLoopbackNetwork = 127;

absl::Status Malformed() {
  return Refusal(Reason::kListenAddressMalformed,
                 "The address to listen on must be a numeric address and a "
                 "port, such as 127.0.0.1:50051 or [::1]:50051.");
}

// Splits "host:port" and takes the brackets off; false if it is not that.
bool Split(absl::string_view text, std::string& host, uint32_t& port) {
  const size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos ||
      !absl::SimpleAtoi(text.substr(colon + 1), &port) || port > kMaxPort) {
    return false;
  }
  absl::string_view name = text.substr(0, colon);
  const bool bracketed =
      name.size() > 2 && name.front() == '[' && name.back() == ']';
  if (bracketed) {
    name = name.substr(1, name.size() - 2);
  }
  host = name == "localhost" ? "127.0.0.1" : std::string(name);
  return bracketed == absl::StrContains(host, ':');
}

}  // namespace

std::string ToString(const ListenAddress& address) {
  const bool is_v6 = absl::StrContains(address.host, ':');
  return is_v6 ? absl::StrCat("[", address.host, "]:", address.port)
               : absl::StrCat(address.host, ":", address.port);
}

absl::StatusOr<ListenAddress> ParseListenAddress(absl::string_view text) {
  std::string host;
  uint32_t port = 0;
  if (!Split(text, host, port)) {
    return Malformed();
  }
  in_addr v4{};
  in6_addr v6{};
  bool is_loopback = false;
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) {
    is_loopback = (ntohl(v4.s_addr) >> 24U) == kLoopbackNetwork;
  } else if (inet_pton(AF_INET6, host.c_str(), &v6) == 1) {
    is_loopback = IN6_IS_ADDR_LOOPBACK(&v6) != 0;
  } else {
    return Malformed();
  }
  if (!is_loopback) {
    return Refusal(Reason::kListenAddressPublic,
                   "The server listens on this machine only. Use 127.0.0.1 or "
                   "[::1], and let a proxy on this machine, which also does "
                   "TLS, pass calls on.");
  }
  return ListenAddress{host, static_cast<uint16_t>(port)};
}

}  // namespace commonwage::server
