// SPDX-License-Identifier: Apache-2.0
#include "privacy/survey_ledger.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"

#include "survey/round_order.h"

namespace commonwage::privacy {
namespace {

constexpr int64_t kMost = std::numeric_limits<int64_t>::max();

// Nothing is taken back by a negative loss.
int64_t AddLoss(int64_t sum, int64_t loss) {
  const int64_t added = std::max<int64_t>(loss, 0);
  return added > kMost - sum ? kMost : sum + added;
}

RoundPlace PlaceOf(const LedgerEntry& entry) {
  return {entry.opens_at, entry.closes_at, entry.round_id};
}

// Rounds in their order; manifests of one round that differ in nothing else by
// hash.
bool ComesBefore(const LedgerEntry& a, const LedgerEntry& b) {
  if (IsEarlier(PlaceOf(a), PlaceOf(b)) || IsEarlier(PlaceOf(b), PlaceOf(a))) {
    return IsEarlier(PlaceOf(a), PlaceOf(b));
  }
  return a.manifest_hash.view() < b.manifest_hash.view();
}

// Returns the first entry of a round that has another manifest in `first_hash`.
std::optional<size_t> SecondManifest(
    const std::vector<LedgerEntry>& entries,
    const absl::flat_hash_map<std::string, ManifestHash>& first_hash) {
  for (size_t i = 0; i < entries.size(); ++i) {
    if (first_hash.at(entries[i].round_id) != entries[i].manifest_hash) {
      return i;
    }
  }
  return std::nullopt;
}

std::optional<size_t> RaisedCap(const std::vector<LedgerEntry>& entries) {
  int64_t least = kMost;
  for (size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].cap_micro_rho > least) {
      return i;
    }
    least = std::min(least, entries[i].cap_micro_rho);
  }
  return std::nullopt;
}

// Fills in the sums, and returns the first entry that is beyond the cap.
std::optional<size_t> AddUp(const absl::flat_hash_set<ManifestHash>& cancelled,
                            SurveyLedger& ledger) {
  ledger.cap_micro_rho = kMost;
  for (const LedgerEntry& entry : ledger.entries) {
    ledger.cap_micro_rho = std::min(ledger.cap_micro_rho,
                                    std::max<int64_t>(entry.cap_micro_rho, 0));
  }
  std::optional<size_t> beyond;
  for (size_t i = 0; i < ledger.entries.size(); ++i) {
    const LedgerEntry& entry = ledger.entries[i];
    if (cancelled.contains(entry.manifest_hash)) {
      continue;
    }
    ledger.spent_micro_rho =
        AddLoss(ledger.spent_micro_rho, entry.loss_micro_rho);
    if (!beyond.has_value() && ledger.spent_micro_rho > ledger.cap_micro_rho) {
      beyond = i;
    }
  }
  ledger.left_micro_rho =
      std::max<int64_t>(ledger.cap_micro_rho - ledger.spent_micro_rho, 0);
  return beyond;
}

}  // namespace

std::vector<SurveyLedger> LedgersOf(
    std::vector<LedgerEntry> entries,
    const absl::flat_hash_set<ManifestHash>& cancelled) {
  std::sort(entries.begin(), entries.end(), ComesBefore);
  absl::flat_hash_set<ManifestHash> seen;
  absl::flat_hash_map<std::string, ManifestHash> first_hash;
  std::map<std::string, SurveyLedger> by_survey;
  for (LedgerEntry& entry : entries) {
    if (!seen.insert(entry.manifest_hash).second) {
      continue;
    }
    first_hash.emplace(entry.round_id, entry.manifest_hash);
    by_survey[entry.survey].entries.push_back(std::move(entry));
  }
  std::vector<SurveyLedger> ledgers;
  for (auto& [survey, ledger] : by_survey) {
    ledger.survey = survey;
    const std::optional<size_t> beyond = AddUp(cancelled, ledger);
    const std::pair<LedgerFaultKind, std::optional<size_t>> found[] = {
        {LedgerFaultKind::kTwoManifests,
         SecondManifest(ledger.entries, first_hash)},
        {LedgerFaultKind::kCapRaised, RaisedCap(ledger.entries)},
        {LedgerFaultKind::kCapExceeded, beyond}};
    for (const auto& [kind, entry] : found) {
      if (entry.has_value()) {
        ledger.faults.push_back({kind, *entry});
      }
    }
    ledgers.push_back(std::move(ledger));
  }
  return ledgers;
}

Reason ReasonFor(LedgerFaultKind kind) {
  switch (kind) {
    case LedgerFaultKind::kTwoManifests:
      return Reason::kTwoManifests;
    case LedgerFaultKind::kCapRaised:
      return Reason::kPrivacyCapRaised;
    case LedgerFaultKind::kCapExceeded:
      return Reason::kPrivacyCapExceeded;
  }
  return Reason::kUnknown;
}

}  // namespace commonwage::privacy
