// SPDX-License-Identifier: Apache-2.0
#include "client/joining.h"

#include <algorithm>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "client/connection/endpoint.h"
#include "client/round_record.h"
#include "client/survey_record.h"
#include "crypto/fingerprint.h"
#include "crypto/signature.h"

namespace commonwage::client {
namespace {

// The fingerprint of the survey's key as far as the wallet knows it, or "".
std::string KnownKey(const SurveyRecord& survey) {
  const auto key = crypto::VerifyKey::From(survey.verify_key());
  return key.has_value() ? crypto::Fingerprint(*key)
                         : survey.invitation().survey_key();
}

absl::Status JoinedOtherwise(absl::string_view known,
                             const Invitation& invitation) {
  constexpr absl::string_view kRemedy =
      " Nothing was changed. Ask the union in person which one is right; "
      "--replace takes this invitation.";
  if (known == invitation.survey_key) {
    return Refusal(Reason::kJoinedOtherwise,
                   absl::StrCat("This wallet has joined the survey by another "
                                "invitation, which names the same key but "
                                "another server, office or admission.",
                                kRemedy, " The key: ",
                                crypto::WordsOfFingerprint(known), "."));
  }
  return Refusal(
      Reason::kJoinedOtherwise,
      absl::StrCat("This wallet knows the survey by another key than the "
                   "invitation names.",
                   kRemedy, " The key that this wallet knows: ",
                   crypto::WordsOfFingerprint(known),
                   ". The key of this invitation: ",
                   crypto::WordsOfFingerprint(invitation.survey_key), "."));
}

// Whether nothing was done in the round but to look at it.
bool IsUntouched(const RoundRecord& round) {
  return !round.has_waiting() && !HasAnswered(round) &&
         round.credential().empty() && round.throwaway_seed().empty() &&
         !round.requested();
}

// Forgets what came with the survey's former key.
absl::Status ForgetKey(WalletRecords& records, SurveyRecord& survey) {
  const auto is_of_survey = [&](const RoundRecord& round) {
    return FindSurveyOf(records, round.round_id()) == &survey;
  };
  auto& rounds = *records.mutable_rounds();
  if (std::any_of(rounds.begin(), rounds.end(), [&](const RoundRecord& round) {
        return round.has_waiting() && is_of_survey(round);
      })) {
    return Refusal(Reason::kAnswerWaiting,
                   "An answer waits in this wallet to be sent to the survey as "
                   "it knows it. Send it with `commonwage submit --resume`, or "
                   "take it back with `commonwage withdraw`, before you "
                   "replace the invitation.");
  }
  rounds.erase(std::remove_if(rounds.begin(), rounds.end(),
                              [&](const RoundRecord& round) {
                                return IsUntouched(round) &&
                                       is_of_survey(round);
                              }),
               rounds.end());
  survey.clear_verify_key();
  survey.clear_seen();
  return absl::OkStatus();
}

void Write(const Invitation& invitation, SurveyInvitation& to) {
  to.set_server(invitation.server);
  to.set_office(invitation.office);
  to.set_survey_key(invitation.survey_key);
  to.set_admission(invitation.admission == Admission::kOpen
                       ? v1::ADMISSION_OPEN
                       : v1::ADMISSION_CREDENTIAL);
}

// Whether a round of one of the wallet's surveys could be taken for one of
// `survey`, or the reverse: IDs may hold dots.
bool IsBehindADot(const std::string& survey, const WalletRecords& records) {
  return std::any_of(
      records.surveys().begin(), records.surveys().end(),
      [&survey](const SurveyRecord& other) {
        return absl::StartsWith(survey, absl::StrCat(other.survey(), ".")) ||
               absl::StartsWith(other.survey(), absl::StrCat(survey, "."));
      });
}

absl::Status Pin(const Invitation& invitation, Rejoin rejoin,
                 WalletRecords& records) {
  SurveyRecord& survey = GetOrAddSurvey(records, invitation.survey);
  const std::optional<Invitation> before = InvitationOf(survey);
  const std::string known = KnownKey(survey);
  const bool is_other_key = !known.empty() && known != invitation.survey_key;
  const bool is_other = before.has_value() && *before != invitation;
  if ((is_other_key || is_other || IsBehindADot(invitation.survey, records)) &&
      rejoin == Rejoin::kRefuse) {
    return JoinedOtherwise(known, invitation);
  }
  COMMONWAGE_RETURN_IF_ERROR(is_other_key ? ForgetKey(records, survey)
                                          : absl::OkStatus());
  Write(invitation, *survey.mutable_invitation());
  return absl::OkStatus();
}

}  // namespace

absl::Status Join(const WalletFile& wallet, const Invitation& invitation,
                  Rejoin rejoin, RandomSource& random) {
  COMMONWAGE_RETURN_IF_ERROR(ParseServer(invitation.server).status());
  COMMONWAGE_RETURN_IF_ERROR(invitation.office.empty()
                                 ? absl::OkStatus()
                                 : ParseServer(invitation.office).status());
  return wallet.Update(random, [&](WalletContents& contents) {
    return Pin(invitation, rejoin, contents.records);
  });
}

}  // namespace commonwage::client
