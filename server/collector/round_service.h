// SPDX-License-Identifier: Apache-2.0
// commonwage.v1.RoundService over gRPC: a shell around RoundDirectory.

#ifndef COMMONWAGE_SERVER_COLLECTOR_ROUND_SERVICE_H_
#define COMMONWAGE_SERVER_COLLECTOR_ROUND_SERVICE_H_

#include "server/collector/round_directory.h"
#include "server/rpc/grpc_server.h"

namespace commonwage::server::collector {

// Returns the service. `directory` must outlive it.
ServedService MakeRoundService(RoundDirectory& directory);

}  // namespace commonwage::server::collector

#endif  // COMMONWAGE_SERVER_COLLECTOR_ROUND_SERVICE_H_
