// SPDX-License-Identifier: Apache-2.0
#include "tests/testing/submission_sender.h"

#include <atomic>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include "base/mutex.h"
#include "base/status_macros.h"
#include "client/connection/rpc.h"
#include "commonwage/v1/submission_service.grpc.pb.h"

namespace commonwage::testing {
namespace {

// One frame on its way; deletes itself in the callback.
struct Call {
  grpc::ClientContext context;
  v1::SubmitRequest request;
  v1::SubmitResponse response;
  SubmissionSender::Done done;
};

}  // namespace

struct SubmissionSender::Parts {
  Options options;
  std::vector<std::unique_ptr<v1::SubmissionService::Stub>> stubs;
  std::atomic<size_t> next_stub = 0;
  Mutex mutex;
  CondVar changed;
  int in_flight ABSL_GUARDED_BY(mutex) = 0;

  void Start() {
    const MutexLock lock(mutex);
    while (in_flight >= options.max_in_flight) {
      changed.Wait(mutex);
    }
    ++in_flight;
  }

  void Finish() {
    const MutexLock lock(mutex);
    --in_flight;
    // Under the lock: who waits for the last frame may destroy this object.
    changed.NotifyAll();
  }
};

absl::StatusOr<std::unique_ptr<SubmissionSender>> SubmissionSender::Create(
    const Options& options) {
  auto parts = std::make_unique<Parts>();
  parts->options = options;
  for (int i = 0; i < options.connections; ++i) {
    COMMONWAGE_ASSIGN_OR_RETURN(const std::shared_ptr<grpc::Channel> channel,
                                client::MakeChannel(options.connect));
    parts->stubs.push_back(v1::SubmissionService::NewStub(channel));
  }
  return std::unique_ptr<SubmissionSender>(
      new SubmissionSender(std::move(parts)));
}

SubmissionSender::SubmissionSender(std::unique_ptr<Parts> parts)
    : parts_(std::move(parts)) {}

SubmissionSender::~SubmissionSender() { Wait(); }

void SubmissionSender::Submit(std::string frame, Done done) {
  parts_->Start();
  auto* call = new Call;
  call->done = std::move(done);
  call->request.set_frame(std::move(frame));
  client::PrepareCall(parts_->options.connect, call->context);
  const size_t stub = parts_->next_stub.fetch_add(1) % parts_->stubs.size();
  parts_->stubs[stub]->async()->Submit(
      &call->context, &call->request, &call->response,
      [this, call](const grpc::Status& status) {
        std::unique_ptr<Call> owned(call);
        if (status.ok()) {
          owned->done(std::move(*owned->response.mutable_receipt()));
        } else {
          owned->done(client::FromGrpcStatus(status));
        }
        // Nothing of the call is left when the last one is done: were it the
        // last user of its channel, gRPC would take its completion queue down
        // from the queue's own thread.
        owned.reset();
        parts_->Finish();
      });
}

void SubmissionSender::Wait() {
  const MutexLock lock(parts_->mutex);
  while (parts_->in_flight > 0) {
    parts_->changed.Wait(parts_->mutex);
  }
}

}  // namespace commonwage::testing
