// SPDX-License-Identifier: Apache-2.0
// What speaks at a port that a call could not reach: so that "the server cannot
// be reached" can say that TLS met plain text, or the reverse.

#ifndef COMMONWAGE_CLIENT_CONNECTION_PORT_PROBE_H_
#define COMMONWAGE_CLIENT_CONNECTION_PORT_PROBE_H_

#include <string>

#include "absl/time/time.h"

namespace commonwage::client {

enum class PortSpeaks { kUnknown, kTls, kPlainHttp2 };

// Connects to `target`, "host:port", begins to speak HTTP/2 in the clear
// (RFC 9113, section 3.4), and then TLS, and looks at the first bytes that come
// back. Takes `patience` at most.
// Reveals: to whoever listens there, that somebody connected; nothing else is
// sent.
PortSpeaks ProbePort(const std::string& target, absl::Duration patience);

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_CONNECTION_PORT_PROBE_H_
