// SPDX-License-Identifier: Apache-2.0
// The first use of a survey that the wallet has not joined: a person says that
// the key which a server shows is the one that their union printed.

#ifndef COMMONWAGE_CLIENT_CLI_FIRST_USE_H_
#define COMMONWAGE_CLIENT_CLI_FIRST_USE_H_

#include <iosfwd>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "client/connection/server_api.h"
#include "client/round_trust.h"
#include "client/submit_options.h"
#include "client/wallet_records.pb.h"

namespace commonwage::client::cli {

// Puts the key's fingerprint into `choices` once a person at the terminal has
// confirmed it. Does nothing if `records`, or null, or `choices` have a word
// on the key of the round's survey already.
//
// Fails as LookAtRound and ConfirmKey do, and as VisitRound does
// (SURVEY_KEY_UNCONFIRMED) without a terminal.
absl::Status VouchForSurvey(ServerApi& server, const WalletRecords* records,
                            absl::string_view round_id, SubmitOptions& choices);

// Shows the key of a round's survey, and who can answer, on `out`; reads "yes",
// or the key's words or digits as they were printed, from `in`.
//
// Fails with FAILED_PRECONDITION: SURVEY_KEY_DIFFERS if other ones were typed,
// NOT_CONFIRMED for anything else.
absl::Status ConfirmKey(const TrustedRound& round, std::istream& in,
                        std::ostream& out);

}  // namespace commonwage::client::cli

#endif  // COMMONWAGE_CLIENT_CLI_FIRST_USE_H_
