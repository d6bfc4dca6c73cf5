// SPDX-License-Identifier: Apache-2.0
// Looking at a round: what the server shows, held against what this device
// knows. Nothing is sealed here, and nothing is sent but the question.

#ifndef COMMONWAGE_CLIENT_CHECKED_ROUND_H_
#define COMMONWAGE_CLIENT_CHECKED_ROUND_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/clock.h"
#include "base/random_source.h"
#include "client/connection/server_api.h"
#include "client/submit_options.h"
#include "client/trusted_round.h"
#include "client/wallet_file.h"
#include "commonwage/v1/round_service.pb.h"

namespace commonwage::client {

// A round as a wallet sees it.
struct CheckedRound {
  TrustedRound round;
  bool first_use = false;  // The survey's key was not seen before.
  // The operator's key for receipts was in no round of the wallet before.
  bool new_receipt_key = false;
  // The server cannot be reached: the round is the one that the wallet has
  // kept, and its state goes by this device's clock.
  bool server_away = false;
};

// Fails with FAILED_PRECONDITION (SURVEY_KEY_UNCONFIRMED). Does not say the
// key: it must not be copied from where it is to be checked.
absl::Status SurveyKeyUnconfirmed();

// Returns what the server says of a round, unchecked. Fails as GetRound does.
absl::StatusOr<v1::GetRoundResponse> AskForRound(ServerApi& server,
                                                 absl::string_view round_id);

// Gets a round and checks it, for a person who has no wallet yet. Its promise
// is that of the survey's rounds that the server lists.
// Fails as GetRound and CheckRound do.
absl::StatusOr<TrustedRound> LookAtRound(ServerApi& server,
                                         absl::string_view round_id,
                                         const SubmitOptions& options);

// Gets a round, checks it against what the wallet has seen before, and
// remembers its survey key and rules. A survey's key is never
// taken from the server alone: it is the one that the wallet knows, that an
// invitation names, or that the person typed. At the first visit asks for
// the survey's other rounds as well. The promise of the round is that of all
// rounds of the survey that the wallet has ever seen; they are remembered also
// where they break it, so that nothing is sealed to that survey again. If the
// server cannot be reached, goes by what the wallet has kept of the round.
//
// Fails as GetRound, CheckRound and WalletFile do, and with FAILED_PRECONDITION
// (SURVEY_KEY_UNCONFIRMED) if there is none of these.
absl::StatusOr<CheckedRound> VisitRound(ServerApi& server,
                                        const WalletFile& wallet,
                                        absl::string_view round_id,
                                        const SubmitOptions& options,
                                        Clock& clock, RandomSource& random);

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_CHECKED_ROUND_H_
