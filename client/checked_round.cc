// SPDX-License-Identifier: Apache-2.0
#include "client/checked_round.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "client/round_record.h"
#include "client/round_trust.h"
#include "client/seen_rounds.h"
#include "client/survey_record.h"
#include "survey/plan/plan.h"

namespace commonwage::client {
namespace {

bool IsAway(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status);
}

v1::RoundState StateAt(const Plan& plan, absl::Time now) {
  if (now < plan.opens_at) {
    return v1::ROUND_STATE_CREATED;
  }
  return now < plan.closes_at ? v1::ROUND_STATE_OPEN : v1::ROUND_STATE_CLOSED;
}

absl::StatusOr<v1::GetRoundResponse> GetOrRecallRound(
    ServerApi& server, const WalletRecords& records, absl::string_view round_id,
    bool& server_away) {
  absl::StatusOr<v1::GetRoundResponse> response = AskForRound(server, round_id);
  if (response.ok() || !IsAway(response.status())) {
    return response;
  }
  const RoundRecord* record = FindRound(records, round_id);
  if (record == nullptr || !record->has_shown()) {
    return response;
  }
  server_away = true;
  v1::GetRoundResponse recalled;
  *recalled.mutable_round() = record->shown();
  return recalled;
}

// Adds the round itself to its survey's others.
KnownRounds With(const TrustedRound& round, KnownRounds others) {
  others.Add(round);
  return others;
}

// What the wallet knows of the round's survey, with the round itself.
absl::Status PromiseSeen(const WalletRecords& records,
                         const TrustedRound& round) {
  const SurveyRecord* survey = FindSurvey(records, round.manifest.plan.survey);
  return CheckPromise(
      With(round, survey != nullptr ? SeenEntries(*survey) : KnownRounds()));
}

// Returns the survey's rounds that the server lists, if the round is new to the
// wallet: one question a round is enough, and later visits stay short. It asks
// again where the account is broken: perhaps a round was called off.
absl::StatusOr<KnownRounds> OthersAtFirst(ServerApi& server,
                                          const WalletRecords& records,
                                          const v1::GetRoundResponse& response,
                                          absl::string_view round_id,
                                          const SubmitOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const TrustedRound round,
      CheckRound(response, round_id,
                 AnchorsOf(records, round_id, options.survey_key_fingerprint)));
  const RoundRecord* record = FindRound(records, round_id);
  if (record != nullptr && !record->manifest_hash().empty() &&
      PromiseSeen(records, round).ok()) {
    return KnownRounds();
  }
  return ListedEntries(server, round.survey_key);
}

// Sets the round's promise by all that is known of its survey, and remembers
// that.
void KeepAccount(const KnownRounds& others, SurveyRecord& survey,
                 TrustedRound& round) {
  KnownRounds known = With(round, SeenEntries(survey));
  known.Add(others);
  RememberSeen(known, survey);
  round.promise = CheckPromise(std::move(known));
}

}  // namespace

absl::Status SurveyKeyUnconfirmed() {
  return Refusal(
      Reason::kSurveyKeyUnconfirmed,
      "This wallet does not know the survey yet, and anybody can run a server "
      "of the same name. Nothing was sent. Join with your union's invitation "
      "(`commonwage join`), or give the survey key's words or digits with "
      "--survey-key, as your union printed them.");
}

absl::StatusOr<v1::GetRoundResponse> AskForRound(ServerApi& server,
                                                 absl::string_view round_id) {
  v1::GetRoundRequest request;
  request.set_name(absl::StrCat("rounds/", round_id));
  return server.GetRound(request);
}

absl::StatusOr<TrustedRound> LookAtRound(ServerApi& server,
                                         absl::string_view round_id,
                                         const SubmitOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(const v1::GetRoundResponse response,
                              AskForRound(server, round_id));
  TrustAnchors anchors;
  anchors.survey_key_fingerprint = options.survey_key_fingerprint;
  COMMONWAGE_ASSIGN_OR_RETURN(TrustedRound round,
                              CheckRound(response, round_id, anchors));
  round.promise =
      CheckPromise(With(round, ListedEntries(server, round.survey_key)));
  return round;
}

absl::StatusOr<CheckedRound> VisitRound(ServerApi& server,
                                        const WalletFile& wallet,
                                        absl::string_view round_id,
                                        const SubmitOptions& options,
                                        Clock& clock, RandomSource& random) {
  CheckedRound visit;
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents before, wallet.Read());
  COMMONWAGE_ASSIGN_OR_RETURN(
      const v1::GetRoundResponse response,
      GetOrRecallRound(server, before.records, round_id, visit.server_away));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const KnownRounds others,
      OthersAtFirst(server, before.records, response, round_id, options));
  COMMONWAGE_RETURN_IF_ERROR(
      wallet.Update(random, [&](WalletContents& contents) -> absl::Status {
        WalletRecords& records = contents.records;
        const TrustAnchors anchors =
            AnchorsOf(records, round_id, options.survey_key_fingerprint);
        COMMONWAGE_ASSIGN_OR_RETURN(visit.round,
                                    CheckRound(response, round_id, anchors));
        if (!KnowSurveyKey(anchors)) {
          return SurveyKeyUnconfirmed();
        }
        const std::string& survey = visit.round.manifest.plan.survey;
        visit.first_use = !anchors.survey_key.has_value();
        KeepAccount(others,
                    GetOrAddSurvey(records, survey, visit.round.survey_key),
                    visit.round);
        visit.new_receipt_key =
            !KnowsReceiptKey(records, visit.round.receipt_key);
        Remember(visit.round, response.round(),
                 GetOrAddRound(records, round_id));
        return absl::OkStatus();
      }));
  if (visit.server_away && visit.round.state != v1::ROUND_STATE_CANCELLED) {
    visit.round.state = StateAt(visit.round.manifest.plan, clock.Now());
  }
  return visit;
}

}  // namespace commonwage::client
