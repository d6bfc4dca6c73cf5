// SPDX-License-Identifier: Apache-2.0
#include "server/collector/round_keeper.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "artefacts/signed_manifest.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "crypto/blind/blind_rsa.h"
#include "crypto/hash.h"
#include "server/collector/shown_file.h"
#include "storage/catalogue/inbox_age.h"
#include "survey/domain_labels.h"
#include "survey/manifest.h"

namespace commonwage::server::collector {
namespace {

using storage::RoundState;

// Each note is a sync of the catalogue, and says how busy the round was.
constexpr absl::Duration kBetweenNotes = absl::Minutes(1);
constexpr absl::Duration kBetweenTries = absl::Seconds(2);

absl::Status CheckInPlace(const BoardRound& round) {
  return round.inbox != nullptr ? round.inbox->CheckInPlace()
                                : absl::OkStatus();
}

// Nothing is taken under rules that no client would believe.
absl::StatusOr<RoundTerms> TermsOf(const storage::SignedBytes& stored) {
  COMMONWAGE_ASSIGN_OR_RETURN(const artefacts::CheckedManifest checked,
                              artefacts::CheckManifest(ShownManifest(stored)));
  const Manifest& manifest = checked.manifest;
  const crypto::Digest digest =
      crypto::Sha256(kRoundKeyIdLabel, manifest.round_public_key);
  RoundTerms terms;
  terms.round_key_id =
      RoundKeyId::From(digest.view().substr(0, RoundKeyId::kSize)).value();
  if (manifest.admission == Admission::kCredential) {
    COMMONWAGE_ASSIGN_OR_RETURN(
        terms.issuer_key,
        crypto::BlindRsaPublicKey::FromDer(manifest.issuer_public_key));
  }
  return terms;
}

}  // namespace

RoundKeeper::RoundKeeper(storage::Catalogue& catalogue, InboxOpener open_inbox,
                         RoundBoard& board, Clock& clock, Log& log)
    : catalogue_(catalogue),
      open_inbox_(std::move(open_inbox)),
      board_(board),
      clock_(clock),
      log_(log) {}

absl::Status RoundKeeper::Refresh() {
  absl::Status first_failure = ReloadIfChanged();
  first_failure.Update(LookAtClock());
  for (BoardRound& round : rounds_) {
    Keep(round);
  }
  if (const absl::Time now = clock_.now();
      now < noted_at_ || now - noted_at_ >= kBetweenNotes) {
    noted_at_ = now;
    first_failure.Update(NoteAges());
    first_failure.Update(NoteTime());
  }
  if (board_is_stale_) {
    board_.Set(std::make_shared<const RoundTable>(rounds_));
    board_is_stale_ = false;
  }
  return first_failure;
}

absl::Status RoundKeeper::LookAtClock() {
  if (!clock_is_started_) {
    COMMONWAGE_ASSIGN_OR_RETURN(const std::optional<absl::Time> noted,
                                catalogue_.FindNotedTime());
    clock_.StartAt(noted);
    clock_is_started_ = true;
  }
  clock_.Look();
  if (clock_.doubtful() && !clock_was_doubtful_) {
    log_.Write(LogEvent::kClockDoubtful);
  }
  clock_was_doubtful_ = clock_.doubtful();
  return absl::OkStatus();
}

absl::Status RoundKeeper::NoteTime() {
  return catalogue_.NoteTime(clock_.believed());
}

// Opening reads all of an inbox, so one that is damaged is not tried all the
// time.
bool RoundKeeper::Waits(const BoardRound& round) const {
  const auto entry = next_try_.find(round.summary.id);
  return round.inbox == nullptr && entry != next_try_.end() &&
         clock_.now() < entry->second &&
         entry->second - clock_.now() <= kBetweenTries;
}

void RoundKeeper::Keep(BoardRound& round) {
  if (Waits(round)) {
    return;
  }
  const RoundState before = round.summary.state;
  const bool had_inbox = round.inbox != nullptr;
  const bool was_well = round.failure.ok();
  round.failure = Advance(round);
  board_is_stale_ |= round.summary.state != before ||
                     had_inbox != (round.inbox != nullptr) ||
                     was_well != round.failure.ok();
  if (!round.failure.ok()) {
    // Perhaps a command was faster: look again.
    version_.reset();
  }
  LogFailure(round);
  LogChange(round.summary);
}

absl::Status RoundKeeper::NoteAges() {
  absl::Status first_failure;
  for (BoardRound& round : rounds_) {
    if (round.inbox != nullptr) {
      first_failure.Update(
          storage::NoteInboxAge(*round.inbox, round.summary, catalogue_));
    }
  }
  return first_failure;
}

absl::Status RoundKeeper::ReloadIfChanged() {
  // Read before the rounds: what changes in between is seen next time.
  COMMONWAGE_ASSIGN_OR_RETURN(const int64_t version, catalogue_.DataVersion());
  if (version == version_) {
    return absl::OkStatus();
  }
  if (version_.has_value()) {
    // A command did something; perhaps it mended a round.
    next_try_.clear();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(std::vector<storage::RoundSummary> summaries,
                              catalogue_.ListRounds());
  absl::flat_hash_map<ManifestHash, BoardRound*> known;
  for (BoardRound& round : rounds_) {
    known.emplace(round.summary.manifest_hash, &round);
  }
  std::vector<BoardRound> rounds;
  rounds.reserve(summaries.size());
  for (storage::RoundSummary& summary : summaries) {
    BoardRound round;
    round.summary = std::move(summary);
    const auto found = known.find(round.summary.manifest_hash);
    if (found != known.end() && MayTake(round.summary.state) &&
        !round.summary.set_aside) {
      round.terms = found->second->terms;
      round.inbox = found->second->inbox;
      round.failure = found->second->failure;
    }
    rounds.push_back(std::move(round));
  }
  rounds_ = std::move(rounds);
  version_ = version;
  board_is_stale_ = true;
  return absl::OkStatus();
}

absl::Status RoundKeeper::Advance(BoardRound& round) {
  RoundState& state = round.summary.state;
  if (!MayTake(state) || round.summary.set_aside) {
    return absl::OkStatus();
  }
  // Before its time too, so that it can open on the second.
  COMMONWAGE_RETURN_IF_ERROR(Prepare(round));
  const RoundState due = StateAt(round.summary, clock_.now());
  if (due == RoundState::kOpen && state == RoundState::kCreated) {
    COMMONWAGE_RETURN_IF_ERROR(catalogue_.OpenRound(round.summary.id));
    state = RoundState::kOpen;
  } else if (clock_.IsOver(round.summary.closes_at)) {
    return Close(round);
  }
  return absl::OkStatus();
}

absl::Status RoundKeeper::Prepare(BoardRound& round) {
  if (round.terms == nullptr) {
    COMMONWAGE_ASSIGN_OR_RETURN(
        const std::optional<storage::StoredRound> stored,
        catalogue_.FindRound(round.summary.id));
    if (!stored.has_value()) {
      return absl::InternalError("a listed round is not there");
    }
    COMMONWAGE_ASSIGN_OR_RETURN(RoundTerms terms, TermsOf(stored->manifest));
    round.terms = std::make_shared<const RoundTerms>(std::move(terms));
  }
  if (const absl::Status in_place = CheckInPlace(round); !in_place.ok()) {
    // What it has is no longer what the operator has.
    round.inbox.reset();
    if (round.summary.state == RoundState::kCreated) {
      // Perhaps the round was called off since: nothing is made anew before the
      // next look at the catalogue.
      return in_place;
    }
  }
  return round.inbox == nullptr ? OpenInbox(round) : absl::OkStatus();
}

absl::Status RoundKeeper::OpenInbox(BoardRound& round) {
  next_try_[round.summary.id] = clock_.now() + kBetweenTries;
  const bool is_new = round.summary.state == RoundState::kCreated;
  COMMONWAGE_ASSIGN_OR_RETURN(std::unique_ptr<storage::Inbox> inbox,
                              open_inbox_(round.summary.id, is_new));
  COMMONWAGE_RETURN_IF_ERROR(storage::CheckInboxAge(*inbox, round.summary));
  round.inbox = std::move(inbox);
  next_try_.erase(round.summary.id);
  return absl::OkStatus();
}

absl::Status RoundKeeper::Close(BoardRound& round) {
  COMMONWAGE_ASSIGN_OR_RETURN(const storage::InboxRoot root,
                              round.inbox->Close());
  COMMONWAGE_RETURN_IF_ERROR(
      catalogue_.CloseRound(round.summary.id,
                            /*closed_early_at=*/std::nullopt, root));
  round.summary.state = RoundState::kClosed;
  round.terms.reset();
  round.inbox.reset();
  return absl::OkStatus();
}

void RoundKeeper::LogFailure(const BoardRound& round) {
  const std::string reason = ReasonNameOf(round.failure);
  std::string& logged = logged_failures_[round.summary.id];
  if (logged != reason && !round.failure.ok()) {
    log_.Write(LogEvent::kRoundFailed, {LogField::Round(round.summary.id),
                                        LogField::Failure(round.failure)});
  }
  logged = reason;
}

void RoundKeeper::LogChange(const storage::RoundSummary& round) {
  const auto [entry, is_new] =
      logged_states_.try_emplace(round.id, round.state);
  if (is_new || entry->second == round.state) {
    return;
  }
  entry->second = round.state;
  switch (round.state) {
    case RoundState::kCreated:
      break;
    case RoundState::kOpen:
      log_.Write(LogEvent::kRoundOpened, {LogField::Round(round.id)});
      break;
    case RoundState::kClosed:
      log_.Write(LogEvent::kRoundClosed, {LogField::Round(round.id)});
      break;
    case RoundState::kPublished:
      log_.Write(LogEvent::kReleaseAvailable, {LogField::Round(round.id)});
      break;
    case RoundState::kErased:
      log_.Write(LogEvent::kRoundErased, {LogField::Round(round.id)});
      break;
    case RoundState::kCancelled:
      log_.Write(LogEvent::kRoundCancelled, {LogField::Round(round.id)});
      break;
  }
}

}  // namespace commonwage::server::collector
