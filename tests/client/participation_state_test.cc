// SPDX-License-Identifier: Apache-2.0
// The table of client/participation_state.h, entry by entry.

#include "client/participation_state.h"

#include <array>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "client/participation_status.h"
#include "client/round_record.h"
#include "survey/frame.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::client {
namespace {

using State = ParticipationState;
using Kind = Event::Kind;
using ::testing::HasSubstr;

constexpr uint64_t kStoredSequence = 6;
constexpr uint64_t kChangeSequence = 7;

std::string FrameOf(Operation operation, uint64_t sequence) {
  FrameHeader header;
  header.operation = operation;
  header.sequence = sequence;
  std::string frame = WriteFrameHead(header);
  frame.resize(kFrameSize, '\0');
  return frame;
}

std::string FirstFrame() { return FrameOf(Operation::kSubmit, 0); }
std::string ChangeFrame() {
  return FrameOf(Operation::kAmend, kChangeSequence);
}

RoundRecord WithWaiting(RoundRecord record, const std::string& frame,
                        bool tried) {
  record.mutable_waiting()->set_frame(frame);
  record.mutable_waiting()->set_tried(tried);
  return record;
}

RoundRecord Stored() {
  RoundRecord record;
  record.set_accepted_frame(FirstFrame());
  record.mutable_receipt()->set_sequence(kStoredSequence);
  record.mutable_receipt()->set_status(v1::RECEIPT_STATUS_STORED);
  return record;
}

RoundRecord Withdrawn() {
  RoundRecord record = Stored();
  record.mutable_receipt()->set_status(v1::RECEIPT_STATUS_WITHDRAWN);
  return record;
}

RoundRecord With(void (RoundRecord::*flag)(bool),
                 RoundRecord record = RoundRecord()) {
  (record.*flag)(true);
  return record;
}

// Returns a step as "change, action #sequence, REASON", without what is none.
std::string Said(const Step& step) {
  constexpr std::array kChanges = {"",     "seal", "reseal", "change", "tried",
                                   "take", "drop", "lose",   "mark"};
  constexpr std::array kActions = {"", "send", "settle", "ask closed",
                                   "ask called off"};
  std::vector<std::string> parts;
  for (const std::string& part :
       {std::string(kChanges.at(static_cast<size_t>(step.change))),
        std::string(kActions.at(static_cast<size_t>(step.action))),
        step.sequence > 0 ? absl::StrCat("#", step.sequence) : "",
        ReasonNameOf(step.outcome)}) {
    if (!part.empty()) {
      parts.push_back(part);
    }
  }
  std::string said;
  for (const std::string& part : parts) {
    absl::StrAppend(&said, said.empty() ? "" : " ", part);
  }
  return said.empty() ? "-" : said;
}

// What the table has for a state, and for what waits in it.
struct Row {
  State state;
  const char* what;
  RoundRecord record;
  const char* submit;
  const char* amend;
  const char* withdraw;
  const char* due;
  const char* receipt;
  const char* round_closed;
  const char* called_off;
};

std::vector<Row> Table() {
  const RoundRecord nothing;
  return {
      {State::kNothing, "nothing", nothing,  //
       "seal send", "change send #1", "change send #1", "-", "take",
       "ROUND_CLOSED", "mark ROUND_CANCELLED"},
      {State::kSealed, "sealed", WithWaiting(nothing, FirstFrame(), false),
       "ANSWER_WAITING", "reseal", "drop", "tried send", "take",
       "lose ROUND_CLOSED", "mark ROUND_CANCELLED"},
      {State::kOnItsWay, "on its way", WithWaiting(nothing, FirstFrame(), true),
       "ANSWER_WAITING", "settle", "settle", "tried send", "take",
       "lose ROUND_CLOSED", "mark ROUND_CANCELLED"},
      {State::kChanging, "changing", WithWaiting(Stored(), ChangeFrame(), true),
       "ALREADY_ANSWERED", "settle", "settle", "tried send", "take",
       "lose ROUND_CLOSED", "mark ROUND_CANCELLED"},
      {State::kChanging, "changing, as an older program left it",
       WithWaiting(Stored(), ChangeFrame(), false), "ALREADY_ANSWERED",
       "settle", "settle", "tried send", "take", "lose ROUND_CLOSED",
       "mark ROUND_CANCELLED"},
      {State::kChanging, "changing, in a wallet that was recovered",
       WithWaiting(nothing, ChangeFrame(), true), "ANSWER_WAITING", "settle",
       "settle", "tried send", "take", "lose ROUND_CLOSED",
       "mark ROUND_CANCELLED"},
      {State::kStored, "stored", Stored(),  //
       "ALREADY_ANSWERED", "change send #7", "change send #7", "-", "take",
       "ROUND_CLOSED", "mark ROUND_CANCELLED"},
      {State::kWithdrawn, "withdrawn", Withdrawn(),  //
       "ALREADY_WITHDRAWN", "ALREADY_WITHDRAWN", "ALREADY_WITHDRAWN", "-",
       "take", "ROUND_CLOSED", "mark ROUND_CANCELLED"},
      {State::kForgotten, "forgotten", With(&RoundRecord::set_forgotten),
       "FORGOTTEN", "FORGOTTEN", "FORGOTTEN", "-", "-", "ROUND_CLOSED",
       "mark ROUND_CANCELLED"},
      {State::kMissed, "missed", With(&RoundRecord::set_missed),  //
       "seal send", "change send #1", "change send #1", "-", "take",
       "ROUND_CLOSED", "mark ROUND_CANCELLED"},
      {State::kUnconfirmed, "unconfirmed",
       With(&RoundRecord::set_unconfirmed),  //
       "seal send", "change send #1", "change send #1", "-", "take",
       "ROUND_CLOSED", "mark ROUND_CANCELLED"},
      {State::kCalledOff, "called off", With(&RoundRecord::set_called_off),
       "ROUND_CANCELLED", "ROUND_CANCELLED", "ROUND_CANCELLED", "-", "take",
       "ROUND_CLOSED", "ROUND_CANCELLED"},
      {State::kCalledOff, "called off, answered",
       With(&RoundRecord::set_called_off, Stored()), "ROUND_CANCELLED",
       "ROUND_CANCELLED", "ROUND_CANCELLED", "-", "take", "ROUND_CLOSED",
       "ROUND_CANCELLED"},
  };
}

absl::Status RefusedWith(const std::string& reason) {
  return Refusal(FindReason(reason), "No.");
}

// What came back for what waits in `record`, or for a first answer.
Event CameBack(const RoundRecord& record, Kind kind,
               const std::string& reason = "ROUND_CLOSED",
               Kind cause = Kind::kDue) {
  return {
      .kind = kind,
      .is_certain = true,
      .cause = cause,
      .frame = record.has_waiting() ? record.waiting().frame() : FirstFrame(),
      .refusal = RefusedWith(reason)};
}

TEST(ParticipationStateTest, EveryStateAndEveryEventIsInTheTable) {
  for (const Row& row : Table()) {
    SCOPED_TRACE(row.what);
    const RoundRecord& record = row.record;
    const auto said = [&](const Event& event) {
      return Said(Next(record, event));
    };
    EXPECT_EQ(StateOf(record), row.state);
    EXPECT_EQ(said({.kind = Kind::kSubmit, .is_now = true}), row.submit);
    EXPECT_EQ(said({.kind = Kind::kAmend}), row.amend);
    EXPECT_EQ(said({.kind = Kind::kWithdraw}), row.withdraw);
    EXPECT_EQ(said({.kind = Kind::kDue, .is_now = true}), row.due);
    EXPECT_EQ(said(CameBack(record, Kind::kReceipt)), row.receipt);
    EXPECT_EQ(said(CameBack(record, Kind::kRoundClosed)), row.round_closed);
    EXPECT_EQ(said(CameBack(record, Kind::kCalledOff)), row.called_off);
  }
}

// What waits stays where it is until its time has come.
TEST(ParticipationStateTest, NothingIsSentBeforeItsTime) {
  for (const Row& row : Table()) {
    SCOPED_TRACE(row.what);
    EXPECT_EQ(Said(Next(row.record, {.kind = Kind::kDue})), "-");
    const std::string later = Said(Next(row.record, {.kind = Kind::kSubmit}));
    EXPECT_EQ(later,
              std::string(row.submit) == "seal send" ? "seal" : row.submit);
  }
}

TEST(ParticipationStateTest, AChangeIsMadeOnceWhatIsOnItsWayIsSettled) {
  for (const Row& row : Table()) {
    for (const Kind kind : {Kind::kAmend, Kind::kWithdraw}) {
      SCOPED_TRACE(row.what);
      const std::string first = Said(Next(row.record, {.kind = kind}));
      const std::string then =
          Said(Next(row.record, {.kind = kind, .is_settled = true}));
      if (first == "settle") {
        EXPECT_EQ(then,
                  HasReceipt(row.record) ? "change send #7" : "change send #1");
      } else {
        EXPECT_EQ(then, first);
      }
    }
  }
}

// The reasons, whatever state comes by them.
TEST(ParticipationStateTest, ARefusalDropsOnlyWhatIsSurelyNeverTaken) {
  for (const Row& row : Table()) {
    const std::string drop = row.record.has_waiting() ? "drop " : "";
    const bool is_change = row.state == State::kChanging;
    for (const Kind cause :
         {Kind::kSubmit, Kind::kAmend, Kind::kWithdraw, Kind::kDue}) {
      SCOPED_TRACE(absl::StrCat(row.what, " ", static_cast<int>(cause)));
      const auto said = [&](const std::string& reason) {
        return Said(Next(row.record,
                         CameBack(row.record, Kind::kRefused, reason, cause)));
      };
      EXPECT_EQ(said("ROUND_CLOSED"), "ask closed");
      EXPECT_EQ(said("ROUND_CANCELLED"), "ask called off");
      EXPECT_EQ(said("NOTHING_TO_AMEND"), drop + "NOTHING_TO_AMEND");
      EXPECT_EQ(said("ALREADY_WITHDRAWN"), drop + "ALREADY_WITHDRAWN");
      for (const char* kept :
           {"SERVER_UNREACHABLE", "ROUND_NOT_OPEN", "STORE_UNAVAILABLE",
            "SIGNATURE_REFUSED", "CREDENTIAL_REFUSED", "FRAME_MALFORMED",
            "FRAME_VERSION", "UNKNOWN_ROUND", "SERVER_FAILED"}) {
        EXPECT_EQ(said(kept), kept);
      }
      if (is_change && (cause == Kind::kAmend || cause == Kind::kWithdraw)) {
        EXPECT_EQ(said("SEQUENCE_USED"), "change send #14");
      } else {
        EXPECT_EQ(said("SEQUENCE_USED"),
                  drop + (cause == Kind::kSubmit ? "ALREADY_ANSWERED"
                                                 : "SEQUENCE_USED"));
      }
    }
  }
}

// Another program may have put something else there.
TEST(ParticipationStateTest, NothingIsDroppedThatIsNotWhatWasSent) {
  for (const Row& row : Table()) {
    SCOPED_TRACE(row.what);
    for (const char* reason : {"NOTHING_TO_AMEND", "SEQUENCE_USED"}) {
      Event event = CameBack(row.record, Kind::kRefused, reason, Kind::kAmend);
      event.frame = "another frame";
      EXPECT_EQ(Said(Next(row.record, event)), reason);
    }
    Event closed = CameBack(row.record, Kind::kRoundClosed);
    closed.frame = "another frame";
    EXPECT_EQ(Said(Next(row.record, closed)), "ROUND_CLOSED");
  }
}

TEST(ParticipationStateTest, AServersWordAloneChangesNothing) {
  for (const Row& row : Table()) {
    SCOPED_TRACE(row.what);
    Event event = CameBack(row.record, Kind::kRoundClosed);
    event.is_certain = false;
    EXPECT_EQ(Said(Next(row.record, event)), "CLOSED_BEFORE_TIME");
    event.kind = Kind::kCalledOff;
    EXPECT_EQ(Said(Next(row.record, event)), "CANCELLATION_REFUSED");
  }
}

TEST(ParticipationStateTest, TheNumberIsDoubledUntilItCannotBe) {
  constexpr uint64_t kMost = (uint64_t{1} << 63U) - 1;
  for (const uint64_t sequence : {uint64_t{1}, kMost / 2, kMost / 2 + 1}) {
    const RoundRecord record = WithWaiting(
        RoundRecord(), FrameOf(Operation::kWithdraw, sequence), true);
    const Step step = Next(record, CameBack(record, Kind::kRefused,
                                            "SEQUENCE_USED", Kind::kWithdraw));
    EXPECT_EQ(Said(step), sequence > kMost / 2
                              ? "drop SEQUENCE_USED"
                              : absl::StrCat("change send #", 2 * sequence));
  }
}

// A first answer that the round's end overtook is missed if it never left, and
// unconfirmed if it did; of a change nothing stays.
TEST(ParticipationStateTest, TheEndOfTheRoundIsToldInItsWords) {
  const auto told = [](const RoundRecord& record, bool was_tried) {
    Event event = CameBack(record, Kind::kRoundClosed);
    event.was_tried = was_tried;
    return std::string(Next(record, event).outcome.message());
  };
  const RoundRecord first = WithWaiting(RoundRecord(), FirstFrame(), true);
  EXPECT_EQ(told(first, false), kMissedSentence);
  EXPECT_EQ(told(first, true), kUnconfirmedSentence);
  EXPECT_EQ(told(WithWaiting(Stored(), ChangeFrame(), true), true), "No.");
  EXPECT_EQ(told(With(&RoundRecord::set_missed), false), kMissedSentence);
  EXPECT_EQ(told(RoundRecord(), false), "No.");
}

TEST(ParticipationStateTest, WhoHasAnsweredIsToldWhatBecameOfTheAnswer) {
  const auto told = [](const RoundRecord& record) {
    return std::string(
        Next(record, CameBack(record, Kind::kCalledOff)).outcome.message());
  };
  EXPECT_EQ(told(Stored()), kCalledOffSentence);
  EXPECT_EQ(told(WithWaiting(RoundRecord(), FirstFrame(), true)),
            kCalledOffSentence);
  EXPECT_THAT(told(RoundRecord()), HasSubstr("takes no answers"));
}

TEST(ParticipationStateTest, WhatIsSettledMakesRoomForAChange) {
  struct Case {
    const char* reason;
    bool for_amend;
    bool for_withdraw;
  };
  for (const Case& sent :
       {Case{"NOTHING_TO_AMEND", true, true},
        Case{"ALREADY_WITHDRAWN", true, true},
        Case{"SEQUENCE_USED", true, true}, Case{"ROUND_CLOSED", false, false},
        Case{"ROUND_CANCELLED", false, false},
        Case{"SERVER_UNREACHABLE", false, false},
        Case{"RECEIPT_REFUSED", false, false},
        Case{"SIGNATURE_REFUSED", false, true},
        Case{"CREDENTIAL_REFUSED", false, true},
        Case{"FRAME_MALFORMED", false, true},
        Case{"FRAME_VERSION", false, true},
        Case{"CLOSED_BEFORE_TIME", false, true},
        Case{"CANCELLATION_REFUSED", false, true}}) {
    SCOPED_TRACE(sent.reason);
    EXPECT_EQ(IsSettled(RefusedWith(sent.reason), Kind::kAmend),
              sent.for_amend);
    EXPECT_EQ(IsSettled(RefusedWith(sent.reason), Kind::kWithdraw),
              sent.for_withdraw);
  }
  EXPECT_TRUE(IsSettled(absl::OkStatus(), Kind::kAmend));
  EXPECT_TRUE(IsSettled(absl::OkStatus(), Kind::kWithdraw));
}

TEST(ParticipationStateTest, WhatAPersonIsShownFollowsFromTheState) {
  using Shown = ParticipationStatus::State;
  const auto shown = [](const RoundRecord& record) {
    return DeriveStatus("couriers.2026-q1", &record)->state;
  };
  EXPECT_EQ(DeriveStatus("couriers.2026-q1", nullptr)->state, Shown::kNothing);
  EXPECT_EQ(shown(RoundRecord()), Shown::kNothing);
  EXPECT_EQ(shown(WithWaiting(RoundRecord(), FirstFrame(), false)),
            Shown::kWaiting);
  EXPECT_EQ(shown(WithWaiting(RoundRecord(), ChangeFrame(), true)),
            Shown::kWaiting);
  EXPECT_EQ(shown(With(&RoundRecord::set_forgotten)), Shown::kForgotten);
  EXPECT_EQ(shown(With(&RoundRecord::set_missed)), Shown::kMissed);
  EXPECT_EQ(shown(With(&RoundRecord::set_unconfirmed)), Shown::kUnconfirmed);
  // Nobody who has not answered is told of an answer.
  EXPECT_EQ(shown(With(&RoundRecord::set_called_off)), Shown::kNothing);
  EXPECT_EQ(
      shown(With(&RoundRecord::set_called_off, With(&RoundRecord::set_missed))),
      Shown::kCalledOff);
  // A receipt that nobody signed is none.
  const RoundRecord stored = Stored();
  EXPECT_THAT(DeriveStatus("couriers.2026-q1", &stored),
              commonwage::testing::HasReason(Reason::kReceiptRefused));
}

}  // namespace
}  // namespace commonwage::client
