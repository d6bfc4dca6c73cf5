// SPDX-License-Identifier: Apache-2.0
#include "client/participation.h"

#include <optional>

#include "base/error.h"
#include "base/status_macros.h"
#include "client/connection/server_refusal.h"
#include "client/enrolment.h"
#include "client/receipt_check.h"
#include "client/round_record.h"
#include "client/send_time.h"
#include "client/submission.h"
#include "survey/timestamp.h"

namespace commonwage::client {
namespace {

Operation OperationFor(Event::Kind wanted) {
  switch (wanted) {
    case Event::Kind::kAmend:
      return Operation::kAmend;
    case Event::Kind::kWithdraw:
      return Operation::kWithdraw;
    default:
      return Operation::kSubmit;
  }
}

// Keeps the operator's word on `frame`; in forgetful mode, that there was one.
void TakeReceipt(const std::string& frame, const v1::Receipt& receipt,
                 RoundRecord& record) {
  if (!record.throwaway_seed().empty()) {
    Forget(record);
    return;
  }
  record.set_accepted_frame(frame);
  *record.mutable_receipt() = receipt;
  if (record.waiting().frame() == frame) {
    record.clear_waiting();
  }
}

}  // namespace

// From what a person wants to how it ended.
struct Participation::Walk {
  std::string round_id;
  Event::Kind wanted = Event::Kind::kDue;
  const TrustedRound* round = nullptr;  // Not with kDue.
  const Answer* answer = nullptr;       // With kSubmit and kAmend.
  absl::Time send_at = {};              // With kSubmit.
  // What the last update of the wallet has put on the disk, to be sent.
  std::string frame = {};
  bool was_tried = false;
  crypto::VerifyKey receipt_key = {};
  v1::Receipt receipt = {};  // For `frame`, once it came.
};

absl::StatusOr<Answer> CheckAnswer(const TrustedRound& round,
                                   const RoundRecord* record,
                                   const EnteredAnswer& entered,
                                   const SubmitOptions& options,
                                   absl::Time now) {
  COMMONWAGE_RETURN_IF_ERROR(CheckMaySubmit(record));
  COMMONWAGE_RETURN_IF_ERROR(round.promise);
  if (options.forgetful) {
    COMMONWAGE_RETURN_IF_ERROR(CheckMayForget(record));
  }
  COMMONWAGE_RETURN_IF_ERROR(CheckSendTime(round, now, options.delay_up_to));
  COMMONWAGE_RETURN_IF_ERROR(CheckEnrolled(round, record));
  return MakeAnswer(round.manifest.plan, entered);
}

absl::StatusOr<CheckedRound> Participation::VisitRound(
    absl::string_view round_id, const SubmitOptions& options) {
  return client::VisitRound(server_, wallet_, round_id, options, clock_,
                            random_);
}

absl::StatusOr<std::string> Participation::SealFrame(
    const Walk& walk, Operation operation, uint64_t sequence,
    const WalletContents& contents) {
  const TrustedRound& round = *walk.round;
  // An answer can be taken back whatever the survey has done.
  COMMONWAGE_RETURN_IF_ERROR(walk.answer != nullptr ? round.promise
                                                    : absl::OkStatus());
  const RoundRecord* record = FindRound(contents.records, round.id);
  COMMONWAGE_RETURN_IF_ERROR(CheckEnrolled(round, record));
  const SealingTerms terms =
      MakeSealingTerms(round.manifest, round.manifest_hash);
  const crypto::SigningKey key =
      DerivePseudonymKey(SeedForRound(contents, round.id), round.manifest_hash);
  const FrameOrder order = {operation, sequence, record->credential()};
  return walk.answer != nullptr
             ? BuildFrame(terms, key, order, *walk.answer, random_)
             : BuildWithdrawal(terms, key, order, random_);
}

absl::Status Participation::Seal(const Walk& walk, const Step& step,
                                 WalletContents& contents) {
  WaitingFrame& waiting =
      *GetOrAddRound(contents.records, walk.round_id).mutable_waiting();
  if (step.change == Step::Change::kReseal) {
    COMMONWAGE_ASSIGN_OR_RETURN(
        *waiting.mutable_frame(),
        SealFrame(walk, Operation::kSubmit, 0, contents));
    return absl::OkStatus();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      *waiting.mutable_frame(),
      SealFrame(walk, OperationFor(walk.wanted), step.sequence, contents));
  const absl::Time now = clock_.Now();
  const bool is_first = step.change == Step::Change::kSealFirst;
  waiting.set_send_at(absl::ToUnixSeconds(is_first ? walk.send_at : now));
  waiting.set_decided_at(absl::ToUnixSeconds(now));
  waiting.set_server(server_address_);
  waiting.set_tried(step.action == Step::Action::kSend);
  return absl::OkStatus();
}

absl::Status Participation::Write(const Step& step, const Event& event,
                                  Walk& walk, WalletContents& contents) {
  RoundRecord& record = GetOrAddRound(contents.records, walk.round_id);
  walk.was_tried = false;
  switch (step.change) {
    case Step::Change::kNone:
      break;
    case Step::Change::kSealFirst:
    case Step::Change::kReseal:
    case Step::Change::kSealChange:
      COMMONWAGE_RETURN_IF_ERROR(Seal(walk, step, contents));
      break;
    case Step::Change::kMarkTried:
      walk.was_tried = record.waiting().tried();
      record.mutable_waiting()->set_tried(true);
      break;
    case Step::Change::kTakeReceipt:
      TakeReceipt(event.frame, walk.receipt, record);
      break;
    case Step::Change::kDrop:
      record.clear_waiting();
      break;
    case Step::Change::kDropAtClose:
      DropAtClose(record, event.was_tried);
      break;
    case Step::Change::kCallOff:
      DropCalledOff(record);
      break;
  }
  walk.frame = record.waiting().frame();
  walk.receipt_key = ReceiptKeyOf(record);
  return absl::OkStatus();
}

absl::StatusOr<Step> Participation::Take(Walk& walk, const Event& event) {
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents contents, wallet_.Read());
  const RoundRecord* record = FindRound(contents.records, walk.round_id);
  Step step = Next(
      record != nullptr ? *record : RoundRecord::default_instance(), event);
  if (step.change == Step::Change::kNone) {
    return step;
  }
  // Another program may have changed the record since.
  COMMONWAGE_RETURN_IF_ERROR(wallet_.Update(random_, [&](WalletContents& now) {
    step = Next(GetOrAddRound(now.records, walk.round_id), event);
    return Write(step, event, walk, now);
  }));
  return step;
}

absl::StatusOr<Event> Participation::Send(Walk& walk) {
  v1::SubmitRequest request;
  request.set_frame(walk.frame);
  Event event = {
      .cause = walk.wanted, .frame = walk.frame, .was_tried = walk.was_tried};
  absl::StatusOr<v1::SubmitResponse> response = server_.Submit(request);
  if (!response.ok()) {
    event.kind = Event::Kind::kRefused;
    event.refusal = response.status();
    return event;
  }
  COMMONWAGE_RETURN_IF_ERROR(
      CheckReceipt(response->receipt(), walk.frame, walk.receipt_key));
  event.kind = Event::Kind::kReceipt;
  walk.receipt = std::move(*response->mutable_receipt());
  return event;
}

// Whether this device agrees with the server that the round has closed.
absl::StatusOr<bool> Participation::HasClosed(absl::string_view round_id) {
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents contents, wallet_.Read());
  const RoundRecord* record = FindRound(contents.records, round_id);
  const absl::Time closes_at =
      absl::FromUnixSeconds(record != nullptr ? record->closes_at() : 0);
  const absl::StatusOr<v1::GetRoundResponse> response =
      AskForRound(server_, round_id);
  std::optional<absl::Time> server_hour;
  if (response.ok() && response->has_server_hour()) {
    server_hour = FromTimestamp(response->server_hour());
  }
  return HasSurelyClosed(closes_at, clock_.Now(), server_hour);
}

// Whether the survey's key says so, too.
bool Participation::IsCalledOff(absl::string_view round_id) {
  const absl::StatusOr<CheckedRound> visit = VisitRound(round_id, {});
  return visit.ok() && visit->round.state == v1::ROUND_STATE_CANCELLED;
}

absl::StatusOr<Event> Participation::Act(Walk& walk, const Step& step,
                                         Event event) {
  switch (step.action) {
    case Step::Action::kRest:
      break;
    case Step::Action::kSend:
      return Send(walk);
    case Step::Action::kSettle: {
      Walk settling = {.round_id = walk.round_id};
      const absl::Status sent =
          Run(settling, {.kind = Event::Kind::kDue, .is_now = true}).status();
      if (!IsSettled(sent, walk.wanted)) {
        return sent;
      }
      event.is_settled = true;
      break;
    }
    case Step::Action::kAskWhetherClosed: {
      COMMONWAGE_ASSIGN_OR_RETURN(event.is_certain, HasClosed(walk.round_id));
      event.kind = Event::Kind::kRoundClosed;
      break;
    }
    case Step::Action::kAskWhetherCalledOff:
      event.is_certain = IsCalledOff(walk.round_id);
      event.kind = Event::Kind::kCalledOff;
      break;
  }
  return event;
}

absl::StatusOr<ParticipationStatus> Participation::Run(Walk& walk,
                                                       Event event) {
  while (true) {
    COMMONWAGE_ASSIGN_OR_RETURN(const Step step, Take(walk, event));
    if (step.action == Step::Action::kRest) {
      COMMONWAGE_RETURN_IF_ERROR(step.outcome);
      COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents contents,
                                  wallet_.Read());
      return DeriveStatus(walk.round_id,
                          FindRound(contents.records, walk.round_id));
    }
    COMMONWAGE_ASSIGN_OR_RETURN(event, Act(walk, step, std::move(event)));
  }
}

absl::StatusOr<ParticipationStatus> Participation::Submit(
    const TrustedRound& round, const EnteredAnswer& entered,
    const SubmitOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents before, wallet_.Read());
  const RoundRecord* record = FindRound(before.records, round.id);
  COMMONWAGE_ASSIGN_OR_RETURN(
      const Answer answer,
      CheckAnswer(round, record, entered, options, clock_.Now()));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const absl::Time send_at,
      DrawSendTime(round, clock_.Now(), options.delay_up_to, random_));
  if (options.forgetful) {
    COMMONWAGE_RETURN_IF_ERROR(StartForgetful(wallet_, round.id, random_));
  }
  Walk walk = {.round_id = round.id,
               .wanted = Event::Kind::kSubmit,
               .round = &round,
               .answer = &answer,
               .send_at = send_at};
  return Run(walk,
             {.kind = Event::Kind::kSubmit, .is_now = send_at <= clock_.Now()});
}

absl::StatusOr<ParticipationStatus> Participation::Amend(
    const TrustedRound& round, const EnteredAnswer& entered) {
  COMMONWAGE_ASSIGN_OR_RETURN(const Answer answer,
                              MakeAnswer(round.manifest.plan, entered));
  Walk walk = {.round_id = round.id,
               .wanted = Event::Kind::kAmend,
               .round = &round,
               .answer = &answer};
  return Run(walk, {.kind = Event::Kind::kAmend});
}

absl::StatusOr<ParticipationStatus> Participation::Withdraw(
    const TrustedRound& round) {
  Walk walk = {
      .round_id = round.id, .wanted = Event::Kind::kWithdraw, .round = &round};
  return Run(walk, {.kind = Event::Kind::kWithdraw});
}

absl::StatusOr<ParticipationStatus> Participation::Resume(
    absl::string_view round_id, bool now) {
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents contents, wallet_.Read());
  const RoundRecord* record = FindRound(contents.records, round_id);
  const bool is_due =
      record != nullptr && IsDue(record->waiting(), clock_.Now());
  Walk walk = {.round_id = std::string(round_id)};
  return Run(walk, {.kind = Event::Kind::kDue, .is_now = now || is_due});
}

absl::StatusOr<ParticipationStatus> Participation::AskAgain(
    absl::string_view round_id) {
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents contents, wallet_.Read());
  const RoundRecord* record = FindRound(contents.records, round_id);
  COMMONWAGE_ASSIGN_OR_RETURN(const ParticipationStatus status,
                              DeriveStatus(round_id, record));
  if (record == nullptr || !HasReceipt(*record)) {
    return status;
  }
  v1::SubmitRequest request;
  request.set_frame(record->accepted_frame());
  const absl::StatusOr<v1::SubmitResponse> response = server_.Submit(request);
  if (ReasonOf(response.status()) == Reason::kRoundCancelled) {
    return IsCalledOff(round_id) ? Resume(round_id, false)
                                 : CancelledUnproven();
  }
  COMMONWAGE_RETURN_IF_ERROR(response.status());
  COMMONWAGE_RETURN_IF_ERROR(CheckReceipt(response->receipt(), request.frame(),
                                          ReceiptKeyOf(*record)));
  return status;
}

}  // namespace commonwage::client
