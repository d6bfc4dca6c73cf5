// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/load.h"

#include <cstddef>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include "base/check.h"
#include "base/mutex.h"
#include "client/connection/connect_options.h"
#include "client/enrolment.h"
#include "client/submission.h"
#include "commonwage/v1/issuer_service.grpc.pb.h"
#include "commonwage/v1/statistics_service.grpc.pb.h"
#include "crypto/blind/blind_rsa.h"
#include "crypto/sodium_random.h"
#include "tests/bench/rates.h"
#include "tests/testing/crowd.h"
#include "tests/testing/submission_sender.h"

namespace commonwage::bench {
namespace {

constexpr size_t kConnections = 4;
constexpr int kInFlight = 512;
// A crowd does not stop sending while the server deals rows anew.
constexpr int kSubmissionsInFlight = 4096;

// Says why before it aborts: a benchmark has no one else to tell.
void RequireOk(const absl::Status& status) {
  if (!status.ok()) {
    std::fprintf(stderr, "a call failed: %s\n", status.ToString().c_str());
  }
  COMMONWAGE_CHECK(status.ok());
}

// Lets a bounded number of things be under way, and waits for all.
class Gate {
 public:
  void Enter() {
    const MutexLock lock(mutex_);
    while (inside_ >= kInFlight) {
      changed_.Wait(mutex_);
    }
    ++inside_;
  }
  void Leave() {
    const MutexLock lock(mutex_);
    --inside_;
    changed_.NotifyAll();
  }
  void WaitUntilEmpty() {
    const MutexLock lock(mutex_);
    while (inside_ > 0) {
      changed_.Wait(mutex_);
    }
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  int inside_ ABSL_GUARDED_BY(mutex_) = 0;
};

std::shared_ptr<grpc::Channel> Connect(const std::string& server) {
  grpc::ChannelArguments arguments;
  // Otherwise gRPC would share one connection between the channels.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(server, grpc::InsecureChannelCredentials(),
                                   arguments);
}

// Makes `count` calls with `start(stub, i, call)`, whose callback ends `call`.
template <typename Service, typename Response, typename Start>
void CallMany(const std::string& server, size_t count, Start start,
              const std::function<void(size_t, const Response&)>& done) {
  std::vector<std::unique_ptr<typename Service::Stub>> stubs;
  for (size_t i = 0; i < kConnections; ++i) {
    stubs.push_back(Service::NewStub(Connect(server)));
  }
  struct Call {
    grpc::ClientContext context;
    Response response;
  };
  Gate gate;
  for (size_t i = 0; i < count; ++i) {
    gate.Enter();
    auto* call = new Call;
    start(*stubs[i % kConnections], i, &call->context, &call->response,
          [&gate, &done, call, i](const grpc::Status& status) {
            std::unique_ptr<Call> owned(call);
            RequireOk(
                absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                             status.error_message()));
            done(i, call->response);
            // Before the gate opens: were this the channel's last user, gRPC
            // would take its queue down from the queue's own thread.
            owned.reset();
            gate.Leave();
          });
  }
  gate.WaitUntilEmpty();
}

}  // namespace

void SendFrames(const std::string& server,
                const std::vector<std::string>& frames) {
  testing::SubmissionSender::Options options;
  options.connect.server = server;
  options.max_in_flight = kSubmissionsInFlight;
  const auto sender = testing::SubmissionSender::Create(options);
  COMMONWAGE_CHECK(sender.ok());
  for (const std::string& frame : frames) {
    (*sender)->Submit(frame, [](const absl::StatusOr<v1::Receipt>& receipt) {
      RequireOk(receipt.status());
    });
  }
  (*sender)->Wait();
}

void AskMany(const std::string& server, const v1::SummarizeRequest& request,
             size_t count) {
  CallMany<v1::StatisticsService, v1::SummarizeResponse>(
      server, count,
      [&](v1::StatisticsService::Stub& stub, size_t /*i*/,
          grpc::ClientContext* context, v1::SummarizeResponse* response,
          std::function<void(grpc::Status)> done) {
        stub.async()->Summarize(context, &request, response, std::move(done));
      },
      [](size_t /*i*/, const v1::SummarizeResponse& /*response*/) {});
}

void WaitForRelease(const std::string& server,
                    const v1::SummarizeRequest& request) {
  const auto stub = v1::StatisticsService::NewStub(Connect(server));
  for (int tries = 0; tries < 100; ++tries) {
    grpc::ClientContext context;
    v1::SummarizeResponse response;
    if (stub->Summarize(&context, request, &response).ok()) {
      return;
    }
    absl::SleepFor(absl::Milliseconds(100));
  }
  COMMONWAGE_CHECK(false && "the release did not appear");
}

Enrolment BlindPeople(const client::TrustedRound& round,
                      const std::vector<std::string>& codes,
                      const std::vector<testing::Person>& people) {
  const auto key =
      crypto::BlindRsaPublicKey::FromDer(round.manifest.issuer_public_key);
  COMMONWAGE_CHECK(key.ok() && codes.size() == people.size());
  std::vector<std::optional<crypto::BlindRsaRequest>> blinded(people.size());
  OnTwoCores(people.size(), [&](size_t i) {
    crypto::SodiumRandom random;
    blinded[i] =
        crypto::BlindRsaRequest::Blind(
            *key,
            client::CredentialMessage(
                round.manifest_hash,
                client::PseudonymOf(people[i].KeyIn(round.manifest_hash))),
            random)
            .value();
  });
  Enrolment enrolment;
  for (size_t i = 0; i < people.size(); ++i) {
    v1::IssueCredentialRequest request = client::RequestMessage(
        round.id, key->der(), blinded[i]->blinded_message());
    request.set_enrolment_code(codes[i]);
    enrolment.requests.push_back(std::move(request));
    enrolment.pending.push_back(*std::move(blinded[i]));
  }
  return enrolment;
}

std::vector<std::string> AskForCredentials(
    const std::string& issuer,
    absl::Span<const v1::IssueCredentialRequest> requests) {
  std::vector<std::string> signatures(requests.size());
  CallMany<v1::IssuerService, v1::IssueCredentialResponse>(
      issuer, requests.size(),
      [&](v1::IssuerService::Stub& stub, size_t i, grpc::ClientContext* context,
          v1::IssueCredentialResponse* response,
          std::function<void(grpc::Status)> done) {
        stub.async()->IssueCredential(context, &requests[i], response,
                                      std::move(done));
      },
      [&](size_t i, const v1::IssueCredentialResponse& response) {
        signatures[i] = response.blind_signature();
      });
  return signatures;
}

void FinishPeople(const Enrolment& enrolment,
                  const std::vector<std::string>& signatures,
                  std::vector<testing::Person>& people) {
  OnTwoCores(people.size(), [&](size_t i) {
    people[i].credential = enrolment.pending[i].Finalize(signatures[i]).value();
  });
}

}  // namespace commonwage::bench
