// SPDX-License-Identifier: Apache-2.0
// commonwage.v1.StatisticsService over gRPC: a shell around ReplyCache.

#ifndef COMMONWAGE_SERVER_STATISTICS_STATISTICS_SERVICE_H_
#define COMMONWAGE_SERVER_STATISTICS_STATISTICS_SERVICE_H_

#include "server/rpc/grpc_server.h"
#include "server/statistics/reply_cache.h"

namespace commonwage::server::statistics {

// Returns the service. `replies` must outlive it. What has not been asked
// before is computed on a thread of the service's own, so that nobody's
// submission waits for it; too much of it at once is refused with UNAVAILABLE
// (SERVER_BUSY).
ServedService MakeStatisticsService(ReplyCache& replies);

}  // namespace commonwage::server::statistics

#endif  // COMMONWAGE_SERVER_STATISTICS_STATISTICS_SERVICE_H_
