// SPDX-License-Identifier: Apache-2.0
#include "client/participation.h"

#include <cstdint>
#include <optional>

#include "absl/strings/str_cat.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "client/connection/server_refusal.h"
#include "client/enrolment.h"
#include "client/receipt_check.h"
#include "client/round_record.h"
#include "client/send_time.h"
#include "client/submission.h"
#include "survey/frame.h"
#include "survey/timestamp.h"

namespace commonwage::client {
namespace {

constexpr uint64_t kMaxSequence = (uint64_t{1} << 63U) - 1;

absl::Status NotNow(absl::string_view reason, absl::string_view sentence) {
  return Refusal(absl::StatusCode::kFailedPrecondition, reason, sentence);
}

absl::Status Already(absl::string_view reason, absl::string_view sentence) {
  return Refusal(absl::StatusCode::kAlreadyExists, reason, sentence);
}

}  // namespace

absl::StatusOr<Answer> CheckAnswer(const TrustedRound& round,
                                   const RoundRecord* record,
                                   const EnteredAnswer& entered,
                                   const Choices& choices, absl::Time now) {
  COMMONWAGE_RETURN_IF_ERROR(CheckMaySubmit(record));
  COMMONWAGE_RETURN_IF_ERROR(round.promise);
  if (choices.forgetful) {
    COMMONWAGE_RETURN_IF_ERROR(CheckMayForget(record));
  }
  COMMONWAGE_RETURN_IF_ERROR(CheckSendTime(round, now, choices.delay_up_to));
  COMMONWAGE_RETURN_IF_ERROR(CheckEnrolled(round, record));
  return MakeAnswer(round.manifest.plan, entered);
}

absl::StatusOr<Visit> Participation::VisitRound(absl::string_view round_id,
                                                const Choices& choices) {
  return client::VisitRound(server_, wallet_, round_id, choices, clock_,
                            random_);
}

absl::StatusOr<std::string> Participation::MakeFrame(const TrustedRound& round,
                                                     Operation operation,
                                                     uint64_t sequence,
                                                     const Answer* answer) {
  // An answer can be taken back whatever the survey has done.
  COMMONWAGE_RETURN_IF_ERROR(answer != nullptr ? round.promise
                                               : absl::OkStatus());
  COMMONWAGE_ASSIGN_OR_RETURN(WalletContents contents, wallet_.Read());
  const RoundRecord& record = GetOrAddRound(contents.records, round.id);
  COMMONWAGE_RETURN_IF_ERROR(CheckEnrolled(round, &record));
  const SealingTerms terms =
      SealingTermsOf(round.manifest, round.manifest_hash);
  const crypto::SigningKey key =
      PseudonymKeyOf(SeedForRound(contents, round.id), round.manifest_hash);
  const FrameOrder order = {operation, sequence, record.credential()};
  return answer != nullptr ? BuildFrame(terms, key, order, *answer, random_)
                           : BuildWithdrawal(terms, key, order, random_);
}

absl::Status Participation::Keep(const TrustedRound& round, std::string frame,
                                 absl::Time send_at) {
  return wallet_.Update(random_, [&](WalletContents& contents) {
    WaitingFrame& waiting =
        *GetOrAddRound(contents.records, round.id).mutable_waiting();
    waiting.set_frame(std::move(frame));
    waiting.set_send_at(absl::ToUnixSeconds(send_at));
    waiting.set_decided_at(absl::ToUnixSeconds(clock_.Now()));
    waiting.set_server(server_address_);
    waiting.set_tried(false);
    return absl::OkStatus();
  });
}

absl::Status Participation::Accept(absl::string_view round_id,
                                   const std::string& frame,
                                   const v1::Receipt& receipt) {
  return wallet_.Update(random_, [&](WalletContents& contents) {
    RoundRecord& record = GetOrAddRound(contents.records, round_id);
    if (!record.throwaway_seed().empty()) {
      Forget(record);
      return absl::OkStatus();
    }
    record.set_accepted_frame(frame);
    *record.mutable_receipt() = receipt;
    if (record.waiting().frame() == frame) {
      record.clear_waiting();
    }
    return absl::OkStatus();
  });
}

// Fails if the server says so and this device does not agree.
absl::Status Participation::CheckClosed(absl::string_view round_id) {
  COMMONWAGE_ASSIGN_OR_RETURN(WalletContents contents, wallet_.Read());
  const absl::Time closes_at = absl::FromUnixSeconds(
      GetOrAddRound(contents.records, round_id).closes_at());
  const absl::StatusOr<v1::GetRoundResponse> response =
      AskForRound(server_, round_id);
  std::optional<absl::Time> server_hour;
  if (response.ok() && response->has_server_hour()) {
    server_hour = FromTimestamp(response->server_hour());
  }
  return HasSurelyClosed(closes_at, clock_.Now(), server_hour)
             ? absl::OkStatus()
             : ClosedBeforeTime(closes_at);
}

// Holds the server's word that a round was called off against the survey's
// key's, which drops what waits.
absl::Status Participation::AfterCancelled(absl::string_view round_id) {
  const absl::StatusOr<Visit> visit = VisitRound(round_id, {});
  if (!visit.ok() || visit->round.state != v1::ROUND_STATE_CANCELLED) {
    return CancelledUnproven();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents contents, wallet_.Read());
  return CalledOff(FindRound(contents.records, round_id));
}

absl::Status Participation::AfterRefusal(absl::string_view round_id,
                                         const std::string& frame, bool tried,
                                         const absl::Status& refusal) {
  if (ReasonOf(refusal) == "ROUND_CANCELLED") {
    return AfterCancelled(round_id);
  }
  if (!IsFinal(refusal)) {
    return KeptAfter(refusal);
  }
  const std::string reason = ReasonOf(refusal);
  if (reason == "ROUND_CLOSED") {
    COMMONWAGE_RETURN_IF_ERROR(CheckClosed(round_id));
  }
  RoundRecord left;
  COMMONWAGE_RETURN_IF_ERROR(
      wallet_.Update(random_, [&](WalletContents& contents) {
        RoundRecord& record = GetOrAddRound(contents.records, round_id);
        if (record.waiting().frame() == frame) {
          if (reason == "ROUND_CLOSED") {
            DropAtClose(record, tried);
          } else {
            record.clear_waiting();
          }
        }
        left = record;
        return absl::OkStatus();
      }));
  if (reason == "SEQUENCE_USED") {
    return Refusal(refusal.code(), reason,
                   "The survey's server has a later answer of this wallet; "
                   "that one stays. `commonwage amend` changes it, `commonwage "
                   "withdraw` takes it back.");
  }
  if (reason == "ROUND_CLOSED" && !HasReceipt(left) &&
      (left.missed() || left.unconfirmed())) {
    return Refusal(refusal.code(), reason,
                   left.missed() ? kMissedSentence : kUnconfirmedSentence);
  }
  return refusal;
}

absl::StatusOr<Standing> Participation::SendWaiting(
    absl::string_view round_id) {
  v1::SubmitRequest request;
  crypto::VerifyKey receipt_key;
  bool tried = false;
  // From here on the server may have the frame, whatever comes back.
  COMMONWAGE_RETURN_IF_ERROR(
      wallet_.Update(random_, [&](WalletContents& contents) {
        RoundRecord& record = GetOrAddRound(contents.records, round_id);
        tried = record.waiting().tried();
        record.mutable_waiting()->set_tried(true);
        request.set_frame(record.waiting().frame());
        receipt_key = ReceiptKeyOf(record);
        return absl::OkStatus();
      }));
  const absl::StatusOr<v1::SubmitResponse> response = server_.Submit(request);
  if (!response.ok()) {
    return AfterRefusal(round_id, request.frame(), tried, response.status());
  }
  COMMONWAGE_RETURN_IF_ERROR(
      CheckReceipt(response->receipt(), request.frame(), receipt_key));
  COMMONWAGE_RETURN_IF_ERROR(
      Accept(round_id, request.frame(), response->receipt()));
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents contents, wallet_.Read());
  return StandingOf(round_id, FindRound(contents.records, round_id));
}

absl::StatusOr<Standing> Participation::Submit(const TrustedRound& round,
                                               const EnteredAnswer& entered,
                                               const Choices& choices) {
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents before, wallet_.Read());
  const RoundRecord* record = FindRound(before.records, round.id);
  COMMONWAGE_ASSIGN_OR_RETURN(
      const Answer answer,
      CheckAnswer(round, record, entered, choices, clock_.Now()));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const absl::Time send_at,
      DrawSendTime(round, clock_.Now(), choices.delay_up_to, random_));
  if (choices.forgetful) {
    COMMONWAGE_RETURN_IF_ERROR(StartForgetful(wallet_, round.id, random_));
  }
  COMMONWAGE_ASSIGN_OR_RETURN(std::string frame,
                              MakeFrame(round, Operation::kSubmit, 0, &answer));
  COMMONWAGE_RETURN_IF_ERROR(Keep(round, std::move(frame), send_at));
  absl::StatusOr<Standing> standing = Resume(round.id, false);
  if (ReasonOf(standing.status()) == "SEQUENCE_USED") {
    return Already("ALREADY_ANSWERED",
                   "There is an answer of this wallet in this round already. "
                   "`commonwage amend` changes it, `commonwage withdraw` takes "
                   "it back.");
  }
  return standing;
}

absl::StatusOr<Standing> Participation::Resume(absl::string_view round_id,
                                               bool now) {
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents contents, wallet_.Read());
  const RoundRecord* record = FindRound(contents.records, round_id);
  if (record != nullptr && record->has_waiting() &&
      (now || IsDue(record->waiting(), clock_.Now()))) {
    return SendWaiting(round_id);
  }
  return StandingOf(round_id, record);
}

absl::StatusOr<Standing> Participation::AskAgain(absl::string_view round_id) {
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents contents, wallet_.Read());
  const RoundRecord* record = FindRound(contents.records, round_id);
  COMMONWAGE_ASSIGN_OR_RETURN(const Standing standing,
                              StandingOf(round_id, record));
  if (record == nullptr || !HasReceipt(*record)) {
    return standing;
  }
  v1::SubmitRequest request;
  request.set_frame(record->accepted_frame());
  const absl::StatusOr<v1::SubmitResponse> response = server_.Submit(request);
  if (ReasonOf(response.status()) == "ROUND_CANCELLED") {
    const absl::Status gone = AfterCancelled(round_id);
    return ReasonOf(gone) == "ROUND_CANCELLED" ? Resume(round_id, false) : gone;
  }
  COMMONWAGE_RETURN_IF_ERROR(response.status());
  COMMONWAGE_RETURN_IF_ERROR(CheckReceipt(response->receipt(), request.frame(),
                                          ReceiptKeyOf(*record)));
  return standing;
}

absl::StatusOr<Standing> Participation::Amend(const TrustedRound& round,
                                              const EnteredAnswer& entered) {
  COMMONWAGE_ASSIGN_OR_RETURN(const Answer answer,
                              MakeAnswer(round.manifest.plan, entered));
  return Change(round, Operation::kAmend, &answer);
}

absl::StatusOr<Standing> Participation::Withdraw(const TrustedRound& round) {
  return Change(round, Operation::kWithdraw, nullptr);
}

// Changes what was never sent.
absl::StatusOr<Standing> Participation::ChangeWaiting(const TrustedRound& round,
                                                      const Answer* answer) {
  std::string frame;
  if (answer != nullptr) {
    COMMONWAGE_ASSIGN_OR_RETURN(
        frame, MakeFrame(round, Operation::kSubmit, 0, answer));
  }
  Standing standing;
  COMMONWAGE_RETURN_IF_ERROR(
      wallet_.Update(random_, [&](WalletContents& contents) -> absl::Status {
        RoundRecord& record = GetOrAddRound(contents.records, round.id);
        if (!record.has_waiting() || record.waiting().tried()) {
          return NotNow("BUSY_ELSEWHERE",
                        "Another program is sending this answer. Try again.");
        }
        if (answer != nullptr) {
          record.mutable_waiting()->set_frame(frame);
        } else {
          record.clear_waiting();
        }
        COMMONWAGE_ASSIGN_OR_RETURN(standing, StandingOf(round.id, &record));
        return absl::OkStatus();
      }));
  return standing;
}

absl::StatusOr<Standing> Participation::Change(const TrustedRound& round,
                                               Operation operation,
                                               const Answer* answer) {
  COMMONWAGE_ASSIGN_OR_RETURN(WalletContents contents, wallet_.Read());
  const RoundRecord* record = FindRound(contents.records, round.id);
  COMMONWAGE_RETURN_IF_ERROR(CheckMayChange(record));
  if (record != nullptr && record->has_waiting()) {
    if (!record->waiting().tried()) {
      return ChangeWaiting(round, answer);
    }
    // The server may have it: its receipt comes first. If the server refuses it
    // for good it is out of the way as well; so it is for who takes back what
    // the server calls faulty or too late.
    const absl::Status sent = SendWaiting(round.id).status();
    const bool out_of_the_way =
        sent.ok() || (IsFinal(sent) && ReasonOf(sent) != "ROUND_CLOSED") ||
        ((IsFaulted(sent) || ReasonOf(sent) == "CLOSED_BEFORE_TIME" ||
          ReasonOf(sent) == "CANCELLATION_REFUSED") &&
         operation == Operation::kWithdraw);
    if (!out_of_the_way) {
      return sent;
    }
    COMMONWAGE_ASSIGN_OR_RETURN(contents, wallet_.Read());
    record = FindRound(contents.records, round.id);
    COMMONWAGE_RETURN_IF_ERROR(CheckMayChange(record));
  }
  uint64_t sequence = record != nullptr && HasReceipt(*record)
                          ? record->receipt().sequence() + 1
                          : 1;
  while (true) {
    COMMONWAGE_ASSIGN_OR_RETURN(std::string frame,
                                MakeFrame(round, operation, sequence, answer));
    COMMONWAGE_RETURN_IF_ERROR(Keep(round, std::move(frame), clock_.Now()));
    absl::StatusOr<Standing> standing = SendWaiting(round.id);
    if (ReasonOf(standing.status()) != "SEQUENCE_USED" ||
        sequence > kMaxSequence / 2) {
      return standing;
    }
    sequence *= 2;
  }
}

}  // namespace commonwage::client
