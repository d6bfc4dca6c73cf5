// SPDX-License-Identifier: Apache-2.0
// What anybody can check over several rounds of a survey, with nothing but
// their signed files: that all of them together cost what the first of them
// promised at most. A manifest counts without its release, too: nobody but the
// steward knows whether one was made. Only a cancellation takes it off, and
// only where no release of it is seen.

#ifndef COMMONWAGE_CLIENT_VERIFY_VERIFY_ROUNDS_H_
#define COMMONWAGE_CLIENT_VERIFY_VERIFY_ROUNDS_H_

#include <optional>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "artefacts/release_files.h"
#include "crypto/hash.h"
#include "privacy/survey_ledger.h"
#include "survey/manifest.h"

namespace commonwage::client {

// A round that counts.
struct CountedRound {
  privacy::LedgerEntry entry;
  double threshold_delta = 0;  // Joint over the round's tables, rounded up.
  std::optional<crypto::Digest> release;  // The artefact's, if it is there.
  bool cancelled = false;                 // A cancellation that holds is there.
};

// A survey's account over the rounds that are given.
struct SurveyAccount {
  privacy::SurveyLedger ledger;
  // Of its rounds, those that cost nothing since they were called off.
  absl::flat_hash_set<ManifestHash> cancelled;
  // That the rule for small cells fails in any of the rounds, rounded up.
  double threshold_delta = 0;
};

struct RoundsTogether {
  std::vector<SurveyAccount> accounts;  // By the survey's name.
  // OK, or FAILED_PRECONDITION: TWO_MANIFESTS, PRIVACY_CAP_RAISED,
  // PRIVACY_CAP_EXCEEDED (privacy/survey_ledger.h), TWO_RELEASES, if noise was
  // drawn twice for one round, or RELEASED_AND_CANCELLED: there is a release of
  // a round that was called off; it beats that, and its loss counts.
  absl::Status verdict;
};

// Returns what a round's files put on its survey's account. Needs no more of
// the files than a manifest that the key of `fingerprint` signed: the rest may
// be damaged.
//
// Fails as ReadSigned (verify.h).
absl::StatusOr<CountedRound> CountRound(const artefacts::RoundFiles& files,
                                        absl::string_view fingerprint);

// Adds up rounds that one key signed; the same files twice count once.
// Explains and spends nothing.
RoundsTogether HoldRoundsTogether(const std::vector<CountedRound>& rounds);

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_VERIFY_VERIFY_ROUNDS_H_
