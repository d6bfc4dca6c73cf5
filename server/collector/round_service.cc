// SPDX-License-Identifier: Apache-2.0
#include "server/collector/round_service.h"

#include <utility>

#include "server/rpc/rpc_service.h"

namespace commonwage::server::collector {

ServedService MakeRoundService(RoundDirectory& directory) {
  RpcService service("commonwage.v1.RoundService");
  service.Add("ListRounds", directory, &RoundDirectory::ListRounds);
  service.Add("GetRound", directory, &RoundDirectory::GetRound);
  return std::move(service).Finish();
}

}  // namespace commonwage::server::collector
