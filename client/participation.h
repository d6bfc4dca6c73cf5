// SPDX-License-Identifier: Apache-2.0
// What a person's device does in a round: check, seal, keep, wait, send, check
// the receipt. What comes next is the table of participation_state.h; this is
// what drives it. Only what an update of the wallet has put on the device's
// disk is ever sent, so a crash or a lost answer loses nothing: the same frame
// again gets the same receipt.
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
#include "client/checked_round.h"
#include "client/connection/server_api.h"
#include "client/participation_state.h"
#include "client/participation_status.h"
#include "client/submit_options.h"
#include "client/trusted_round.h"
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
                                   const SubmitOptions& options,
                                   absl::Time now);

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

  // As VisitRound of checked_round.h.
  absl::StatusOr<CheckedRound> VisitRound(absl::string_view round_id,
                                          const SubmitOptions& options);

  // Seals a first answer and keeps it, to be sent at a random time; sends it if
  // that is now. The rest fails with
  //   INVALID_ARGUMENT: ANSWER_REFUSED, with the fields at fault;
  //   FAILED_PRECONDITION: ANSWER_WAITING, ROUND_NOT_OPEN, ROUND_CLOSED,
  //   NOT_ENROLLED, ENROLLED_OTHERWISE, CLOCK_OFF, and as CheckPromise
  //   (seen_rounds.h) if the survey breaks what it promised; ALREADY_EXISTS:
  //   ALREADY_ANSWERED.
  // If the server cannot be reached, or says that the frame is faulty, what is
  // to be sent is kept: a server's word must not erase it. So it is when the
  // server says that the round has closed, and the round's own rules and this
  // device's clock do not: FAILED_PRECONDITION (CLOSED_BEFORE_TIME). After that
  // time ROUND_CLOSED drops it and leaves a mark (see DropAtClose). When the
  // server says that the round was called off, what waits is dropped if the
  // survey's key says so too: FAILED_PRECONDITION (ROUND_CANCELLED); else it is
  // kept: (CANCELLATION_REFUSED).
  absl::StatusOr<ParticipationStatus> Submit(const TrustedRound& round,
                                             const EnteredAnswer& entered,
                                             const SubmitOptions& options);

  // Replaces the answer: the one that waits, or the one that the server has;
  // that is sent at once. Fails as Submit does, and with FAILED_PRECONDITION
  // (NOTHING_TO_AMEND, ALREADY_WITHDRAWN, FORGOTTEN).
  absl::StatusOr<ParticipationStatus> Amend(const TrustedRound& round,
                                            const EnteredAnswer& entered);

  // Takes the answer back: drops the one that waits unsent, or has the server
  // delete the one it has, for good. Fails as Amend does.
  absl::StatusOr<ParticipationStatus> Withdraw(const TrustedRound& round);

  // Sends what waits in the round if its time has come, and returns how things
  // stand. With `now`, whatever its time.
  absl::StatusOr<ParticipationStatus> Resume(absl::string_view round_id,
                                             bool now);

  // Sends the accepted frame once more: the receipt comes again if the server
  // still has it.
  absl::StatusOr<ParticipationStatus> AskAgain(absl::string_view round_id);

 private:
  struct Walk;

  // Go from event to event until there is nothing more to do; one turn is one
  // update of the wallet and one action.
  absl::StatusOr<ParticipationStatus> Run(Walk& walk, Event event);
  absl::StatusOr<Step> Take(Walk& walk, const Event& event);
  absl::StatusOr<Event> Act(Walk& walk, const Step& step, Event event);

  absl::Status Seal(const Walk& walk, const Step& step,
                    WalletContents& contents);
  absl::Status Write(const Step& step, const Event& event, Walk& walk,
                     WalletContents& contents);
  absl::StatusOr<std::string> SealFrame(const Walk& walk, Operation operation,
                                        uint64_t sequence,
                                        const WalletContents& contents);
  absl::StatusOr<Event> Send(Walk& walk);
  absl::StatusOr<bool> HasClosed(absl::string_view round_id);
  bool IsCalledOff(absl::string_view round_id);

  const WalletFile& wallet_;
  ServerApi& server_;
  const std::string server_address_;
  Clock& clock_;
  RandomSource& random_;
};

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_PARTICIPATION_H_
