// SPDX-License-Identifier: Apache-2.0
// What a wallet's record of a survey says: its key, and what it was joined by.

#ifndef COMMONWAGE_CLIENT_SURVEY_RECORD_H_
#define COMMONWAGE_CLIENT_SURVEY_RECORD_H_

#include <optional>
#include <vector>

#include "absl/strings/string_view.h"

#include "client/wallet_records.pb.h"
#include "crypto/signature.h"
#include "survey/invitation.h"

namespace commonwage::client {

// Returns what the wallet knows of a survey, or null.
const SurveyRecord* FindSurvey(const WalletRecords& records,
                               absl::string_view survey);
// Return the record of a survey, a new one if there was none; with `key`, pin
// that in it unless it has one.
SurveyRecord& GetOrAddSurvey(WalletRecords& records, absl::string_view survey);
SurveyRecord& GetOrAddSurvey(WalletRecords& records, absl::string_view survey,
                             const crypto::VerifyKey& key);
// Returns the survey that a round is of, as far as the wallet knows it, or
// null.
const SurveyRecord* FindSurveyOf(const WalletRecords& records,
                                 absl::string_view round_id);

// Returns what the wallet joined a survey by, if it did.
std::optional<Invitation> InvitationOf(const SurveyRecord& survey);

// Returns all that the wallet joined by, in the order of first use.
std::vector<Invitation> InvitationsIn(const WalletRecords& records);

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_SURVEY_RECORD_H_
