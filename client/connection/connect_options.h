// SPDX-License-Identifier: Apache-2.0
// Where a server is and how to reach it.

#ifndef COMMONWAGE_CLIENT_CONNECTION_CONNECT_OPTIONS_H_
#define COMMONWAGE_CLIENT_CONNECTION_CONNECT_OPTIONS_H_

#include <string>

#include "absl/time/time.h"

namespace commonwage::client {

// Plain fields; only `server` is required.
struct ConnectOptions {
  // "host:port". TLS is used, except where the address is this very machine's
  // (127.0.0.1, [::1], localhost). "https://host:port" asks for TLS there too;
  // "http://host:port" is refused anywhere else.
  std::string server;
  // PEM of the authorities to believe; empty: the system's.
  std::string tls_roots_pem;
  // PEM of a certificate and its key, for servers that ask partners for one.
  std::string tls_certificate_pem;
  std::string tls_key_pem;
  // For rounds whose figures need a reader's key; else empty.
  std::string api_key;
  // How long one call may take, tries included.
  absl::Duration call_deadline = absl::Seconds(20);
};

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_CONNECTION_CONNECT_OPTIONS_H_
