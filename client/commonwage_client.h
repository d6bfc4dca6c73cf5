// SPDX-License-Identifier: Apache-2.0
// Commonwage for partner apps: the one header to include.
//
// An app lets its user give their pay to a round, from the user's own device:
// the answer is sealed here, before anything is sent, and neither the app's
// makers nor the server can read it. The user's seed stays in a Wallet on that
// device: an app shows its words to the user, and keeps no copy. And an app
// shows figures, which come with how sure they are; show that too.
//
//   auto wallet = Wallet::Create("wallet.cw", passphrase);   // or Open
//   wallet->Join(invitation);   // What the union gave to its members.
//   auto client = Client::Connect({.server =
//   wallet->Invitations()->at(0).server}); auto standing =
//   client->Submit(*wallet, "couriers.2026-q1",
//       {{"platform", "bolt-bike"}, {"hourly_pay", "13.50"}}, {});
//   while (standing->state == ParticipationStatus::State::kWaiting) {
//     // Later, also after a restart:
//     standing = client->Resume(*wallet, "couriers.2026-q1");
//   }
//
// A wallet takes a survey's key from the person alone: from their union's
// invitation, or typed (SubmitOptions::survey_key_fingerprint). Without either,
// whatever would seal or ask for something fails with FAILED_PRECONDITION
// (SURVEY_KEY_UNCONFIRMED). A wallet that was rebuilt from its words joins once
// more.
//
// Functions return absl::Status or absl::StatusOr: a canonical code, a sentence
// for people, and a reason for programs, which ReasonOf(status) of base/error.h
// returns. A Client is thread-safe; one Wallet is used by one thread at a time.

#ifndef COMMONWAGE_CLIENT_COMMONWAGE_CLIENT_H_
#define COMMONWAGE_CLIENT_COMMONWAGE_CLIENT_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "client/connection/connect_options.h"
#include "client/participation_status.h"
#include "client/submit_options.h"
#include "commonwage/v1/round.pb.h"
#include "commonwage/v1/statistics_service.pb.h"
#include "survey/invitation.h"
#include "survey/plan/plan.h"

namespace commonwage::client {

// A round that an app can show, its signature checked.
struct RoundInfo {
  std::string id;  // "<survey>.<round>".
  v1::RoundState state = v1::ROUND_STATE_UNSPECIFIED;
  Plan plan;  // What it asks, when it is open, what it publishes.
  // Whether only members can answer, once each. If not, say so before the user
  // answers, and say "unverified" wherever the round or its figures are shown.
  bool members_only = false;
  // The survey's key, as digits and as words, for people to compare with what
  // their union printed.
  std::string survey_key;
  std::string survey_key_words;
  // The operator's key for receipts, likewise. The round's rules name it, under
  // the survey's signature.
  std::string receipt_key;
  std::string receipt_key_words;
  // Whether the survey keeps what it promised, by the rounds that came with
  // this one; a wallet may know of more. Unless it is OK, do not ask for an
  // answer: none is sealed.
  absl::Status promise;
};

// One user's seed, and what was done with it, in an encrypted file. Move-only.
class Wallet {
 public:
  // Make, open, or rebuild from the words a wallet at `path`. `passphrase`
  // encrypts the file. Each takes about half a second.
  //
  // Fail with ALREADY_EXISTS (FILE_EXISTS), NOT_FOUND (FILE_NOT_FOUND),
  // FAILED_PRECONDITION (PASSPHRASE_REFUSED), DATA_LOSS (WALLET_DAMAGED), or
  // INVALID_ARGUMENT for words that are wrong, named by position.
  static absl::StatusOr<Wallet> Create(const std::string& path,
                                       absl::string_view passphrase);
  static absl::StatusOr<Wallet> Open(const std::string& path,
                                     absl::string_view passphrase);
  static absl::StatusOr<Wallet> Recover(const std::string& path,
                                        absl::string_view passphrase,
                                        absl::string_view words);

  Wallet(const Wallet&) = delete;
  Wallet& operator=(const Wallet&) = delete;
  Wallet(Wallet&&) noexcept;
  Wallet& operator=(Wallet&&) noexcept;
  ~Wallet();

  // Returns the 24 words for the user to write down.
  // Reveals: everything the user can do, to who sees them. Wipe them.
  [[nodiscard]] absl::StatusOr<std::string> RecoveryWords() const;

  // Pins what an invitation says, as Join of joining.h, whose failures it has
  // besides those of ParseInvitation. `replace` takes it in the place of what
  // the wallet knows of the survey: only when the user says so plainly.
  absl::Status Join(absl::string_view invitation, bool replace = false);

  // Returns the invitations that the wallet joined by: where the survey's
  // server and the union's office are, and who may answer.
  [[nodiscard]] absl::StatusOr<std::vector<Invitation>> Invitations() const;

  // Returns how the user stands in a round, from the receipt in the wallet.
  // Fails with FAILED_PRECONDITION (RECEIPT_REFUSED) if it is not valid.
  [[nodiscard]] absl::StatusOr<ParticipationStatus> StatusIn(
      absl::string_view round_id) const;

  // Returns the rounds in which something waits to be sent.
  [[nodiscard]] absl::StatusOr<std::vector<std::string>> Waiting() const;

 private:
  friend class Client;
  struct Parts;
  explicit Wallet(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// A connection to one server. Every call fails with UNAVAILABLE
// (SERVER_UNREACHABLE) if it is not there, and then may be made again; and with
// the reasons that the service's proto names.
class Client {
 public:
  // Connects with the first call.
  // Fails with INVALID_ARGUMENT (SERVER_ADDRESS_MALFORMED).
  static absl::StatusOr<Client> Connect(const ConnectOptions& options);

  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  // Returns the rounds of the server whose manifests are signed as they should
  // be, the newest first. Whether the signer is the right one only a wallet
  // knows, or the user.
  absl::StatusOr<std::vector<RoundInfo>> ListRounds();

  // Returns one round; fails as CheckRound (round_trust.h).
  absl::StatusOr<RoundInfo> GetRound(absl::string_view round_id);

  // Gets the member's credential for a round from the union office at `issuer`,
  // with the code that the office gave the user. Fails as VisitRound
  // (checked_round.h) and Enrol (enrolment.h).
  absl::Status Enrol(Wallet& wallet, absl::string_view round_id,
                     const ConnectOptions& issuer,
                     absl::string_view enrolment_code,
                     const SubmitOptions& choices);

  // Seal an answer (by dimension or measure ID, as the user entered it) and
  // send it, at a random time unless `choices` say otherwise; replace it; take
  // it back. What cannot be sent is kept, and Resume sends it.
  // Fail as VisitRound (checked_round.h) and Participation (participation.h).
  absl::StatusOr<ParticipationStatus> Submit(
      Wallet& wallet, absl::string_view round_id,
      const std::map<std::string, std::string>& answer,
      const SubmitOptions& choices);
  absl::StatusOr<ParticipationStatus> Amend(
      Wallet& wallet, absl::string_view round_id,
      const std::map<std::string, std::string>& answer);
  absl::StatusOr<ParticipationStatus> Withdraw(Wallet& wallet,
                                               absl::string_view round_id);

  // Sends what waits in a round if its time has come.
  absl::StatusOr<ParticipationStatus> Resume(Wallet& wallet,
                                             absl::string_view round_id);

  // Figures, with intervals and where they come from.
  absl::StatusOr<v1::SummarizeResponse> Summarize(
      const v1::SummarizeRequest& request);
  absl::StatusOr<v1::CompareResponse> Compare(
      const v1::CompareRequest& request);
  absl::StatusOr<v1::TrendResponse> Trend(const v1::TrendRequest& request);
  absl::StatusOr<v1::ListReleasesResponse> ListReleases(
      const v1::ListReleasesRequest& request);

  // Returns a whole release, to be kept and checked (VerifyRelease of
  // verify.h).
  absl::StatusOr<v1::SignedRelease> Download(absl::string_view round_id);

 private:
  struct Parts;
  explicit Client(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_COMMONWAGE_CLIENT_H_
