// SPDX-License-Identifier: Apache-2.0
#include "client/round_record.h"

#include <algorithm>
#include <cstddef>

#include "base/error.h"
#include "client/survey_record.h"
#include "crypto/secret.h"
#include "survey/frame.h"

namespace commonwage::client {
namespace {

// A wallet holds many rounds, and a manifest can be as large as 2 MiB.
constexpr size_t kMaxKeptRoundBytes = size_t{256} << 10U;

}  // namespace

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

bool IsWithdrawn(const RoundRecord& record) {
  return record.receipt().status() == v1::RECEIPT_STATUS_WITHDRAWN;
}

bool HasAnswered(const RoundRecord& record) {
  return HasReceipt(record) || record.forgotten() || record.missed() ||
         record.unconfirmed();
}

crypto::VerifyKey ReceiptKeyOf(const RoundRecord& record) {
  return crypto::VerifyKey::From(record.receipt_verify_key())
      .value_or(crypto::VerifyKey());
}

absl::Status CalledOff(const RoundRecord* record) {
  return Refusal(Reason::kRoundCancelled,
                 record != nullptr && HasAnswered(*record)
                     ? kCalledOffSentence
                     : "This round was called off. It takes no answers, "
                       "and those that it had were destroyed unread.");
}

absl::Status CheckEnrolled(const TrustedRound& round,
                           const RoundRecord* record) {
  if (round.manifest.admission == Admission::kCredential &&
      (record == nullptr || record->credential().empty())) {
    return Refusal(Reason::kNotEnrolled,
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
