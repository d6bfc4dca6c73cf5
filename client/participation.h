// SPDX-License-Identifier: Apache-2.0
// What a person's device does in a round: check, seal, keep, wait, send, check
// the receipt. Whatever is to be sent is on the device's disk before it is
// sent, so a crash or a lost answer loses nothing: the same frame again gets
// the same receipt.
//
// Sequences. A first answer has sequence 0; each change the next after the last
// accepted one. A wallet rebuilt from its words, or an old copy of it, does not
// know the last one: when the server says SEQUENCE_USED the number is doubled
// and tried again, which takes at most 63 steps and tells the server only that
// a number was behind.

#ifndef COMMONWAGE_CLIENT_PARTICIPATION_H_
#define COMMONWAGE_CLIENT_PARTICIPATION_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "base/clock.h"
#include "base/random_source.h"
#include "client/connection/server_api.h"
#include "client/round_trust.h"
#include "client/round_visit.h"
#include "client/standing.h"
#include "client/wallet_file.h"
#include "client/wallet_records.pb.h"
#include "survey/answer.h"
#include "survey/frame.h"

namespace commonwage::client {

// Answers by dimension or measure ID, as the person entered them.
using EnteredAnswer = std::map<std::string, std::string>;

// Returns the answer that Submit would seal for a wallet whose record of the
// round is `record`, or null. Sends and keeps nothing. Fails as Submit does.
absl::StatusOr<Answer> CheckAnswer(const TrustedRound& round,
                                   const RoundRecord* record,
                                   const EnteredAnswer& entered,
                                   const Choices& choices, absl::Time now);

// One wallet at one server. Not thread-safe. Everything fails as the calls of
// ServerApi and WalletFile do, besides what is said.
class Participation {
 public:
  // `server_address` is kept with what waits, so that it can be resumed.
  Participation(const WalletFile& wallet, ServerApi& server,
                std::string server_address, Clock& clock, RandomSource& random)
      : wallet_(wallet),
        server_(server),
        server_address_(std::move(server_address)),
        clock_(clock),
        random_(random) {}

  // As VisitRound of round_visit.h.
  absl::StatusOr<Visit> VisitRound(absl::string_view round_id,
                                   const Choices& choices);

  // Seals a first answer and keeps it, to be sent at a random time; sends it if
  // that is now. The rest fails with
  //   INVALID_ARGUMENT: ANSWER_REFUSED, with the fields at fault;
  //   FAILED_PRECONDITION: ROUND_NOT_OPEN, ROUND_CLOSED, NOT_ENROLLED,
  //   ENROLLED_OTHERWISE, CLOCK_OFF, and as CheckPromise (seen_rounds.h) if the
  //   survey breaks what it promised;
  //   ALREADY_EXISTS: ALREADY_ANSWERED, ANSWER_WAITING.
  // If the server cannot be reached, or says that the frame is faulty, what is
  // to be sent is kept: a server's word must not erase it. So it is when the
  // server says that the round has closed, and the round's own rules and this
  // device's clock do not: FAILED_PRECONDITION (CLOSED_BEFORE_TIME). After that
  // time ROUND_CLOSED drops it and leaves a mark (see DropAtClose). When the
  // server says that the round was called off, what waits is dropped if the
  // survey's key says so too: FAILED_PRECONDITION (ROUND_CANCELLED); else it is
  // kept: (CANCELLATION_REFUSED).
  absl::StatusOr<Standing> Submit(const TrustedRound& round,
                                  const EnteredAnswer& entered,
                                  const Choices& choices);

  // Replaces the answer: the one that waits, or the one that the server has;
  // that is sent at once. Fails as Submit does, and with FAILED_PRECONDITION
  // (NOTHING_TO_AMEND, ALREADY_WITHDRAWN, FORGOTTEN).
  absl::StatusOr<Standing> Amend(const TrustedRound& round,
                                 const EnteredAnswer& entered);

  // Takes the answer back: drops the one that waits unsent, or has the server
  // delete the one it has, for good. Fails as Amend does.
  absl::StatusOr<Standing> Withdraw(const TrustedRound& round);

  // Sends what waits in the round if its time has come, and returns how things
  // stand. With `now`, whatever its time.
  absl::StatusOr<Standing> Resume(absl::string_view round_id, bool now);

  // Sends the accepted frame once more: the receipt comes again if the server
  // still has it.
  absl::StatusOr<Standing> AskAgain(absl::string_view round_id);

 private:
  absl::StatusOr<Standing> Change(const TrustedRound& round,
                                  Operation operation, const Answer* answer);
  absl::StatusOr<Standing> ChangeWaiting(const TrustedRound& round,
                                         const Answer* answer);
  absl::Status Keep(const TrustedRound& round, std::string frame,
                    absl::Time send_at);
  absl::StatusOr<Standing> SendWaiting(absl::string_view round_id);
  absl::Status Accept(absl::string_view round_id, const std::string& frame,
                      const v1::Receipt& receipt);
  absl::Status CheckClosed(absl::string_view round_id);
  absl::Status AfterCancelled(absl::string_view round_id);
  absl::Status AfterRefusal(absl::string_view round_id,
                            const std::string& frame, bool tried,
                            const absl::Status& refusal);
  absl::StatusOr<std::string> MakeFrame(const TrustedRound& round,
                                        Operation operation, uint64_t sequence,
                                        const Answer* answer);

  const WalletFile& wallet_;
  ServerApi& server_;
  const std::string server_address_;
  Clock& clock_;
  RandomSource& random_;
};

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_PARTICIPATION_H_
