// SPDX-License-Identifier: Apache-2.0
// How a person is told where they stand.

#ifndef COMMONWAGE_CLIENT_CLI_REPORT_H_
#define COMMONWAGE_CLIENT_CLI_REPORT_H_

#include <iosfwd>
#include <vector>

#include "client/cli/options.h"
#include "client/participation.h"
#include "client/standing.h"

namespace commonwage::client::cli {

// Says, on the first use of a survey, which key the wallet trusts from now on,
// and always whether answers are verified.
void TellVisit(const Visit& visit, std::ostream& out);

// Says where the person stands; as a commonwage.v1.ReceiptReport if `json`.
void TellStanding(const Standing& standing, bool json);

}  // namespace commonwage::client::cli

#endif  // COMMONWAGE_CLIENT_CLI_REPORT_H_
