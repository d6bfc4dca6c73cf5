// SPDX-License-Identifier: Apache-2.0
#include "server/steward/other_surveys.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "base/status_macros.h"

namespace commonwage::server::steward {

absl::StatusOr<SurveysSum> SumOverSurveys(storage::Vault& vault) {
  SurveysSum sum;
  COMMONWAGE_ASSIGN_OR_RETURN(sum.surveys, vault.Surveys());
  for (const std::string& survey : sum.surveys) {
    COMMONWAGE_ASSIGN_OR_RETURN(const auto balance, vault.BalanceOf(survey));
    if (balance.has_value()) {
      sum.cost += balance->spent + balance->reserved;
      sum.caps += balance->cap;
    }
  }
  return sum;
}

absl::StatusOr<std::optional<command::Decision>> NewSurveyDecision(
    storage::Vault& vault, const Plan& plan, int64_t loss_micro_rho) {
  COMMONWAGE_ASSIGN_OR_RETURN(const auto known, vault.BalanceOf(plan.survey));
  COMMONWAGE_ASSIGN_OR_RETURN(const SurveysSum others, SumOverSurveys(vault));
  if (known.has_value() || others.surveys.empty()) {
    return std::nullopt;
  }
  command::Decision decision;
  decision.facts = absl::StrCat(
      plan.survey, " is a new survey, and this vault has others: ",
      absl::StrJoin(others.surveys, ", "),
      ".\nA cap binds one survey only. Whoever answers in all of them loses "
      "the "
      "sum:\n  with this round ",
      others.cost + loss_micro_rho, " micro-rho, ", others.cost,
      " of it in the others;\n  by all caps ",
      others.caps + plan.survey_cap_micro_rho, " micro-rho at most, ",
      others.caps,
      " of it in the others.\nEach survey has a key of its own, so nobody "
      "outside can add them up. You can.");
  decision.question = "Begin the new survey?";
  return decision;
}

}  // namespace commonwage::server::steward
