// SPDX-License-Identifier: Apache-2.0
#include "client/survey_record.h"

#include <cstddef>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace commonwage::client {

const SurveyRecord* FindSurvey(const WalletRecords& records,
                               absl::string_view survey) {
  for (const SurveyRecord& record : records.surveys()) {
    if (record.survey() == survey) {
      return &record;
    }
  }
  return nullptr;
}

SurveyRecord& GetOrAddSurvey(WalletRecords& records, absl::string_view survey) {
  for (SurveyRecord& record : *records.mutable_surveys()) {
    if (record.survey() == survey) {
      return record;
    }
  }
  SurveyRecord& record = *records.add_surveys();
  record.set_survey(std::string(survey));
  return record;
}

SurveyRecord& GetOrAddSurvey(WalletRecords& records, absl::string_view survey,
                             const crypto::VerifyKey& key) {
  SurveyRecord& record = GetOrAddSurvey(records, survey);
  if (record.verify_key().empty()) {
    record.set_verify_key(std::string(key.view()));
  }
  return record;
}

const SurveyRecord* FindSurveyOf(const WalletRecords& records,
                                 absl::string_view round_id) {
  // IDs may contain dots, so that the survey's part of a round ID is not
  // certain: of the surveys that it can be, the longest is meant, whatever the
  // manifest will claim.
  const SurveyRecord* found = nullptr;
  size_t longest = 0;
  for (const SurveyRecord& survey : records.surveys()) {
    if (absl::StartsWith(round_id, absl::StrCat(survey.survey(), ".")) &&
        survey.survey().size() > longest) {
      longest = survey.survey().size();
      found = &survey;
    }
  }
  return found;
}

std::optional<Invitation> InvitationOf(const SurveyRecord& survey) {
  if (!survey.has_invitation()) {
    return std::nullopt;
  }
  const SurveyInvitation& invitation = survey.invitation();
  return Invitation{invitation.server(), invitation.office(), survey.survey(),
                    invitation.survey_key(),
                    // What a later version may write is not open to everybody.
                    invitation.admission() == v1::ADMISSION_OPEN
                        ? Admission::kOpen
                        : Admission::kCredential};
}

std::vector<Invitation> InvitationsIn(const WalletRecords& records) {
  std::vector<Invitation> invitations;
  for (const SurveyRecord& survey : records.surveys()) {
    if (const std::optional<Invitation> invitation = InvitationOf(survey)) {
      invitations.push_back(*invitation);
    }
  }
  return invitations;
}

}  // namespace commonwage::client
