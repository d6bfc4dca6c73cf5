// SPDX-License-Identifier: Apache-2.0
// Where a server may listen: on this machine only. gRPC as Debian ships it must
// not own a public port; a proxy on the same machine does that.

#ifndef COMMONWAGE_SERVER_RPC_LISTEN_ADDRESS_H_
#define COMMONWAGE_SERVER_RPC_LISTEN_ADDRESS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace commonwage::server {

// A loopback address and a port; port 0 lets the system choose one.
struct ListenAddress {
  std::string host;  // Numeric, without brackets: "127.0.0.1" or "::1".
  uint16_t port = 0;
};

// Returns "host:port", with brackets around an IPv6 host.
std::string ToString(const ListenAddress& address);

// Reads "ADDR:PORT", such as "127.0.0.1:50051", "[::1]:0" or "localhost:50051".
//
// Fails with INVALID_ARGUMENT: LISTEN_ADDRESS_MALFORMED if it is none,
// LISTEN_ADDRESS_PUBLIC if others than this machine could reach it.
absl::StatusOr<ListenAddress> ParseListenAddress(absl::string_view text);

}  // namespace commonwage::server

#endif  // COMMONWAGE_SERVER_RPC_LISTEN_ADDRESS_H_
