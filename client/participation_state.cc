// SPDX-License-Identifier: Apache-2.0
#include "client/participation_state.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "base/error.h"
#include "client/connection/server_refusal.h"
#include "client/round_record.h"
#include "survey/frame.h"

namespace commonwage::client {
namespace {

using State = ParticipationState;
using Kind = Event::Kind;
using Change = Step::Change;
using Action = Step::Action;

constexpr uint64_t kMaxSequence = (uint64_t{1} << 63U) - 1;

// Whether `frame` changes an answer; its number if so.
bool IsChange(absl::string_view frame, uint64_t& sequence) {
  const absl::StatusOr<FrameView> view = FrameView::Parse(frame);
  if (!view.ok() || view->header().operation == Operation::kSubmit) {
    return false;
  }
  sequence = view->header().sequence;
  return true;
}

bool IsWaiting(State state) {
  return state == State::kSealed || state == State::kOnItsWay ||
         state == State::kChanging;
}

Step Tell(absl::Status outcome) { return {.outcome = std::move(outcome)}; }

// Why nothing can be done any more; OK if something can.
absl::Status WhyNothingMore(const RoundRecord& record, State state) {
  switch (state) {
    case State::kCalledOff:
      return CalledOff(&record);
    case State::kForgotten:
      return Refusal(Reason::kForgotten,
                     "This round was answered in forgetful mode: the keys are "
                     "erased, and the answer can no longer be changed.");
    case State::kWithdrawn:
      return Refusal(
          Reason::kAlreadyWithdrawn,
          "The answer was withdrawn, and that is final for the round.");
    default:
      return absl::OkStatus();
  }
}

Step OnSubmit(const RoundRecord& record, State state, const Event& event) {
  if (absl::Status why = WhyNothingMore(record, state); !why.ok()) {
    return Tell(std::move(why));
  }
  if (HasReceipt(record)) {
    return Tell(
        Refusal(Reason::kAlreadyAnswered,
                "This wallet has answered in this round. `commonwage amend` "
                "changes the answer, `commonwage withdraw` takes it back."));
  }
  if (IsWaiting(state)) {
    return Tell(
        Refusal(Reason::kAnswerWaiting,
                "An answer of this wallet waits to be sent. `commonwage "
                "submit --resume` sends it, `commonwage amend` changes it, "
                "`commonwage withdraw` drops it."));
  }
  return {.change = Change::kSealFirst,
          .action = event.is_now ? Action::kSend : Action::kRest};
}

Step OnChange(const RoundRecord& record, State state, const Event& event) {
  if (absl::Status why = WhyNothingMore(record, state); !why.ok()) {
    return Tell(std::move(why));
  }
  if (state == State::kSealed) {
    return {.change =
                event.kind == Kind::kAmend ? Change::kReseal : Change::kDrop};
  }
  if (IsWaiting(state) && !event.is_settled) {
    return {.action = Action::kSettle};
  }
  return {.change = Change::kSealChange,
          .action = Action::kSend,
          .sequence = HasReceipt(record) ? record.receipt().sequence() + 1 : 1};
}

// How a refusal that is final ends, for who had wanted `cause`.
absl::Status FinalOutcome(const Event& event) {
  if (ReasonOf(event.refusal) != Reason::kSequenceUsed) {
    return event.refusal;
  }
  return event.cause == Kind::kSubmit
             ? Refusal(Reason::kAlreadyAnswered,
                       "There is an answer of this wallet in this round "
                       "already. `commonwage amend` changes it, `commonwage "
                       "withdraw` takes it back.")
             : Refusal(Reason::kSequenceUsed,
                       "The survey's server has a later answer of this "
                       "wallet; that one stays. `commonwage amend` changes it, "
                       "`commonwage withdraw` takes it back.");
}

Step OnRefused(const RoundRecord& record, const Event& event) {
  const Reason reason = ReasonOf(event.refusal);
  if (reason == Reason::kRoundCancelled) {
    return {.action = Action::kAskWhetherCalledOff};
  }
  if (reason == Reason::kRoundClosed) {
    return {.action = Action::kAskWhetherClosed};
  }
  if (!IsFinal(event.refusal)) {
    return Tell(KeptAfter(event.refusal));
  }
  if (record.waiting().frame() != event.frame) {
    return Tell(FinalOutcome(event));
  }
  uint64_t sequence = 0;
  if (reason == Reason::kSequenceUsed &&
      (event.cause == Kind::kAmend || event.cause == Kind::kWithdraw) &&
      IsChange(event.frame, sequence) && sequence <= kMaxSequence / 2) {
    return {.change = Change::kSealChange,
            .action = Action::kSend,
            .sequence = 2 * sequence};
  }
  return {.change = Change::kDrop, .outcome = FinalOutcome(event)};
}

Step OnRoundClosed(const RoundRecord& record, const Event& event) {
  if (!event.is_certain) {
    return Tell(ClosedBeforeTime(absl::FromUnixSeconds(record.closes_at())));
  }
  RoundRecord left = record;
  const bool is_ours =
      record.has_waiting() && record.waiting().frame() == event.frame;
  if (is_ours) {
    DropAtClose(left, event.was_tried);
  }
  absl::Status outcome = event.refusal;
  if (!HasReceipt(left) && (left.missed() || left.unconfirmed())) {
    outcome = Refusal(Reason::kRoundClosed,
                      left.missed() ? kMissedSentence : kUnconfirmedSentence);
  }
  return {.change = is_ours ? Change::kDropAtClose : Change::kNone,
          .outcome = std::move(outcome)};
}

Step OnCalledOff(const RoundRecord& record, State state, const Event& event) {
  if (!event.is_certain) {
    return Tell(CancelledUnproven());
  }
  RoundRecord left = record;
  DropCalledOff(left);
  return {
      .change = state == State::kCalledOff ? Change::kNone : Change::kCallOff,
      .outcome = CalledOff(&left)};
}

}  // namespace

ParticipationState StateOf(const RoundRecord& record) {
  if (record.has_waiting()) {
    uint64_t sequence = 0;
    if (IsChange(record.waiting().frame(), sequence)) {
      return State::kChanging;
    }
    return record.waiting().tried() ? State::kOnItsWay : State::kSealed;
  }
  if (record.called_off()) {
    return State::kCalledOff;
  }
  if (record.forgotten()) {
    return State::kForgotten;
  }
  if (HasReceipt(record)) {
    return IsWithdrawn(record) ? State::kWithdrawn : State::kStored;
  }
  if (record.missed()) {
    return State::kMissed;
  }
  return record.unconfirmed() ? State::kUnconfirmed : State::kNothing;
}

Step Next(const RoundRecord& record, const Event& event) {
  const State state = StateOf(record);
  switch (event.kind) {
    case Kind::kSubmit:
      return OnSubmit(record, state, event);
    case Kind::kAmend:
    case Kind::kWithdraw:
      return OnChange(record, state, event);
    case Kind::kDue:
      return IsWaiting(state) && event.is_now
                 ? Step{.change = Change::kMarkTried, .action = Action::kSend}
                 : Step{};
    case Kind::kReceipt:
      return {.change = state == State::kForgotten ? Change::kNone
                                                   : Change::kTakeReceipt};
    case Kind::kRefused:
      return OnRefused(record, event);
    case Kind::kRoundClosed:
      return OnRoundClosed(record, event);
    case Kind::kCalledOff:
      return OnCalledOff(record, state, event);
  }
  return {};
}

bool IsSettled(const absl::Status& sent, Event::Kind wanted) {
  const Reason reason = ReasonOf(sent);
  if (sent.ok() || (IsFinal(sent) && reason != Reason::kRoundClosed)) {
    return true;
  }
  return wanted == Kind::kWithdraw &&
         (IsFaulted(sent) || reason == Reason::kClosedBeforeTime ||
          reason == Reason::kCancellationRefused);
}

absl::Status CheckMaySubmit(const RoundRecord* record) {
  return Next(record != nullptr ? *record : RoundRecord::default_instance(),
              {.kind = Kind::kSubmit})
      .outcome;
}

absl::Status CheckMayChange(const RoundRecord* record) {
  return Next(record != nullptr ? *record : RoundRecord::default_instance(),
              {.kind = Kind::kAmend})
      .outcome;
}

}  // namespace commonwage::client
