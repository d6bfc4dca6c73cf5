// SPDX-License-Identifier: Apache-2.0
#include "server/admin/survey_account.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "privacy/ledger_entry.h"
#include "privacy/survey_ledger.h"
#include "survey/manifest.h"

namespace commonwage::server::admin {
namespace {

constexpr absl::string_view kAskTheSteward =
    " Nothing was imported. Ask the steward whether an old copy of the vault "
    "was put back.";
constexpr absl::string_view kAskForCancellation =
    " Nothing was imported. If a round was called off, import its cancellation "
    "first; else ask the steward whether an old copy of the vault was put "
    "back.";

std::string SentenceFor(const privacy::SurveyLedger& ledger,
                        const privacy::LedgerFault& fault) {
  const privacy::LedgerEntry& entry = ledger.entries[fault.entry];
  switch (fault.kind) {
    case privacy::LedgerFaultKind::kTwoManifests:
      return absl::StrCat(
          "There is another manifest of this round already, signed by the same "
          "key, and a round has one for good.",
          kAskTheSteward);
    case privacy::LedgerFaultKind::kCapRaised:
      return absl::StrCat("The survey's privacy cap would rise to ",
                          entry.cap_micro_rho, " micro-rho with round ",
                          entry.round_id,
                          ", and a round that opens before it has promised "
                          "less; a cap may only fall.",
                          kAskTheSteward);
    case privacy::LedgerFaultKind::kCapExceeded:
      return absl::StrCat("All rounds of the survey together would cost ",
                          ledger.spent_micro_rho,
                          " micro-rho of privacy, and its cap is ",
                          ledger.cap_micro_rho, ".", kAskForCancellation);
  }
  return "";
}

}  // namespace

absl::Status CheckSurveyAccount(storage::Catalogue& catalogue,
                                const artefacts::CheckedManifest& manifest,
                                const crypto::VerifyKey& signer) {
  absl::flat_hash_set<ManifestHash> cancelled;
  std::vector<privacy::LedgerEntry> entries = {
      privacy::LedgerEntryOf(manifest.manifest.plan, manifest.hash)};
  COMMONWAGE_ASSIGN_OR_RETURN(const std::vector<storage::RoundSummary> rounds,
                              catalogue.ListRounds());
  for (const storage::RoundSummary& round : rounds) {
    COMMONWAGE_ASSIGN_OR_RETURN(const auto key,
                                catalogue.FindSurveyKey(round.survey));
    if (key != signer) {
      continue;
    }
    COMMONWAGE_ASSIGN_OR_RETURN(
        const std::optional<storage::StoredRound> stored,
        catalogue.FindRound(round.id));
    if (round.state == RoundState::kCancelled) {
      cancelled.insert(round.manifest_hash);
    }
    if (stored.has_value()) {
      COMMONWAGE_ASSIGN_OR_RETURN(const Manifest parsed,
                                  ParseManifest(stored->manifest.bytes));
      entries.push_back(
          privacy::LedgerEntryOf(parsed.plan, round.manifest_hash));
    }
  }
  for (const privacy::SurveyLedger& ledger :
       privacy::LedgersOf(std::move(entries), cancelled)) {
    if (!ledger.faults.empty()) {
      const privacy::LedgerFault& fault = ledger.faults.front();
      return Refusal(privacy::ReasonFor(fault.kind),
                     SentenceFor(ledger, fault));
    }
  }
  return absl::OkStatus();
}

}  // namespace commonwage::server::admin
