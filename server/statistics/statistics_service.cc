// SPDX-License-Identifier: Apache-2.0
#include "server/statistics/statistics_service.h"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/error.h"
#include "commonwage/v1/statistics_service.pb.h"
#include "server/rpc/rpc_service.h"
#include "server/work_queue.h"

namespace commonwage::server::statistics {
namespace {

constexpr size_t kThreads = 1;
constexpr size_t kMaxWaiting = 256;

absl::Status Busy() {
  return Refusal(Reason::kServerBusy,
                 "The server is computing as much as it can. Try again in a "
                 "moment.");
}

SharedBytes ChunkOf(absl::string_view piece) {
  v1::DownloadReleaseResponse message;
  message.set_chunk(piece.data(), piece.size());
  return BytesOf(message);
}

// Returns what replies to `call`: at once if the reply is there, else from the
// queue.
RpcService::BytesCore CoreOf(Call call, ReplyCache& replies,
                             const std::shared_ptr<WorkQueue>& queue) {
  return [call, &replies, queue](std::string request, const Caller& /*caller*/,
                                 const RpcService::Done<SharedBytes>& done) {
    if (ReplyBytes finished = replies.FindReply(call, request);
        finished != nullptr) {
      done(std::move(finished));
      return;
    }
    const bool taken =
        queue->TryPush([call, &replies, request = std::move(request), done] {
          done(replies.Reply(call, request));
        });
    if (!taken) {
      done(Busy());
    }
  };
}

}  // namespace

ServedService MakeStatisticsService(ReplyCache& replies) {
  const auto queue = std::make_shared<WorkQueue>(kThreads, kMaxWaiting);
  RpcService service("commonwage.v1.StatisticsService");
  service.AddBytes("ListReleases", CoreOf(Call::kListReleases, replies, queue));
  service.AddStream("DownloadRelease",
                    CoreOf(Call::kDownloadRelease, replies, queue), ChunkOf);
  service.AddBytes("Summarize", CoreOf(Call::kSummarize, replies, queue));
  service.AddBytes("Compare", CoreOf(Call::kCompare, replies, queue));
  service.AddBytes("Trend", CoreOf(Call::kTrend, replies, queue));
  return std::move(service).Finish();
}

}  // namespace commonwage::server::statistics
