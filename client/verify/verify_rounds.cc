// SPDX-License-Identifier: Apache-2.0
#include "client/verify/verify_rounds.h"

#include <map>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

#include "artefacts/artefact_hash.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "client/verify/verify.h"
#include "privacy/ledger_entry.h"
#include "privacy/plan_loss.h"
#include "privacy/zcdp.h"
#include "survey/domain_labels.h"
#include "survey/manifest.h"

namespace commonwage::client {
namespace {

std::string SentenceFor(const privacy::SurveyLedger& ledger,
                        const privacy::LedgerFault& fault) {
  const privacy::LedgerEntry& entry = ledger.entries[fault.entry];
  switch (fault.kind) {
    case privacy::LedgerFaultKind::kTwoManifests:
      return absl::StrCat(
          "The key has signed two different manifests of round ",
          entry.round_id, "; a round has one for good.");
    case privacy::LedgerFaultKind::kCapRaised:
      return absl::StrCat("Round ", entry.round_id,
                          " raises the survey's privacy cap to ",
                          entry.cap_micro_rho,
                          " micro-rho; an earlier one had promised less, and "
                          "a cap may only fall.");
    case privacy::LedgerFaultKind::kCapExceeded:
      return absl::StrCat("The rounds of survey ", ledger.survey,
                          " that were signed cost ", ledger.spent_micro_rho,
                          " micro-rho together, and its privacy cap is ",
                          ledger.cap_micro_rho, ".");
  }
  return "";
}

absl::Status CheckReleases(const std::vector<CountedRound>& rounds) {
  std::map<std::string, crypto::Digest> first;
  for (const CountedRound& round : rounds) {
    if (round.release.has_value() &&
        first.emplace(round.entry.round_id, *round.release).first->second !=
            *round.release) {
      return Refusal(Reason::kTwoReleases,
                     absl::StrCat("There are two different releases of round ",
                                  round.entry.round_id,
                                  "; noise was drawn twice, which tells more "
                                  "than was promised."));
    }
  }
  return absl::OkStatus();
}

// The rounds of `rounds` that cost nothing.
struct Cancelled {
  absl::flat_hash_set<ManifestHash> manifests;
  absl::Status verdict;
};

Cancelled CancelledOf(const std::vector<CountedRound>& rounds) {
  Cancelled cancelled;
  for (const CountedRound& round : rounds) {
    if (round.cancelled) {
      cancelled.manifests.insert(round.entry.manifest_hash);
    }
  }
  for (const CountedRound& round : rounds) {
    if (round.release.has_value() &&
        cancelled.manifests.erase(round.entry.manifest_hash) > 0) {
      cancelled.verdict.Update(
          Refusal(Reason::kReleasedAndCancelled,
                  absl::StrCat("Round ", round.entry.round_id,
                               " was called off, and there is a release of it. "
                               "The release counts, with its loss; the "
                               "cancellation does not.")));
    }
  }
  return cancelled;
}

}  // namespace

absl::StatusOr<CountedRound> CountRound(const artefacts::RoundFiles& files,
                                        absl::string_view fingerprint) {
  COMMONWAGE_ASSIGN_OR_RETURN(const Manifest manifest,
                              ReadSigned(files.manifest, fingerprint));
  CountedRound round;
  round.entry = privacy::LedgerEntryOf(
      manifest.plan, artefacts::HashOfManifest(files.manifest.manifest()));
  // A plan that has no loss, being beyond its own cap, is refused by that.
  if (const auto loss = privacy::LossOf(manifest.plan); loss.ok()) {
    round.threshold_delta = static_cast<double>(loss->threshold_delta);
  }
  if (files.cancellation.has_value()) {
    std::vector<std::string> checks;
    round.cancelled = VerifyCancellation(*files.cancellation, files.manifest,
                                         fingerprint, checks)
                          .ok();
  }
  if (files.release.has_value()) {
    round.release = artefacts::HashOfRelease(files.release->release());
  }
  return round;
}

RoundsTogether HoldRoundsTogether(const std::vector<CountedRound>& rounds) {
  RoundsTogether together;
  together.verdict = CheckReleases(rounds);
  const Cancelled cancelled = CancelledOf(rounds);
  together.verdict.Update(cancelled.verdict);
  std::vector<privacy::LedgerEntry> entries;
  absl::flat_hash_map<ManifestHash, double> delta_by_hash;
  for (const CountedRound& round : rounds) {
    entries.push_back(round.entry);
    delta_by_hash[round.entry.manifest_hash] = round.threshold_delta;
  }
  for (privacy::SurveyLedger& ledger :
       privacy::LedgersOf(std::move(entries), cancelled.manifests)) {
    SurveyAccount account;
    std::vector<long double> deltas;
    for (const privacy::LedgerEntry& entry : ledger.entries) {
      if (cancelled.manifests.contains(entry.manifest_hash)) {
        account.cancelled.insert(entry.manifest_hash);
      } else {
        deltas.push_back(delta_by_hash[entry.manifest_hash]);
      }
    }
    for (const privacy::LedgerFault& fault : ledger.faults) {
      together.verdict.Update(
          Refusal(privacy::ReasonFor(fault.kind), SentenceFor(ledger, fault)));
    }
    account.ledger = std::move(ledger);
    account.threshold_delta = static_cast<double>(privacy::JointDelta(deltas));
    together.accounts.push_back(std::move(account));
  }
  return together;
}

}  // namespace commonwage::client
