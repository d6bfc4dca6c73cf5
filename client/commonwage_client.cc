// SPDX-License-Identifier: Apache-2.0
#include "client/commonwage_client.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "client/checked_round.h"
#include "client/connection/server_api.h"
#include "client/enrolment.h"
#include "client/joining.h"
#include "client/participation.h"
#include "client/recovery_text.h"
#include "client/round_record.h"
#include "client/round_trust.h"
#include "client/seen_rounds.h"
#include "client/survey_record.h"
#include "client/wallet_file.h"
#include "crypto/fingerprint.h"
#include "crypto/recovery_words.h"
#include "crypto/sodium_random.h"
#include "survey/round_order.h"

namespace commonwage::client {
namespace {

RoundInfo InfoOf(TrustedRound round) {
  RoundInfo info;
  info.id = std::move(round.id);
  info.state = round.state;
  info.members_only = round.manifest.admission == Admission::kCredential;
  info.plan = std::move(round.manifest.plan);
  info.survey_key = crypto::Fingerprint(round.survey_key);
  info.survey_key_words = crypto::FingerprintWords(round.survey_key);
  info.receipt_key = crypto::Fingerprint(round.receipt_key);
  info.receipt_key_words = crypto::FingerprintWords(round.receipt_key);
  info.promise = std::move(round.promise);
  return info;
}

}  // namespace

struct Wallet::Parts {
  explicit Parts(WalletFile its_file) : file(std::move(its_file)) {}

  WalletFile file;
};

Wallet::Wallet(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Wallet::Wallet(Wallet&&) noexcept = default;
Wallet& Wallet::operator=(Wallet&&) noexcept = default;
Wallet::~Wallet() = default;

absl::StatusOr<Wallet> Wallet::Create(const std::string& path,
                                      absl::string_view passphrase) {
  crypto::SodiumRandom random;
  COMMONWAGE_ASSIGN_OR_RETURN(
      WalletFile file,
      WalletFile::Create(path, crypto::SecretBytes::From(passphrase),
                         crypto::Secret<32>::Random(random), random));
  return Wallet(std::make_unique<Parts>(std::move(file)));
}

absl::StatusOr<Wallet> Wallet::Open(const std::string& path,
                                    absl::string_view passphrase) {
  COMMONWAGE_RETURN_IF_ERROR(crypto::InitCrypto());
  COMMONWAGE_ASSIGN_OR_RETURN(
      WalletFile file,
      WalletFile::Open(path, crypto::SecretBytes::From(passphrase)));
  return Wallet(std::make_unique<Parts>(std::move(file)));
}

absl::StatusOr<Wallet> Wallet::Recover(const std::string& path,
                                       absl::string_view passphrase,
                                       absl::string_view words) {
  crypto::SodiumRandom random;
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::Secret<32> seed,
                              SeedFromRecoveryText(words));
  COMMONWAGE_ASSIGN_OR_RETURN(
      WalletFile file,
      WalletFile::Create(path, crypto::SecretBytes::From(passphrase), seed,
                         random));
  return Wallet(std::make_unique<Parts>(std::move(file)));
}

absl::StatusOr<std::string> Wallet::RecoveryWords() const {
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents contents,
                              parts_->file.Read());
  return std::string(crypto::RecoveryWords(contents.seed).ExposeText());
}

absl::Status Wallet::Join(absl::string_view invitation, bool replace) {
  COMMONWAGE_ASSIGN_OR_RETURN(const Invitation parsed,
                              ParseInvitation(invitation));
  crypto::SodiumRandom random;
  return client::Join(parts_->file, parsed,
                      replace ? Rejoin::kReplace : Rejoin::kRefuse, random);
}

absl::StatusOr<std::vector<Invitation>> Wallet::Invitations() const {
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents contents,
                              parts_->file.Read());
  return InvitationsIn(contents.records);
}

absl::StatusOr<ParticipationStatus> Wallet::StatusIn(
    absl::string_view round_id) const {
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents contents,
                              parts_->file.Read());
  return DeriveStatus(round_id, FindRound(contents.records, round_id));
}

absl::StatusOr<std::vector<std::string>> Wallet::Waiting() const {
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents contents,
                              parts_->file.Read());
  std::vector<std::string> rounds;
  for (const RoundRecord& record : contents.records.rounds()) {
    if (record.has_waiting()) {
      rounds.push_back(record.round_id());
    }
  }
  return rounds;
}

struct Client::Parts {
  Participation Take(const Wallet& wallet) {
    return Participation(wallet.parts_->file, *server, address, clock, random);
  }

  std::unique_ptr<ServerApi> server;
  std::string address;
  SystemClock clock;
  crypto::SodiumRandom random;
};

Client::Client(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

absl::StatusOr<Client> Client::Connect(const ConnectOptions& options) {
  auto parts = std::make_unique<Parts>();
  COMMONWAGE_ASSIGN_OR_RETURN(parts->server, ConnectToServer(options));
  parts->address = options.server;
  return Client(std::move(parts));
}

absl::StatusOr<std::vector<RoundInfo>> Client::ListRounds() {
  COMMONWAGE_ASSIGN_OR_RETURN(const v1::ListRoundsResponse list,
                              ListAllRounds(*parts_->server));
  std::vector<TrustedRound> trusted;
  for (const v1::Round& round : list.rounds()) {
    absl::StatusOr<TrustedRound> checked =
        CheckRound(round, absl::StripPrefix(round.name(), "rounds/"), {});
    if (checked.ok()) {
      trusted.push_back(*std::move(checked));
    }
  }
  HoldTogether(trusted);
  std::vector<RoundInfo> rounds;
  for (TrustedRound& round : trusted) {
    rounds.push_back(InfoOf(std::move(round)));
  }
  // The server's order is its word.
  std::sort(rounds.begin(), rounds.end(),
            [](const RoundInfo& a, const RoundInfo& b) {
              return IsEarlier({b.plan.opens_at, b.plan.closes_at, b.id},
                               {a.plan.opens_at, a.plan.closes_at, a.id});
            });
  return rounds;
}

absl::StatusOr<RoundInfo> Client::GetRound(absl::string_view round_id) {
  v1::GetRoundRequest request;
  request.set_name(absl::StrCat("rounds/", round_id));
  COMMONWAGE_ASSIGN_OR_RETURN(const v1::GetRoundResponse response,
                              parts_->server->GetRound(request));
  COMMONWAGE_ASSIGN_OR_RETURN(TrustedRound round,
                              CheckRound(response.round(), round_id, {}));
  return InfoOf(std::move(round));
}

absl::Status Client::Enrol(Wallet& wallet, absl::string_view round_id,
                           const ConnectOptions& issuer,
                           absl::string_view enrolment_code,
                           const SubmitOptions& choices) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::unique_ptr<IssuerApi> office,
                              ConnectToIssuer(issuer));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const CheckedRound visit,
      parts_->Take(wallet).VisitRound(round_id, choices));
  return client::Enrol(wallet.parts_->file, *office, visit.round,
                       enrolment_code, choices.forgetful, parts_->random);
}

absl::StatusOr<ParticipationStatus> Client::Submit(
    Wallet& wallet, absl::string_view round_id,
    const std::map<std::string, std::string>& answer,
    const SubmitOptions& choices) {
  Participation participation = parts_->Take(wallet);
  COMMONWAGE_ASSIGN_OR_RETURN(const CheckedRound visit,
                              participation.VisitRound(round_id, choices));
  return participation.Submit(visit.round, answer, choices);
}

absl::StatusOr<ParticipationStatus> Client::Amend(
    Wallet& wallet, absl::string_view round_id,
    const std::map<std::string, std::string>& answer) {
  Participation participation = parts_->Take(wallet);
  COMMONWAGE_ASSIGN_OR_RETURN(const CheckedRound visit,
                              participation.VisitRound(round_id, {}));
  return participation.Amend(visit.round, answer);
}

absl::StatusOr<ParticipationStatus> Client::Withdraw(
    Wallet& wallet, absl::string_view round_id) {
  Participation participation = parts_->Take(wallet);
  COMMONWAGE_ASSIGN_OR_RETURN(const CheckedRound visit,
                              participation.VisitRound(round_id, {}));
  return participation.Withdraw(visit.round);
}

absl::StatusOr<ParticipationStatus> Client::Resume(Wallet& wallet,
                                                   absl::string_view round_id) {
  return parts_->Take(wallet).Resume(round_id, false);
}

absl::StatusOr<v1::SummarizeResponse> Client::Summarize(
    const v1::SummarizeRequest& request) {
  return parts_->server->Summarize(request);
}

absl::StatusOr<v1::CompareResponse> Client::Compare(
    const v1::CompareRequest& request) {
  return parts_->server->Compare(request);
}

absl::StatusOr<v1::TrendResponse> Client::Trend(
    const v1::TrendRequest& request) {
  return parts_->server->Trend(request);
}

absl::StatusOr<v1::ListReleasesResponse> Client::ListReleases(
    const v1::ListReleasesRequest& request) {
  return parts_->server->ListReleases(request);
}

absl::StatusOr<v1::SignedRelease> Client::Download(absl::string_view round_id) {
  v1::DownloadReleaseRequest request;
  request.set_name(absl::StrCat("releases/", round_id));
  COMMONWAGE_ASSIGN_OR_RETURN(const std::string bytes,
                              parts_->server->DownloadRelease(request));
  v1::SignedRelease release;
  if (!release.ParseFromString(bytes)) {
    return Refusal(Reason::kReleaseDamaged,
                   "What the server sent is no release.");
  }
  return release;
}

}  // namespace commonwage::client
