// SPDX-License-Identifier: Apache-2.0
// The vault's account of privacy: what surveys may cost, and what they do.

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "storage/statement.h"
#include "storage/vault/vault.h"

namespace commonwage::storage {
namespace {

absl::Status CapExceeded(int64_t asked, const LedgerBalance& balance) {
  return Refusal(Reason::kPrivacyCapExceeded,
                 absl::StrCat("The plan asks for ", asked,
                              " micro-rho; of the survey's cap "
                              "of ",
                              balance.cap, ", ", balance.spent, " are spent, ",
                              balance.reserved,
                              " reserved by rounds not yet published, "
                              "and ",
                              balance.left(), " left; ask for less."));
}

}  // namespace

absl::StatusOr<std::optional<LedgerBalance>> Vault::BalanceOf(
    absl::string_view survey) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement sum,
      database_.Prepare(
          "SELECT cap_micro_rho, "
          "(SELECT coalesce(sum(micro_rho), 0) FROM ledger WHERE survey = ?1), "
          "(SELECT coalesce(sum(loss_micro_rho), 0) FROM round WHERE "
          "survey = ?1 AND round_id NOT IN (SELECT round_id FROM ledger) AND "
          "round_id NOT IN (SELECT round_id FROM cancellation)) "
          "FROM survey WHERE survey = ?1 AND cap_micro_rho IS NOT NULL"));
  COMMONWAGE_ASSIGN_OR_RETURN(const bool row, sum.BindText(1, survey).Step());
  if (!row) {
    return std::nullopt;
  }
  return LedgerBalance{
      .cap = sum.Int64(0), .spent = sum.Int64(1), .reserved = sum.Int64(2)};
}

absl::Status Vault::Reserve(const NewVaultRound& round) {
  if (round.loss_micro_rho < 0 || round.cap_micro_rho < 0) {
    return Refusal(Reason::kPrivacyLossNegative,
                   "A plan's privacy loss and cap are not negative.");
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const std::optional<LedgerBalance> known,
                              BalanceOf(round.survey));
  LedgerBalance balance = known.value_or(LedgerBalance{});
  if (known.has_value() && round.cap_micro_rho > balance.cap) {
    return Refusal(
        Reason::kPrivacyCapRaised,
        absl::StrCat("The plan's cap is above the survey's, which is ",
                     balance.cap, " micro-rho; a cap may only be lowered."));
  }
  balance.cap = round.cap_micro_rho;
  // A lowered cap may be below what is spent and reserved already.
  if (round.loss_micro_rho > balance.left()) {
    return CapExceeded(round.loss_micro_rho, balance);
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement update,
      database_.Prepare(
          "INSERT INTO survey (survey, cap_micro_rho) VALUES (?1, ?2) "
          "ON CONFLICT DO UPDATE SET cap_micro_rho = ?2"));
  return update.BindText(1, round.survey)
      .BindInt64(2, round.cap_micro_rho)
      .Run();
}

absl::StatusOr<std::vector<std::string>> Vault::Surveys() {
  COMMONWAGE_ASSIGN_OR_RETURN(
      Statement list,
      database_.Prepare("SELECT survey FROM survey WHERE cap_micro_rho IS NOT "
                        "NULL ORDER BY survey"));
  std::vector<std::string> surveys;
  COMMONWAGE_ASSIGN_OR_RETURN(bool row, list.Step());
  while (row) {
    surveys.emplace_back(list.Text(0));
    COMMONWAGE_ASSIGN_OR_RETURN(row, list.Step());
  }
  return surveys;
}

}  // namespace commonwage::storage
