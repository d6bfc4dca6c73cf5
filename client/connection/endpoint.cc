// SPDX-License-Identifier: Apache-2.0
#include "client/connection/endpoint.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "base/error.h"

namespace commonwage::client {
namespace {

constexpr uint32_t kLoopbackNetwork = 127;

struct HostAndPort {
  std::string host;  // Without brackets.
  std::string port;
};

std::optional<HostAndPort> Split(absl::string_view address) {
  const size_t colon = address.rfind(':');
  if (colon == absl::string_view::npos || colon == 0 ||
      std::any_of(address.begin(), address.end(),
                  [](char c) { return c <= ' ' || c == '/'; })) {
    return std::nullopt;
  }
  absl::string_view host = address.substr(0, colon);
  // An IPv6 address stands in brackets, so that its colons are not the port's.
  const bool bracketed = absl::ConsumePrefix(&host, "[");
  if (bracketed != absl::ConsumeSuffix(&host, "]") ||
      (!bracketed && absl::StrContains(host, ":"))) {
    return std::nullopt;
  }
  int port = 0;
  if (host.empty() || !absl::SimpleAtoi(address.substr(colon + 1), &port) ||
      port <= 0 || port > 65535) {
    return std::nullopt;
  }
  return HostAndPort{std::string(host), absl::StrCat(port)};
}

// The number that a host stands for on this machine alone; nullopt if it has an
// address elsewhere, or none.
std::optional<std::string> LoopbackOf(const std::string& host,
                                      const HostLookup& lookup) {
  if (IsLoopback(host)) {
    return host;
  }
  const std::vector<std::string> addresses = lookup(host);
  if (addresses.empty() ||
      !std::all_of(addresses.begin(), addresses.end(), IsLoopback)) {
    return std::nullopt;
  }
  return addresses.front();
}

std::string TargetOf(const std::string& number, const std::string& port) {
  return absl::StrContains(number, ":") ? absl::StrCat("[", number, "]:", port)
                                        : absl::StrCat(number, ":", port);
}

// Names that mean this machine wherever they are used (RFC 6761, section 6.3).
bool IsLocalName(absl::string_view host) {
  return absl::EqualsIgnoreCase(host, "localhost") ||
         absl::EndsWithIgnoreCase(host, ".localhost");
}

}  // namespace

std::vector<std::string> LookUpHost(const std::string& host) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) {
    return {};
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found,
                                                                 freeaddrinfo);
  std::vector<std::string> numbers;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    std::array<char, NI_MAXHOST> number = {};
    if (getnameinfo(one->ai_addr, one->ai_addrlen, number.data(), number.size(),
                    nullptr, 0, NI_NUMERICHOST) == 0) {
      numbers.emplace_back(number.data());
    }
  }
  return numbers;
}

bool IsLoopback(const std::string& address) {
  in_addr v4 = {};
  if (inet_pton(AF_INET, address.c_str(), &v4) == 1) {
    return (ntohl(v4.s_addr) >> 24U) == kLoopbackNetwork;
  }
  in6_addr v6 = {};
  if (inet_pton(AF_INET6, address.c_str(), &v6) != 1) {
    return false;
  }
  return IN6_IS_ADDR_LOOPBACK(&v6) != 0 ||
         (IN6_IS_ADDR_V4MAPPED(&v6) != 0 && v6.s6_addr[12] == kLoopbackNetwork);
}

absl::StatusOr<Endpoint> ParseServer(absl::string_view server,
                                     const HostLookup& lookup) {
  const bool says_tls = absl::ConsumePrefix(&server, "https://");
  const bool says_plain = !says_tls && absl::ConsumePrefix(&server, "http://");
  absl::ConsumeSuffix(&server, "/");
  if (absl::StartsWith(server, "unix:")) {
    return Endpoint{std::string(server), says_tls, true};
  }
  const std::optional<HostAndPort> place = Split(server);
  if (!place.has_value()) {
    return Refusal(Reason::kServerAddressMalformed,
                   "The server's address is not of the form host:port.");
  }
  if (says_tls) {
    return Endpoint{std::string(server), true, IsLoopback(place->host)};
  }
  std::optional<std::string> number;
  if (says_plain || IsLoopback(place->host) || IsLocalName(place->host)) {
    number = LoopbackOf(place->host, lookup);
  }
  if (number.has_value()) {
    return Endpoint{TargetOf(*number, place->port), false, true};
  }
  if (says_plain) {
    return Refusal(Reason::kPlaintextRefused,
                   "Only this very machine is spoken to without TLS; leave "
                   "http:// out.");
  }
  return Endpoint{std::string(server), true, false};
}

}  // namespace commonwage::client
