// SPDX-License-Identifier: Apache-2.0
#include "server/steward/round_creation.h"

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include "artefacts/artefact_hash.h"
#include "artefacts/signed_manifest.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "command/code_version.h"
#include "crypto/blind/blind_rsa.h"
#include "crypto/opening/opening_key.h"
#include "privacy/ledger_entry.h"
#include "privacy/plan_loss.h"
#include "privacy/survey_ledger.h"
#include "server/command/stored_files.h"
#include "survey/issuer_key_file.h"

namespace commonwage::server::steward {
namespace {

// A round may open while it is being made.
constexpr absl::Duration kOpeningGrace = absl::Minutes(10);

absl::Status CheckDates(const Plan& plan, absl::Time now) {
  if (plan.opens_at >= plan.closes_at) {
    return RefusalOfFields(
        Reason::kPlanFaulty,
        "The round would close before it opens; change one of the dates.",
        {{"closes_at", "This must be later than opens_at."}});
  }
  if (plan.closes_at <= now || plan.opens_at < now - kOpeningGrace) {
    return Refusal(Reason::kRoundInThePast,
                   "The round's dates must lie ahead; set them with --opens-at "
                   "and --closes-at or in the plan.");
  }
  return absl::OkStatus();
}

// The vault lets caps fall in the order in which rounds are made; everybody
// else reads them in the order in which rounds open. What would look like a
// raised cap from outside must not be signed.
absl::Status CheckAccount(storage::Vault& vault, const Plan& plan) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::vector<storage::VaultRound> rounds,
                              vault.RoundsOf(plan.survey));
  std::vector<privacy::LedgerEntry> entries = {
      privacy::LedgerEntryOf(plan, ManifestHash())};
  for (const storage::VaultRound& round : rounds) {
    COMMONWAGE_ASSIGN_OR_RETURN(const Manifest manifest,
                                ParseManifest(round.manifest.bytes));
    entries.push_back(
        privacy::LedgerEntryOf(manifest.plan, round.manifest_hash));
  }
  for (const privacy::SurveyLedger& ledger :
       privacy::LedgersOf(std::move(entries))) {
    for (const privacy::LedgerFault& fault : ledger.faults) {
      if (fault.kind == privacy::LedgerFaultKind::kCapRaised) {
        return Refusal(
            Reason::kPrivacyCapRaised,
            absl::StrCat("With this round the cap would rise to ",
                         ledger.entries[fault.entry].cap_micro_rho,
                         " micro-rho as round ",
                         ledger.entries[fault.entry].round_id,
                         " opens, and a cap may only fall from one opening to "
                         "the next; change the cap or the dates."));
      }
    }
  }
  return absl::OkStatus();
}

absl::Status CheckIssuer(const RoundTerms& terms) {
  if (terms.admission == Admission::kOpen) {
    return absl::OkStatus();
  }
  return crypto::BlindRsaPublicKey::FromDer(terms.issuer_public_key).status();
}

}  // namespace

absl::StatusOr<std::string> IssuerKeyFor(absl::string_view key_file,
                                         absl::string_view round_id) {
  COMMONWAGE_ASSIGN_OR_RETURN(IssuerKeyFile file, ParseIssuerKeyFile(key_file));
  if (file.round_id != round_id) {
    return Refusal(Reason::kIssuerKeyOfAnotherRound,
                   absl::StrCat("The issuer's key file is for round ",
                                file.round_id, ", and this is ", round_id,
                                "; ask the union office for this round's."));
  }
  return std::move(file.public_key);
}

absl::StatusOr<CreatedRound> CreateRound(storage::Vault& vault,
                                         const RoundTerms& terms, Clock& clock,
                                         RandomSource& random) {
  COMMONWAGE_RETURN_IF_ERROR(CheckDates(terms.plan, clock.Now()));
  COMMONWAGE_RETURN_IF_ERROR(CheckIssuer(terms));
  COMMONWAGE_RETURN_IF_ERROR(CheckAccount(vault, terms.plan));
  COMMONWAGE_ASSIGN_OR_RETURN(const privacy::PlanLoss loss,
                              privacy::LossOf(terms.plan));
  const auto opening_key = crypto::opening::OpeningKey::Generate(random);
  Manifest manifest;
  manifest.plan = terms.plan;
  for (const privacy::MarginalLoss& marginal : loss.marginals) {
    manifest.taus.push_back(marginal.tau);
  }
  manifest.round_public_key = std::string(opening_key.public_key().view());
  manifest.operator_public_key = std::string(terms.operator_key.view());
  manifest.admission = terms.admission;
  if (terms.admission == Admission::kCredential) {
    manifest.issuer_public_key = terms.issuer_public_key;
  }
  manifest.audience = terms.audience;
  manifest.code_version = std::string(command::CodeVersion());
  const std::string bytes = WriteManifest(manifest);
  // What no reader accepts must not be signed.
  COMMONWAGE_RETURN_IF_ERROR(ParseManifest(bytes).status());

  CreatedRound created;
  created.round_id = RoundIdOf(terms.plan);
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::SigningKey survey_key,
                              vault.SigningKeyOf(terms.plan.survey, random));
  created.survey_key = survey_key.verify_key();
  created.file = artefacts::SignManifest(bytes, survey_key);
  COMMONWAGE_ASSIGN_OR_RETURN(storage::SignedBytes stored,
                              StoredFormOf(created.file));
  COMMONWAGE_RETURN_IF_ERROR(
      vault.CreateRound({.id = created.round_id,
                         .survey = terms.plan.survey,
                         .manifest = std::move(stored),
                         .manifest_hash = artefacts::HashOfManifest(bytes),
                         .loss_micro_rho = loss.micro_rho,
                         .cap_micro_rho = terms.plan.survey_cap_micro_rho},
                        opening_key.Expose()));
  return created;
}

}  // namespace commonwage::server::steward
