// SPDX-License-Identifier: Apache-2.0
// What comes next for a person's answer in one round: a table, and nothing but
// a table. It knows no wallet file, no server and no clock. The driver
// (participation.h) does one wallet update, one action, and brings one event.
//
// Each entry is what becomes of the wallet's record, and what is done then:
//
//                Submit     Amend      Withdraw   Due   Receipt  RoundClosed
//                CalledOff
//   kNothing     seal       change     change     -     take     tell mark
//   kSealed      refuse(w)  reseal     drop       send  take     lose mark
//   kOnItsWay    refuse(w)  settle     settle     send  take     lose mark
//   kChanging    refuse(w)  settle     settle     send  take     lose mark
//   kStored      refuse(a)  change     change     -     take     tell mark
//   kWithdrawn   refuse(x)  refuse(x)  refuse(x)  -     take     tell mark
//   kForgotten   refuse(f)  refuse(f)  refuse(f)  -     -        tell mark
//   kMissed      seal       change     change     -     take     tell mark
//   kUnconfirmed seal       change     change     -     take     tell mark
//   kCalledOff   refuse(c)  refuse(c)  refuse(c)  -     take     tell tell
//
//   seal     seal a first answer and keep it; send it if that is now
//   reseal   seal another first answer in its place, for the same time
//   change   seal the change under the next number, keep it, send it
//   settle   send what is on its way, and then look again: the server may have
//            it. Once that is settled: change
//   send     note that it was tried, and send it, if its time has come
//   take     keep the frame and its receipt, or in forgetful mode nothing
//   drop     drop what waits
//   lose     drop what waits, since the round has closed; of a first answer
//            stays that it was missed, or is unconfirmed
//   mark     note that the round was called off, drop what waits, say so
//   tell     say it, and change nothing
//   refuse   (w) ANSWER_WAITING, or ALREADY_ANSWERED with a receipt;
//            (a) ALREADY_ANSWERED (x) ALREADY_WITHDRAWN (f) FORGOTTEN
//            (c) ROUND_CANCELLED
//
// A server's word alone closes no round and calls none off: then RoundClosed
// and CalledOff are not certain, and change nothing.
//
// Refused is the same in every state, but that nothing is dropped which is not
// what was sent. By its reason:
//
//   ROUND_CLOSED       ask whether it has closed, for RoundClosed
//   ROUND_CANCELLED    ask for the survey's key's word, for CalledOff
//   SEQUENCE_USED      of a change that is being made: change, the number
//                      doubled; else drop, and tell
//   NOTHING_TO_AMEND, ALREADY_WITHDRAWN   drop, and tell
//   any other          tell; what waits is kept

#ifndef COMMONWAGE_CLIENT_PARTICIPATION_STATE_H_
#define COMMONWAGE_CLIENT_PARTICIPATION_STATE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"

#include "client/wallet_records.pb.h"

namespace commonwage::client {

enum class ParticipationState {
  kNothing,      // Nothing was done that this wallet knows of.
  kSealed,       // A first answer waits, and was never sent.
  kOnItsWay,     // It was sent at least once, and no receipt came.
  kChanging,     // An amendment or a withdrawal waits.
  kStored,       // The server has the answer.
  kWithdrawn,    // It was taken back, for good.
  kForgotten,    // It was sent in forgetful mode, and is erased.
  kMissed,       // The round closed before it was sent.
  kUnconfirmed,  // The round closed before its receipt came.
  kCalledOff,    // The survey's key has called the round off.
};

// The state that a record is in; the one place that reads its flags.
ParticipationState StateOf(const RoundRecord& record);

// Something that the person wants, or that came back.
struct Event {
  enum class Kind {
    kSubmit,
    kAmend,
    kWithdraw,
    kDue,          // A look at what waits.
    kReceipt,      // A receipt for `frame` came, and it holds.
    kRefused,      // The server refused `frame`.
    kRoundClosed,  // It says that the round has closed.
    kCalledOff,    // It says that the round was called off.
  };

  Kind kind = Kind::kDue;
  bool is_now = false;      // kSubmit, kDue: the time to send has come.
  bool is_settled = false;  // kAmend, kWithdraw: what was on its way is not in
                            // the way any more.
  bool is_certain = false;  // kRoundClosed, kCalledOff: not by the server's
                            // word alone.
  // Of what came back:
  Kind cause = Kind::kDue;  // What the person had wanted.
  std::string frame = {};   // What was sent.
  bool was_tried = false;   // It had been sent before.
  absl::Status refusal = {};
};

// What to do about an event.
struct Step {
  enum class Change {  // Of the wallet's record, before anything else.
    kNone,
    kSealFirst,
    kReseal,
    kSealChange,  // Under `sequence`.
    kMarkTried,
    kTakeReceipt,
    kDrop,
    kDropAtClose,
    kCallOff,
  };
  enum class Action {
    kRest,    // Nothing: `outcome` is how it ended.
    kSend,    // What waits by the record, as it is on the disk now.
    kSettle,  // Go through kDue now; then this event again, settled.
    kAskWhetherClosed,
    kAskWhetherCalledOff,
  };

  Change change = Change::kNone;
  Action action = Action::kRest;
  uint64_t sequence = 0;
  absl::Status outcome = {};
};

// Returns the entry of the table. Pure: the same for the same.
Step Next(const RoundRecord& record, const Event& event);

// Whether what was on its way and ended as `sent` leaves room for `wanted`,
// kAmend or kWithdraw: once there is a receipt for it or the server will never
// take it; and for who takes it back, also where the server finds it faulty, or
// the round over, which must not keep them from saying so.
bool IsSettled(const absl::Status& sent, Event::Kind wanted);

// Refuse a first answer, or a change, where the table does by `record`, or
// null: ALREADY_EXISTS (ALREADY_ANSWERED) or FAILED_PRECONDITION
// (ANSWER_WAITING) for a first answer; FAILED_PRECONDITION (FORGOTTEN,
// ALREADY_WITHDRAWN, ROUND_CANCELLED) for both.
absl::Status CheckMaySubmit(const RoundRecord* record);
absl::Status CheckMayChange(const RoundRecord* record);

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_PARTICIPATION_STATE_H_
