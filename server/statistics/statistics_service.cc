// SPDX-License-Identifier: Apache-2.0
#include "server/statistics/statistics_service.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <grpcpp/grpcpp.h>

#include "base/error.h"
#include "commonwage/v1/statistics_service.grpc.pb.h"
#include "server/rpc/grpc_status.h"
#include "server/rpc/wire_message.h"
#include "server/work_queue.h"

namespace commonwage::server::statistics {
namespace {

constexpr size_t kThreads = 1;
constexpr size_t kMaxWaiting = 256;
constexpr size_t kChunkBytes = size_t{32} * 1024;

absl::Status Busy() {
  return Refusal(absl::StatusCode::kUnavailable, "SERVER_BUSY",
                 "The server is computing as much as it can. Try again in a "
                 "moment.");
}

// Sends the bytes as they are: the buffer shares them, and lets go of them when
// they are sent.
grpc::ByteBuffer ToBuffer(const ReplyBytes& bytes) {
  auto* owner = new ReplyBytes(bytes);
  const grpc::Slice slice(
      const_cast<char*>(bytes->data()), bytes->size(),
      [](void* shared) { delete static_cast<ReplyBytes*>(shared); }, owner);
  return {&slice, 1};
}

// Streams one artefact, chunk by chunk. Deletes itself.
class Download final : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  // Called once, when there is something to send, or to refuse.
  void Begin(absl::StatusOr<ReplyBytes> bytes) {
    if (!bytes.ok()) {
      Finish(ToGrpcStatus(bytes.status()));
      return;
    }
    bytes_ = *std::move(bytes);
    Next();
  }

  void OnWriteDone(bool ok) override {
    if (ok) {
      Next();
    } else {
      Finish(grpc::Status::CANCELLED);
    }
  }
  void OnDone() override { delete this; }

 private:
  void Next() {
    if (sent_ == bytes_->size()) {
      Finish(grpc::Status::OK);
      return;
    }
    const size_t size = std::min(kChunkBytes, bytes_->size() - sent_);
    v1::DownloadReleaseResponse message;
    message.set_chunk(bytes_->data() + sent_, size);
    WriteMessage(message, chunk_);
    sent_ += size;
    StartWrite(&chunk_);
  }

  ReplyBytes bytes_;
  size_t sent_ = 0;
  grpc::ByteBuffer chunk_;
};

// Calls are "raw": their messages stay bytes, so that a reply that is there
// already is neither parsed nor written anew.
using RawService = v1::StatisticsService::WithRawCallbackMethod_ListReleases<
    v1::StatisticsService::WithRawCallbackMethod_Summarize<
        v1::StatisticsService::WithRawCallbackMethod_Compare<
            v1::StatisticsService::WithRawCallbackMethod_Trend<
                v1::StatisticsService::WithRawCallbackMethod_DownloadRelease<
                    v1::StatisticsService::Service>>>>>;

class StatisticsService final : public RawService {
 public:
  explicit StatisticsService(ReplyCache& replies)
      : replies_(replies), queue_(kThreads, kMaxWaiting) {}

 private:
  using Context = grpc::CallbackServerContext;
  using Buffer = grpc::ByteBuffer;

  grpc::ServerUnaryReactor* ListReleases(Context* context,
                                         const Buffer* request,
                                         Buffer* response) override {
    return Reply(Call::kListReleases, context, *request, response);
  }
  grpc::ServerUnaryReactor* Summarize(Context* context, const Buffer* request,
                                      Buffer* response) override {
    return Reply(Call::kSummarize, context, *request, response);
  }
  grpc::ServerUnaryReactor* Compare(Context* context, const Buffer* request,
                                    Buffer* response) override {
    return Reply(Call::kCompare, context, *request, response);
  }
  grpc::ServerUnaryReactor* Trend(Context* context, const Buffer* request,
                                  Buffer* response) override {
    return Reply(Call::kTrend, context, *request, response);
  }

  grpc::ServerWriteReactor<Buffer>* DownloadRelease(
      Context* /*context*/, const Buffer* request) override {
    auto* download = new Download();
    Obtain(Call::kDownloadRelease, BytesOf(*request),
           [download](absl::StatusOr<ReplyBytes> bytes) {
             download->Begin(std::move(bytes));
           });
    return download;
  }

  grpc::ServerUnaryReactor* Reply(Call call, Context* context,
                                  const Buffer& request, Buffer* response) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    Obtain(call, BytesOf(request),
           [reactor, response](const absl::StatusOr<ReplyBytes>& bytes) {
             if (bytes.ok()) {
               *response = ToBuffer(*bytes);
             }
             reactor->Finish(ToGrpcStatus(bytes.status()));
           });
    return reactor;
  }

  // Calls `done` with the reply: at once if it is there, else from the queue.
  void Obtain(Call call, absl::StatusOr<std::string> request,
              std::function<void(absl::StatusOr<ReplyBytes>)> done) {
    if (!request.ok()) {
      done(std::move(request).status());
      return;
    }
    if (ReplyBytes finished = replies_.FindReply(call, *request);
        finished != nullptr) {
      done(std::move(finished));
      return;
    }
    const bool taken =
        queue_.TryPush([this, call, request = *std::move(request), done] {
          done(replies_.Reply(call, request));
        });
    if (!taken) {
      done(Busy());
    }
  }

  ReplyCache& replies_;
  WorkQueue queue_;
};

}  // namespace

ServedService MakeStatisticsService(ReplyCache& replies) {
  return {v1::StatisticsService::service_full_name(),
          std::make_unique<StatisticsService>(replies)};
}

}  // namespace commonwage::server::statistics
