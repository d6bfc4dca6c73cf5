// SPDX-License-Identifier: Apache-2.0
// Where a server is, and whether what is sent there needs TLS. Only what cannot
// leave this machine may go in the clear, and that is told by address: a name
// that begins with "127." can belong to anybody.

#ifndef COMMONWAGE_CLIENT_CONNECTION_ENDPOINT_H_
#define COMMONWAGE_CLIENT_CONNECTION_ENDPOINT_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace commonwage::client {

// What ConnectOptions::server says.
struct Endpoint {
  // "host:port" as gRPC takes it. Without TLS the host is a number, so that
  // nobody can answer a second question for it otherwise than the first.
  std::string target;
  bool use_tls = true;
  bool is_this_machine = false;
};

// Returns the addresses of a host, as numbers without brackets; none if it has
// none.
using HostLookup =
    std::function<std::vector<std::string>(const std::string& host)>;

// Asks the operating system.
std::vector<std::string> LookUpHost(const std::string& host);

// Whether the number `address`, IPv4 or IPv6, is one of this machine's loopback
// addresses. False for whatever is not a number.
bool IsLoopback(const std::string& address);

// Reads "host:port", "https://host:port", "http://host:port" or "unix:path".
// TLS is used unless the host is a loopback address, or "localhost", or given
// with "http://", and every address `lookup` finds for it is one. A host that
// is to be spoken to with TLS is not looked up here.
//
// Fails with INVALID_ARGUMENT: SERVER_ADDRESS_MALFORMED; PLAINTEXT_REFUSED for
// "http://" before a host that is not this machine.
absl::StatusOr<Endpoint> ParseServer(absl::string_view server,
                                     const HostLookup& lookup = LookUpHost);

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_CONNECTION_ENDPOINT_H_
