// SPDX-License-Identifier: Apache-2.0
// A survey's privacy account as anybody can keep it who has its signed
// manifests: what they cost together, and whether they keep to the cap that the
// first of them promised. The vault's own ledger can be put back to an old copy
// of itself; what it signed since then cannot be unsigned. So the operator's
// host, a worker's device and a verifier each hold the manifests that they have
// seen against each other. Sums of integers; no files, no clock.

#ifndef COMMONWAGE_PRIVACY_SURVEY_LEDGER_H_
#define COMMONWAGE_PRIVACY_SURVEY_LEDGER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "base/reasons.h"
#include "survey/manifest.h"

namespace commonwage::privacy {

// A signed manifest, as the ledger counts it.
struct LedgerEntry {
  std::string survey;
  std::string round_id;  // "<survey>.<round>".
  ManifestHash manifest_hash;
  absl::Time opens_at;
  absl::Time closes_at;
  int64_t loss_micro_rho = 0;  // What the round's release costs.
  int64_t cap_micro_rho = 0;   // What it promises for the whole survey.

  friend bool operator==(const LedgerEntry&, const LedgerEntry&) = default;
};

// What manifests of one key must not do together. The worst comes first.
enum class LedgerFaultKind {
  kTwoManifests,  // Two different manifests of one round.
  kCapRaised,     // A cap above one that an earlier round had promised.
  kCapExceeded,   // All rounds together cost more than the least cap.
};

struct LedgerFault {
  LedgerFaultKind kind = LedgerFaultKind::kTwoManifests;
  size_t entry = 0;  // The first of the ledger's entries that shows it.
};

// The account of one survey.
struct SurveyLedger {
  std::string survey;
  std::vector<LedgerEntry> entries;  // Each manifest once, the earliest first.
  int64_t cap_micro_rho = 0;         // The least that any of them promised.
  int64_t spent_micro_rho = 0;       // By all that are not cancelled.
  int64_t left_micro_rho = 0;        // What a further round may cost; not < 0.
  std::vector<LedgerFault> faults;   // At most one of a kind, by kind.
};

// Returns the account of each survey in `entries`, by name. The caller has seen
// to it that one key signed all of them; in whatever order they come and
// however often, the result is the same. Every manifest counts, whether or not
// its round was ever published, except that those in `cancelled` cost nothing:
// their caps and names stay promised. Sums that would overflow stop at the
// largest number.
//
// Spends nothing. A fault is the survey's, for good: nothing that is added
// later takes it away, but for a cancellation.
std::vector<SurveyLedger> LedgersOf(
    std::vector<LedgerEntry> entries,
    const absl::flat_hash_set<ManifestHash>& cancelled = {});

// Returns the reason that a refusal because of such a fault has: TWO_MANIFESTS,
// PRIVACY_CAP_RAISED or PRIVACY_CAP_EXCEEDED.
Reason ReasonFor(LedgerFaultKind kind);

}  // namespace commonwage::privacy

#endif  // COMMONWAGE_PRIVACY_SURVEY_LEDGER_H_
