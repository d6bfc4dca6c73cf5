// SPDX-License-Identifier: Apache-2.0
// How a person is told where they stand.

#ifndef COMMONWAGE_CLIENT_CLI_REPORT_H_
#define COMMONWAGE_CLIENT_CLI_REPORT_H_

#include <iosfwd>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "client/checked_round.h"
#include "client/cli/options.h"
#include "client/participation.h"
#include "client/participation_status.h"

namespace commonwage::client::cli {

// Says, on the first use of a survey, which key the wallet trusts from now on,
// on the first sight of it the operator's key for receipts, and always whether
// answers are verified, and whether the server is away.
void TellVisit(const CheckedRound& visit, std::ostream& out);

// Returns the hour of `time`: "between 2026-11-22 00:00 and 01:00 UTC".
std::string HourInWords(absl::Time time);

// Returns `status`, with `sentence` in place of its own if it means that a
// server cannot be reached.
absl::Status IfUnreachable(const absl::Status& status,
                           absl::string_view sentence);

// Says where the person stands; as a commonwage.v1.ReceiptReport if `json`.
void TellStanding(const ParticipationStatus& standing, bool json);

}  // namespace commonwage::client::cli

#endif  // COMMONWAGE_CLIENT_CLI_REPORT_H_
