// SPDX-License-Identifier: Apache-2.0
// What a device knows of a survey's rounds, and whether they keep to the limit
// that the first of them set. The steward's own ledger may be an old copy of
// itself; a device that has seen an earlier round notices.

#ifndef COMMONWAGE_CLIENT_SEEN_ROUNDS_H_
#define COMMONWAGE_CLIENT_SEEN_ROUNDS_H_

#include <cstddef>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "google/protobuf/repeated_ptr_field.h"

#include "client/connection/server_api.h"
#include "client/trusted_round.h"
#include "client/wallet_records.pb.h"
#include "commonwage/v1/round.pb.h"
#include "crypto/signature.h"
#include "privacy/survey_ledger.h"
#include "survey/manifest.h"

namespace commonwage::client {

// A wallet keeps account of so many rounds of a survey. One a week for 78
// years; a survey that has more is answered no more.
inline constexpr size_t kMaxSeenRounds = 4096;

// Rounds of a survey key, as a device knows them.
struct KnownRounds {
  std::vector<privacy::LedgerEntry> entries;
  // Manifests of rounds that were called off, by the survey key's word.
  absl::flat_hash_set<ManifestHash> called_off;
  // Of rounds that were shown with a release: it beats a cancellation.
  absl::flat_hash_set<ManifestHash> released;

  // Add what others know; what a round is shown to be; one round.
  void Add(const KnownRounds& others);
  void Note(v1::RoundState state, const ManifestHash& manifest_hash);
  void Add(const TrustedRound& round);
};

// Returns those of `rounds` whose manifest `survey_key` signed; all others say
// nothing about its surveys.
KnownRounds CollectEntries(
    const google::protobuf::RepeatedPtrField<v1::Round>& rounds,
    const crypto::VerifyKey& survey_key);

// Asks the server for its rounds, and returns those that `survey_key` signed.
// As far as it goes: a server that is away or of an older version, or that has
// more than a sane number of them, costs nothing but what it does not tell.
KnownRounds ListedEntries(ServerApi& server,
                          const crypto::VerifyKey& survey_key);

// Says, in a worker's words, whether manifests of one survey key keep what they
// promised together (privacy/survey_ledger.h). A round that was called off
// costs nothing, unless its release was seen.
//
// Fails with FAILED_PRECONDITION: TWO_MANIFESTS, PRIVACY_CAP_RAISED,
// PRIVACY_CAP_EXCEEDED, or ROUNDS_TOO_MANY if a survey has more than
// kMaxSeenRounds.
absl::Status CheckPromise(KnownRounds known);

// Sets the promise of each of `rounds` by all of them that have its key.
void HoldTogether(std::vector<TrustedRound>& rounds);

// Returns what the wallet has seen of a survey.
KnownRounds SeenEntries(const SurveyRecord& survey);

// Adds those of `known` that are of this survey and not in it yet, and what
// became of them; at most kMaxSeenRounds are kept.
void RememberSeen(const KnownRounds& known, SurveyRecord& survey);

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_SEEN_ROUNDS_H_
