// SPDX-License-Identifier: Apache-2.0
#include "server/steward/cancellation.h"

#include <optional>
#include <utility>

#include "base/error.h"
#include "base/status_macros.h"
#include "crypto/fingerprint.h"
#include "crypto/signature.h"
#include "server/command/stored_files.h"
#include "survey/cancellation.h"
#include "survey/domain_labels.h"

namespace commonwage::server::steward {
namespace {

using storage::SignedBytes;
using storage::VaultRound;

absl::StatusOr<VaultRound> GetRound(storage::Vault& vault,
                                    absl::string_view round_id) {
  COMMONWAGE_ASSIGN_OR_RETURN(std::optional<VaultRound> round,
                              vault.FindRound(round_id));
  if (!round.has_value()) {
    return Refusal(Reason::kUnknownRound,
                   "This vault has made no such round; check the name, which "
                   "is SURVEY.ROUND, and the vault.");
  }
  return *std::move(round);
}

SignedBytes SignFor(const VaultRound& round, const crypto::SigningKey& key) {
  SignedBytes cancellation;
  cancellation.bytes =
      WriteCancellation({.manifest_hash = round.manifest_hash});
  cancellation.signatures.push_back(
      {key.verify_key(),
       key.Sign(kCancellationSignatureLabel, cancellation.bytes)});
  return cancellation;
}

}  // namespace

absl::StatusOr<CalledOff> CancelRound(
    storage::Vault& vault, absl::string_view round_id,
    const std::function<absl::Status(const VaultRound&)>& confirm,
    RandomSource& random) {
  COMMONWAGE_ASSIGN_OR_RETURN(const VaultRound round,
                              GetRound(vault, round_id));
  // What was done before, or is refused below, needs no question. Nothing else
  // goes on without one: not a key that could only not be read just now.
  if (!round.cancelled && !round.released) {
    COMMONWAGE_RETURN_IF_ERROR(vault.OpeningKeyOf(round.id).status());
    COMMONWAGE_RETURN_IF_ERROR(confirm(round));
  }
  // A key that is made on first use is a transaction of its own.
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::SigningKey survey_key,
                              vault.SigningKeyOf(round.survey, random));
  bool signed_now = false;
  COMMONWAGE_ASSIGN_OR_RETURN(
      const SignedBytes cancellation,
      vault.CancelOnce(round.id, [&]() -> absl::StatusOr<SignedBytes> {
        signed_now = true;
        return SignFor(round, survey_key);
      }));
  CalledOff called_off;
  called_off.file = CancellationFileOf(cancellation, round.manifest);
  v1::RoundCancellationReport& report = called_off.report;
  report.set_round_id(round.id);
  report.set_done_before(!signed_now);
  report.set_micro_rho(round.loss_micro_rho);
  COMMONWAGE_ASSIGN_OR_RETURN(const auto balance,
                              vault.BalanceOf(round.survey));
  if (balance.has_value()) {
    report.set_left_micro_rho(balance->left());
  }
  report.set_survey_key(crypto::Fingerprint(survey_key.verify_key()));
  return called_off;
}

}  // namespace commonwage::server::steward
