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
  return Refusal(absl::StatusCode::kUnavailable, "SERVER_BUSY",
                 "The server is computing as much as it can. Try again in a "
                 "moment.");
}

SharedBytes ChunkOf(absl::string_view piece) {
  v1::DownloadReleaseResponse message;
  message.set_chunk(piece.data(), piece.size());
  return BytesOf(message);
}

// Returns what answers `call`: at once if the answer is there, else from the
// queue.
RpcService::BytesCore CoreOf(Call call, Answers& answers,
                             const std::shared_ptr<WorkQueue>& queue) {
  return [call, &answers, queue](std::string request, const Caller& /*caller*/,
                                 const RpcService::Done<SharedBytes>& done) {
    if (AnswerBytes finished = answers.FindAnswer(call, request);
        finished != nullptr) {
      done(std::move(finished));
      return;
    }
    const bool taken =
        queue->TryPush([call, &answers, request = std::move(request), done] {
          done(answers.Answer(call, request));
        });
    if (!taken) {
      done(Busy());
    }
  };
}

}  // namespace

ServedService MakeStatisticsService(Answers& answers) {
  const auto queue = std::make_shared<WorkQueue>(kThreads, kMaxWaiting);
  RpcService service("commonwage.v1.StatisticsService");
  service.AddBytes("ListReleases", CoreOf(Call::kListReleases, answers, queue));
  service.AddStream("DownloadRelease",
                    CoreOf(Call::kDownloadRelease, answers, queue), ChunkOf);
  service.AddBytes("Summarize", CoreOf(Call::kSummarize, answers, queue));
  service.AddBytes("Compare", CoreOf(Call::kCompare, answers, queue));
  service.AddBytes("Trend", CoreOf(Call::kTrend, answers, queue));
  return std::move(service).Finish();
}

}  // namespace commonwage::server::statistics
