// SPDX-License-Identifier: Apache-2.0
#include "client/round_record.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "client/joining.h"
#include "client/receipt_check.h"
#include "crypto/secret.h"
#include "survey/frame.h"

namespace commonwage::client {
namespace {

// A wallet holds many rounds, and a manifest can be as large as 2 MiB.
constexpr size_t kMaxKeptRoundBytes = size_t{256} << 10U;

absl::Status NotNow(absl::string_view reason, absl::string_view sentence) {
  return Refusal(absl::StatusCode::kFailedPrecondition, reason, sentence);
}

absl::Status Already(absl::string_view reason, absl::string_view sentence) {
  return Refusal(absl::StatusCode::kAlreadyExists, reason, sentence);
}

bool IsWithdrawn(const RoundRecord& record) {
  return record.receipt().status() == v1::RECEIPT_STATUS_WITHDRAWN;
}

// Whether an answer was given, sent or not.
bool HasAnswered(const RoundRecord& record) {
  return HasReceipt(record) || record.forgotten() || record.missed() ||
         record.unconfirmed();
}

}  // namespace

const SurveyRecord* FindSurvey(const WalletRecords& records,
                               absl::string_view survey) {
  for (const SurveyRecord& record : records.surveys()) {
    if (record.survey() == survey) {
      return &record;
    }
  }
  return nullptr;
}

SurveyRecord& GetOrAddSurvey(WalletRecords& records, absl::string_view survey) {
  for (SurveyRecord& record : *records.mutable_surveys()) {
    if (record.survey() == survey) {
      return record;
    }
  }
  SurveyRecord& record = *records.add_surveys();
  record.set_survey(std::string(survey));
  return record;
}

SurveyRecord& GetOrAddSurvey(WalletRecords& records, absl::string_view survey,
                             const crypto::VerifyKey& key) {
  SurveyRecord& record = GetOrAddSurvey(records, survey);
  if (record.verify_key().empty()) {
    record.set_verify_key(std::string(key.view()));
  }
  return record;
}

const RoundRecord* FindRound(const WalletRecords& records,
                             absl::string_view round_id) {
  for (const RoundRecord& record : records.rounds()) {
    if (record.round_id() == round_id) {
      return &record;
    }
  }
  return nullptr;
}

RoundRecord& GetOrAddRound(WalletRecords& records, absl::string_view round_id) {
  for (RoundRecord& record : *records.mutable_rounds()) {
    if (record.round_id() == round_id) {
      return record;
    }
  }
  RoundRecord& record = *records.add_rounds();
  record.set_round_id(std::string(round_id));
  return record;
}

const SurveyRecord* FindSurveyOf(const WalletRecords& records,
                                 absl::string_view round_id) {
  // IDs may contain dots, so that the survey's part of a round ID is not
  // certain: of the surveys that it can be, the longest is meant, whatever the
  // manifest will claim.
  const SurveyRecord* found = nullptr;
  size_t longest = 0;
  for (const SurveyRecord& survey : records.surveys()) {
    if (absl::StartsWith(round_id, absl::StrCat(survey.survey(), ".")) &&
        survey.survey().size() > longest) {
      longest = survey.survey().size();
      found = &survey;
    }
  }
  return found;
}

TrustAnchors AnchorsOf(const WalletRecords& records, absl::string_view round_id,
                       absl::string_view fingerprint) {
  TrustAnchors anchors;
  anchors.survey_key_fingerprint = std::string(fingerprint);
  if (const SurveyRecord* survey = FindSurveyOf(records, round_id)) {
    anchors.survey_key = crypto::VerifyKey::From(survey->verify_key());
    anchors.invitation = InvitationOf(*survey);
  }
  if (const RoundRecord* record = FindRound(records, round_id)) {
    anchors.manifest_hash = ManifestHash::From(record->manifest_hash());
    anchors.answered = record->has_waiting() || HasReceipt(*record);
  }
  return anchors;
}

void Remember(const TrustedRound& trusted, const v1::Round& shown,
              RoundRecord& record) {
  record.set_manifest_hash(std::string(trusted.manifest_hash.view()));
  record.set_receipt_verify_key(std::string(trusted.receipt_key.view()));
  record.set_closes_at(absl::ToUnixSeconds(trusted.manifest.plan.closes_at));
  if (trusted.state == v1::ROUND_STATE_CANCELLED) {
    DropCalledOff(record);
  } else if (IsReleased(trusted.state)) {
    // A release beats a cancellation.
    record.set_called_off(false);
  }
  if (shown.ByteSizeLong() <= kMaxKeptRoundBytes) {
    *record.mutable_shown() = shown;
  }
}

bool KnowsReceiptKey(const WalletRecords& records,
                     const crypto::VerifyKey& receipt_key) {
  return std::any_of(records.rounds().begin(), records.rounds().end(),
                     [&](const RoundRecord& record) {
                       return record.receipt_verify_key() == receipt_key.view();
                     });
}

bool HasReceipt(const RoundRecord& record) {
  return !record.accepted_frame().empty();
}

crypto::VerifyKey ReceiptKeyOf(const RoundRecord& record) {
  return crypto::VerifyKey::From(record.receipt_verify_key())
      .value_or(crypto::VerifyKey());
}

absl::StatusOr<Standing> StandingOf(absl::string_view round_id,
                                    const RoundRecord* record) {
  Standing standing;
  standing.round_id = std::string(round_id);
  if (record == nullptr) {
    return standing;
  }
  if (record->forgotten()) {
    standing.state = Standing::State::kForgotten;
  } else if (HasReceipt(*record)) {
    COMMONWAGE_RETURN_IF_ERROR(CheckReceipt(
        record->receipt(), record->accepted_frame(), ReceiptKeyOf(*record)));
    standing.state = IsWithdrawn(*record) ? Standing::State::kWithdrawn
                                          : Standing::State::kStored;
    standing.sequence = record->receipt().sequence();
  }
  if (standing.state == Standing::State::kNothing && record->missed()) {
    standing.state = Standing::State::kMissed;
  }
  if (standing.state == Standing::State::kNothing && record->unconfirmed()) {
    standing.state = Standing::State::kUnconfirmed;
  }
  if (record->called_off() && HasAnswered(*record) && !IsWithdrawn(*record)) {
    standing.state = Standing::State::kCalledOff;
  }
  if (record->has_waiting()) {
    standing.state = Standing::State::kWaiting;
    standing.send_at = absl::FromUnixSeconds(record->waiting().send_at());
  }
  return standing;
}

absl::Status CalledOff(const RoundRecord* record) {
  return NotNow("ROUND_CANCELLED",
                record != nullptr && HasAnswered(*record)
                    ? kCalledOffSentence
                    : "This round was called off. It takes no answers, "
                      "and those that it had were destroyed unread.");
}

absl::Status CheckMayChange(const RoundRecord* record) {
  if (record != nullptr && record->called_off()) {
    return CalledOff(record);
  }
  if (record != nullptr && record->forgotten()) {
    return NotNow("FORGOTTEN",
                  "This round was answered in forgetful mode: the keys are "
                  "erased, and the answer can no longer be changed.");
  }
  if (record != nullptr && IsWithdrawn(*record)) {
    return NotNow("ALREADY_WITHDRAWN",
                  "The answer was withdrawn, and that is final for the round.");
  }
  return absl::OkStatus();
}

absl::Status CheckMaySubmit(const RoundRecord* record) {
  COMMONWAGE_RETURN_IF_ERROR(CheckMayChange(record));
  if (record != nullptr && HasReceipt(*record)) {
    return Already("ALREADY_ANSWERED",
                   "This wallet has answered in this round. `commonwage amend` "
                   "changes the answer, `commonwage withdraw` takes it back.");
  }
  if (record != nullptr && record->has_waiting()) {
    return Already("ANSWER_WAITING",
                   "An answer of this wallet waits to be sent. `commonwage "
                   "submit --resume` sends it, `commonwage amend` changes it, "
                   "`commonwage withdraw` drops it.");
  }
  return absl::OkStatus();
}

absl::Status CheckEnrolled(const TrustedRound& round,
                           const RoundRecord* record) {
  if (round.manifest.admission == Admission::kCredential &&
      (record == nullptr || record->credential().empty())) {
    return NotNow("NOT_ENROLLED",
                  "This round is for members. Enrol first, with the code from "
                  "your union: `commonwage enrol`.");
  }
  return absl::OkStatus();
}

void DropAtClose(RoundRecord& record, bool tried) {
  const absl::StatusOr<FrameView> frame =
      FrameView::Parse(record.waiting().frame());
  if (frame.ok() && frame->header().operation == Operation::kSubmit) {
    record.set_unconfirmed(record.unconfirmed() || tried);
    record.set_missed(!record.unconfirmed());
  }
  record.clear_waiting();
}

void DropCalledOff(RoundRecord& record) {
  if (record.has_waiting()) {
    DropAtClose(record, record.waiting().tried());
  }
  record.set_called_off(true);
}

void Forget(RoundRecord& record) {
  crypto::Wipe(*record.mutable_throwaway_seed());
  crypto::Wipe(*record.mutable_credential());
  crypto::Wipe(*record.mutable_accepted_frame());
  record.clear_receipt();
  record.clear_waiting();
  record.set_forgotten(true);
}

}  // namespace commonwage::client
