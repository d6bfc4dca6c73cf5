// SPDX-License-Identifier: Apache-2.0
#include "server/admin/round_life.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "artefacts/signed_manifest.h"
#include "artefacts/signed_release.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "command/times.h"
#include "crypto/fingerprint.h"
#include "server/admin/counted_inbox.h"
#include "server/admin/round_steps.h"
#include "server/admin/survey_account.h"
#include "server/command/stored_files.h"
#include "storage/catalogue/catalogue.h"
#include "storage/catalogue/inbox_age.h"
#include "storage/inbox/inbox.h"
#include "storage/signed_bytes.h"
#include "survey/plan/plan.h"
#include "survey/timestamp.h"

namespace commonwage::server::admin {
namespace {

using storage::RoundSummary;
using storage::SignedBytes;
using storage::StoredRound;

// The key that must have signed: the pinned one, else the one whose fingerprint
// the operator was told, else whichever signed first.
absl::StatusOr<crypto::VerifyKey> ExpectedSigner(
    AdminHost& host, const artefacts::CheckedManifest& manifest,
    absl::string_view expected_key) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const auto pinned,
      host.catalogue().FindSurveyKey(manifest.manifest.plan.survey));
  const crypto::VerifyKey key = pinned.value_or(manifest.signers.front());
  COMMONWAGE_RETURN_IF_ERROR(expected_key.empty()
                                 ? absl::OkStatus()
                                 : crypto::CheckFingerprint(key, expected_key));
  return key;
}

// A server notes the time each minute. That it was off explains as much as a
// clock that is wrong, so this is no more than a hint.
constexpr absl::Duration kNotedLongAgo = absl::Hours(1);

std::string ClockHint(std::optional<absl::Time> noted, absl::Time now) {
  if (!noted.has_value() || now - *noted <= kNotedLongAgo) {
    return "";
  }
  return absl::StrCat(
      "First check this machine's clock: it shows ", command::TimeText(now),
      ", and the server last noted ", command::TimeText(*noted),
      ". If the server was off in between, all is well; else set the clock "
      "right, as a round that is closed stays closed. ");
}

// Why the round's submissions are not as they should be; OK if they are.
absl::Status Examine(AdminHost& host, const RoundSummary& round) {
  if (!MayTake(round.state) && round.state != RoundState::kClosed) {
    return absl::OkStatus();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const std::unique_ptr<storage::Inbox> inbox,
                              host.OpenInbox(round.id));
  return storage::CheckInboxAge(*inbox, round);
}

std::string NextStepWhenDamaged(const RoundSummary& round) {
  return absl::StrCat(
      "Put what is missing or damaged back from a backup; the server notices "
      "within seconds and serves the other rounds meanwhile. ",
      round.set_aside
          ? "Then run round set-aside --undo."
          : "Until then the round takes nothing; round set-aside says so to "
            "those who submit, deletes nothing and can be undone.");
}

std::string NextStep(const RoundSummary& round, absl::Time now) {
  if (round.set_aside) {
    return "It takes nothing and stays as it is until round set-aside --undo.";
  }
  switch (round.state) {
    case RoundState::kCreated:
      return "Wait: the round opens by itself while the server runs.";
    case RoundState::kOpen:
      return now < round.closes_at
                 ? "Wait for the closing time; round close --early ends the "
                   "round before it, and the release will say so."
                 : "Run round close.";
    case RoundState::kClosed:
      return "Run inbox export, hand the file to the steward, and run release "
             "import with the file that comes back.";
    case RoundState::kPublished:
      return "Run release import again: the submissions are not erased yet.";
    case RoundState::kErased:
      return "Nothing: the release can be asked, and the submissions are gone.";
    case RoundState::kCancelled:
      return round.erased
                 ? "Nothing: it was called off, and the submissions are gone."
                 : "Run cancellation import again: the submissions are not "
                   "erased yet.";
  }
  return "";
}

v1::RoundStatusReport ReportOf(RoundSummary round, absl::Time now) {
  // The server opens a round when its time has come; the time alone counts
  // where none runs.
  if (round.state == RoundState::kCreated && now >= round.opens_at) {
    round.state = RoundState::kOpen;
  }
  v1::RoundStatusReport report;
  report.set_round_id(round.id);
  report.set_state(static_cast<v1::RoundState>(round.state));
  *report.mutable_opens_at() = ToTimestamp(round.opens_at);
  *report.mutable_closes_at() = ToTimestamp(round.closes_at);
  report.set_next_step(NextStep(round, now));
  report.set_set_aside(round.set_aside);
  return report;
}

absl::Status CheckReleaseFor(const StoredRound& round,
                             const artefacts::CheckedRelease& checked) {
  if (checked.manifest.hash != round.summary.manifest_hash) {
    return Refusal(Reason::kReleaseOfAnotherManifest,
                   "The release was made under another manifest than the one "
                   "imported for this round; ask the steward.");
  }
  // A round that was never closed here was called off: whoever closed it.
  if (round.inbox_root.has_value() &&
      checked.release.closed_early != round.summary.closed_early) {
    return Refusal(Reason::kReleaseDoesNotFit,
                   "The release does not say truly whether the round was "
                   "closed early; ask the steward.");
  }
  return absl::OkStatus();
}

// Who signs receipts here must be who the manifest says does.
absl::Status CheckOperatorKey(AdminHost& host, const Manifest& manifest) {
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::SigningKey key, host.ReceiptKey());
  if (key.verify_key().view() != manifest.operator_public_key) {
    return Refusal(Reason::kReceiptKeyDiffers,
                   "The manifest names another receipt key than this server's, "
                   "so nobody would take its receipts. Give the steward the "
                   "file that receipt-key --out writes here, and ask for the "
                   "round anew, under another name.");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<StepResult> ImportRound(AdminHost& host,
                                       absl::string_view manifest_file,
                                       absl::string_view expected_key) {
  COMMONWAGE_ASSIGN_OR_RETURN(const artefacts::CheckedManifest checked,
                              artefacts::ReadSignedManifest(manifest_file));
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::VerifyKey signer,
                              ExpectedSigner(host, checked, expected_key));
  COMMONWAGE_ASSIGN_OR_RETURN(SignedBytes stored, StoredFormOf(checked.file));
  COMMONWAGE_RETURN_IF_ERROR(PutFirst(signer, stored));
  COMMONWAGE_RETURN_IF_ERROR(CheckOperatorKey(host, checked.manifest));
  COMMONWAGE_RETURN_IF_ERROR(
      CheckSurveyAccount(host.catalogue(), checked, signer));
  const std::string round_id = RoundIdOf(checked.manifest.plan);
  COMMONWAGE_ASSIGN_OR_RETURN(const std::optional<StoredRound> known,
                              host.catalogue().FindRound(round_id));
  // First the inbox: a round in the catalogue must be able to take submissions.
  COMMONWAGE_RETURN_IF_ERROR(known.has_value() ? absl::OkStatus()
                                               : host.CreateInbox(round_id));
  COMMONWAGE_RETURN_IF_ERROR(
      host.catalogue().ImportRound(stored, checked.manifest, checked.hash));
  return StepResult{.round_id = round_id,
                    .survey_key = signer,
                    .repeated = known.has_value()};
}

absl::StatusOr<StepResult> CloseRound(AdminHost& host,
                                      absl::string_view round_id, bool early,
                                      Clock& clock) {
  COMMONWAGE_ASSIGN_OR_RETURN(const StoredRound round,
                              GetRound(host, round_id));
  COMMONWAGE_RETURN_IF_ERROR(RefuseCancelled(round.summary));
  if (!MayTake(round.summary.state)) {
    return ResultFor(host, round.summary, /*repeated=*/true);
  }
  COMMONWAGE_RETURN_IF_ERROR(RefuseSetAside(round.summary));
  std::optional<absl::Time> closed_early_at;
  if (const absl::Time now = clock.Now(); now < round.summary.closes_at) {
    closed_early_at = now;
  }
  if (closed_early_at.has_value() && !early) {
    return Refusal(Reason::kRoundNotClosed,
                   "The round's closing time has not come. Wait for it, or "
                   "close early with --early, which the release will tell.");
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const std::unique_ptr<storage::Inbox> inbox,
                              host.OpenInbox(round_id));
  COMMONWAGE_RETURN_IF_ERROR(storage::CheckInboxAge(*inbox, round.summary));
  COMMONWAGE_ASSIGN_OR_RETURN(const storage::InboxRoot root, inbox->Close());
  COMMONWAGE_RETURN_IF_ERROR(
      host.catalogue().CloseRound(round_id, closed_early_at, root));
  return ResultFor(host, round.summary, /*repeated=*/false);
}

absl::StatusOr<StepResult> SetRoundAside(AdminHost& host,
                                         absl::string_view round_id,
                                         bool undo) {
  COMMONWAGE_ASSIGN_OR_RETURN(const StoredRound round,
                              GetRound(host, round_id));
  COMMONWAGE_RETURN_IF_ERROR(host.catalogue().SetAside(round_id, !undo));
  return ResultFor(host, round.summary,
                   /*repeated=*/round.summary.set_aside == !undo);
}

absl::StatusOr<StepResult> ImportRelease(AdminHost& host,
                                         absl::string_view release_file) {
  COMMONWAGE_ASSIGN_OR_RETURN(const artefacts::CheckedRelease checked,
                              artefacts::ReadSignedRelease(release_file));
  COMMONWAGE_ASSIGN_OR_RETURN(const StoredRound round,
                              GetRound(host, checked.release.round_id));
  COMMONWAGE_RETURN_IF_ERROR(RefuseSetAside(round.summary));
  COMMONWAGE_RETURN_IF_ERROR(CheckReleaseFor(round, checked));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const auto pinned, host.catalogue().FindSurveyKey(round.summary.survey));
  COMMONWAGE_ASSIGN_OR_RETURN(SignedBytes stored, StoredFormOf(checked.file));
  const crypto::VerifyKey survey_key = pinned.value_or(crypto::VerifyKey());
  COMMONWAGE_RETURN_IF_ERROR(PutFirst(survey_key, stored));
  COMMONWAGE_RETURN_IF_ERROR(
      CheckCountedInbox(host, round, checked, survey_key));
  COMMONWAGE_RETURN_IF_ERROR(
      host.catalogue().ImportRelease(round.summary.id, stored));
  const bool erased = round.summary.state == RoundState::kErased;
  COMMONWAGE_RETURN_IF_ERROR(erased ? absl::OkStatus()
                                    : Erase(host, round.summary.id));
  COMMONWAGE_ASSIGN_OR_RETURN(StepResult result,
                              ResultFor(host, round.summary, erased));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const auto cancellation,
      host.catalogue().FindCancellation(round.summary.id));
  result.beat_cancellation = cancellation.has_value();
  // The round is erased without it.
  result.key_file = erased ? absl::OkStatus() : host.ReplaceKey();
  return result;
}

absl::StatusOr<std::vector<v1::RoundStatusReport>> RoundStatus(
    AdminHost& host, absl::string_view round_id, Clock& clock) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::vector<RoundSummary> rounds,
                              host.catalogue().ListRounds());
  COMMONWAGE_ASSIGN_OR_RETURN(const std::optional<absl::Time> noted,
                              host.catalogue().FindNotedTime());
  const absl::Time now = clock.Now();
  std::vector<v1::RoundStatusReport> reports;
  for (const RoundSummary& round : rounds) {
    if (!round_id.empty() && round.id != round_id) {
      continue;
    }
    v1::RoundStatusReport report = ReportOf(round, now);
    if (const absl::Status damage = Examine(host, round); !damage.ok()) {
      report.set_damage(std::string(damage.message()));
      report.set_next_step(NextStepWhenDamaged(round));
    } else if (MayTake(round.state) && now >= round.closes_at) {
      report.set_next_step(
          absl::StrCat(ClockHint(noted, now), report.next_step()));
    }
    reports.push_back(std::move(report));
  }
  if (reports.empty() && !round_id.empty()) {
    return RoundUnknown();
  }
  return reports;
}

}  // namespace commonwage::server::admin
