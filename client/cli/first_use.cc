// SPDX-License-Identifier: Apache-2.0
#include "client/cli/first_use.h"

#include <iostream>

#include "absl/strings/ascii.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "base/typed_text.h"
#include "client/checked_round.h"
#include "client/cli/text/words.h"
#include "client/round_record.h"
#include "command/terminal.h"
#include "crypto/fingerprint.h"

namespace commonwage::client::cli {

absl::Status VouchForSurvey(ServerApi& server, const WalletRecords* records,
                            absl::string_view round_id,
                            SubmitOptions& choices) {
  const WalletRecords none;
  if (KnowSurveyKey(AnchorsOf(records != nullptr ? *records : none, round_id,
                              choices.survey_key_fingerprint))) {
    return absl::OkStatus();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const TrustedRound round,
                              LookAtRound(server, round_id, choices));
  if (!command::IsTerminal()) {
    return SurveyKeyUnconfirmed();
  }
  COMMONWAGE_RETURN_IF_ERROR(ConfirmKey(round, std::cin, std::cerr));
  choices.survey_key_fingerprint = crypto::Fingerprint(round.survey_key);
  return absl::OkStatus();
}

absl::Status ConfirmKey(const TrustedRound& round, std::istream& in,
                        std::ostream& out) {
  out << "This wallet does not know the survey yet, and anybody can run a "
         "server of the same name.\nThe survey's key, as this server shows "
         "it:\n  "
      << crypto::Fingerprint(round.survey_key) << "\n  "
      << crypto::FingerprintWords(round.survey_key) << '\n';
  if (round.manifest.admission == Admission::kOpen) {
    out << OpenRoundSentence() << '\n';
  }
  out << "Compare the key with what your union printed. If every word is the "
         "same, type yes; or type\nthe words or digits from the paper. Without "
         "such a paper, stop here and ask your union.\n> "
      << std::flush;
  std::string line;
  std::getline(in, line);
  const absl::string_view typed = TrimTyped(line);
  if (absl::AsciiStrToLower(typed) == "yes") {
    return absl::OkStatus();
  }
  const absl::Status verdict =
      crypto::CheckFingerprint(round.survey_key, typed);
  if (verdict.ok()) {
    return absl::OkStatus();
  }
  return ReasonOf(verdict) == Reason::kFingerprintMalformed
             ? Refusal(Reason::kNotConfirmed,
                       "The survey's key was not confirmed. Nothing was sent.")
             : Reworded(verdict,
                        "The server shows another key than the one on your "
                        "paper: it is not your union's survey. Nothing was "
                        "sent. Ask the union in person.");
}

}  // namespace commonwage::client::cli
