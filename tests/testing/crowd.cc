// SPDX-License-Identifier: Apache-2.0
#include "tests/testing/crowd.h"

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "base/check.h"
#include "base/error.h"
#include "base/mutex.h"
#include "base/status_macros.h"
#include "client/connection/connect_options.h"
#include "client/connection/server_api.h"
#include "client/enrolment.h"
#include "client/round_trust.h"
#include "client/submission.h"
#include "commonwage/v1/issuer_service.pb.h"
#include "commonwage/v1/round_service.pb.h"
#include "crypto/blind/blind_rsa.h"
#include "crypto/hash.h"
#include "crypto/secret.h"
#include "crypto/signature.h"
#include "crypto/sodium_random.h"
#include "survey/answer.h"
#include "survey/domain_labels.h"
#include "survey/manifest.h"
#include "tests/testing/submission_sender.h"

namespace commonwage::testing {
namespace {

constexpr int kEnrollingThreads = 4;

client::ConnectOptions ConnectTo(const std::string& server) {
  client::ConnectOptions options;
  options.server = server;
  return options;
}

// Counts from many threads, and tells in turn.
class Tracker {
 public:
  Tracker(size_t total, const CrowdProgress& progress)
      : total_(total), progress_(progress) {}

  void CountOne() {
    const MutexLock lock(mutex_);
    ++done_;
    if (progress_) {
      progress_(done_, total_);
    }
  }

 private:
  const size_t total_;
  const CrowdProgress& progress_;
  Mutex mutex_;
  size_t done_ ABSL_GUARDED_BY(mutex_) = 0;
};

// Notes the request in `person`.
absl::StatusOr<std::string> GetCredential(client::IssuerApi& issuer,
                                          const client::TrustedRound& round,
                                          const crypto::BlindRsaPublicKey& key,
                                          Person& person,
                                          const std::string& code) {
  crypto::SodiumRandom random;
  const std::string message = client::CredentialMessage(
      round.manifest_hash,
      client::PseudonymOf(person.KeyIn(round.manifest_hash)));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const crypto::BlindRsaRequest blinded,
      crypto::BlindRsaRequest::Blind(key, message, random));
  v1::IssueCredentialRequest request =
      client::RequestMessage(round.id, key.der(), blinded.blinded_message());
  request.set_enrolment_code(code);
  COMMONWAGE_ASSIGN_OR_RETURN(const v1::IssueCredentialResponse response,
                              issuer.IssueCredential(request));
  person.request_digest = std::string(
      crypto::Sha256(kBlindedRequestLabel, blinded.blinded_message()).view());
  return blinded.Finalize(response.blind_signature());
}

}  // namespace

crypto::SigningKey Person::KeyIn(const ManifestHash& round) const {
  return client::DerivePseudonymKey(crypto::Secret<32>::From(seed).value(),
                                    round);
}

absl::StatusOr<client::TrustedRound> VisitRound(const std::string& server,
                                                const std::string& round_id) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::unique_ptr<client::ServerApi> api,
                              client::ConnectToServer(ConnectTo(server)));
  v1::GetRoundRequest request;
  request.set_name(absl::StrCat("rounds/", round_id));
  COMMONWAGE_ASSIGN_OR_RETURN(const v1::GetRoundResponse response,
                              api->GetRound(request));
  return client::CheckRound(response.round(), round_id, {});
}

std::vector<Person> MakePeople(size_t count) {
  crypto::SodiumRandom random;
  std::vector<Person> people(count);
  for (Person& person : people) {
    person.seed = std::string(crypto::Secret<32>::Random(random).ExposeText());
  }
  return people;
}

absl::Status EnrolPeople(const std::string& issuer,
                         const client::TrustedRound& round,
                         const std::vector<std::string>& codes,
                         std::vector<Person>& people,
                         const CrowdProgress& progress) {
  COMMONWAGE_CHECK(codes.size() == people.size());
  COMMONWAGE_ASSIGN_OR_RETURN(const std::unique_ptr<client::IssuerApi> api,
                              client::ConnectToIssuer(ConnectTo(issuer)));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const crypto::BlindRsaPublicKey key,
      crypto::BlindRsaPublicKey::FromDer(round.manifest.issuer_public_key));
  Tracker tracker(people.size(), progress);
  std::atomic<size_t> next = 0;
  Mutex mutex;
  absl::Status first_refusal;
  const auto enrol = [&] {
    for (size_t i = next++; i < people.size(); i = next++) {
      absl::StatusOr<std::string> credential =
          GetCredential(*api, round, key, people[i], codes[i]);
      if (!credential.ok()) {
        const MutexLock lock(mutex);
        first_refusal.Update(credential.status());
        return;
      }
      people[i].credential = *std::move(credential);
      tracker.CountOne();
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kEnrollingThreads; ++i) {
      threads.emplace_back(enrol);
    }
  }
  return first_refusal;
}

absl::StatusOr<CrowdOutcome> SubmitAnswers(const std::string& server,
                                           const client::TrustedRound& round,
                                           const std::vector<Person>& people,
                                           const std::vector<Answer>& answers,
                                           const CrowdProgress& progress) {
  COMMONWAGE_CHECK(people.size() == answers.size());
  SubmissionSender::Options options;
  options.connect = ConnectTo(server);
  COMMONWAGE_ASSIGN_OR_RETURN(const std::unique_ptr<SubmissionSender> sender,
                              SubmissionSender::Create(options));
  const client::SealingTerms terms =
      client::MakeSealingTerms(round.manifest, round.manifest_hash);
  crypto::SodiumRandom random;
  Tracker tracker(people.size(), progress);
  Mutex mutex;
  CrowdOutcome outcome;
  for (size_t i = 0; i < people.size(); ++i) {
    client::FrameOrder order;
    order.credential = people[i].credential;
    COMMONWAGE_ASSIGN_OR_RETURN(
        std::string frame,
        client::BuildFrame(terms, people[i].KeyIn(round.manifest_hash), order,
                           answers[i], random));
    sender->Submit(std::move(frame),
                   [&](const absl::StatusOr<v1::Receipt>& receipt) {
                     {
                       const MutexLock lock(mutex);
                       if (receipt.ok()) {
                         ++outcome.accepted;
                       } else {
                         ++outcome.refused[ReasonNameOf(receipt.status())];
                       }
                     }
                     tracker.CountOne();
                   });
  }
  sender->Wait();
  return outcome;
}

}  // namespace commonwage::testing
