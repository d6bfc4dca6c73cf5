// SPDX-License-Identifier: Apache-2.0
// The online host in memory: it checks frames and answers as the collector's
// contract says, and fails on demand. And the union office.

#ifndef COMMONWAGE_TESTS_CLIENT_FAKE_SERVER_H_
#define COMMONWAGE_TESTS_CLIENT_FAKE_SERVER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "base/mutex.h"
#include "client/connection/server_api.h"
#include "crypto/blind/blind_rsa_key.h"
#include "survey/frame.h"
#include "tests/client/made_round.h"

namespace commonwage::testing {

class FakeServer final : public client::ServerApi {
 public:
  // Serves `round`, which outlives this object, as being open.
  explicit FakeServer(const MadeRound& round) : round_(&round) {}

  [[nodiscard]] const MadeRound& round() const { return *round_; }

  // What tests choose. Not while calls run.
  v1::RoundState state = v1::ROUND_STATE_OPEN;
  std::optional<v1::Round> shown_round;  // Instead of the true one.
  std::vector<v1::Round> other_rounds;   // Listed before the one shown.
  int64_t server_hour = 0;               // As GetRoundResponse says it.
  absl::Status failure;       // If not OK, of every call: nothing happens.
  bool lose_answers = false;  // Act, and then say UNAVAILABLE.
  bool forge_receipts = false;
  absl::Status refusal;    // If not OK, of every frame, which is not stored.
  std::string page_token;  // Of every list of rounds.
  v1::SummarizeResponse summary;
  v1::CompareResponse gap;
  v1::TrendResponse trend;
  std::string release_bytes;

  // The latest frame of each pseudonym; empty once it is withdrawn.
  std::map<Pseudonym, std::string> Stored();
  // Every frame that came, in order.
  std::vector<std::string> Seen();
  // What was last asked for.
  v1::SummarizeRequest LastSummarize();
  v1::CompareRequest LastCompare();
  v1::TrendRequest LastTrend();

  absl::StatusOr<v1::ListRoundsResponse> ListRounds(
      const v1::ListRoundsRequest& request) override;
  absl::StatusOr<v1::GetRoundResponse> GetRound(
      const v1::GetRoundRequest& request) override;
  absl::StatusOr<v1::SubmitResponse> Submit(
      const v1::SubmitRequest& request) override;
  absl::StatusOr<v1::ListReleasesResponse> ListReleases(
      const v1::ListReleasesRequest& request) override;
  absl::StatusOr<v1::SummarizeResponse> Summarize(
      const v1::SummarizeRequest& request) override;
  absl::StatusOr<v1::CompareResponse> Compare(
      const v1::CompareRequest& request) override;
  absl::StatusOr<v1::TrendResponse> Trend(
      const v1::TrendRequest& request) override;
  absl::StatusOr<std::string> DownloadRelease(
      const v1::DownloadReleaseRequest& request) override;

 private:
  struct Entry {
    std::string frame;
    uint64_t sequence = 0;
    bool withdrawn = false;
  };

  absl::Status Accept(const std::string& frame)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Admit(const FrameView& frame) const;
  v1::Receipt ReceiptFor(const std::string& frame) const;

  const MadeRound* round_;
  Mutex mutex_;
  std::map<Pseudonym, Entry> entries_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> seen_ ABSL_GUARDED_BY(mutex_);
  v1::SummarizeRequest last_summarize_ ABSL_GUARDED_BY(mutex_);
  v1::CompareRequest last_compare_ ABSL_GUARDED_BY(mutex_);
  v1::TrendRequest last_trend_ ABSL_GUARDED_BY(mutex_);
};

// Issues one credential per code.
class FakeIssuer final : public client::IssuerApi {
 public:
  explicit FakeIssuer(const crypto::BlindRsaPrivateKey& key) : key_(key) {}

  absl::Status failure;  // If not OK, of every call.
  std::vector<v1::IssueCredentialRequest> seen;

  absl::StatusOr<v1::IssueCredentialResponse> IssueCredential(
      const v1::IssueCredentialRequest& request) override;

 private:
  const crypto::BlindRsaPrivateKey& key_;
  std::map<std::string, std::string> blinded_by_code_;
};

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_CLIENT_FAKE_SERVER_H_
