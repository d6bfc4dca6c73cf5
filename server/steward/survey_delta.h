// SPDX-License-Identifier: Apache-2.0
// A survey's other account: the probability that the rule for small cells
// fails, over its rounds. The vault keeps each round's signed manifest, and
// that fixes it, so it is counted from there.

#ifndef COMMONWAGE_SERVER_STEWARD_SURVEY_DELTA_H_
#define COMMONWAGE_SERVER_STEWARD_SURVEY_DELTA_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/vault/vault.h"

namespace commonwage::server::steward {

// Joint deltas, each rounded upward; docs/PRIVACY.md, section 3.
struct SurveyDelta {
  double spent = 0;     // Of the releases.
  double reserved = 0;  // Of the rounds that may still be released.
  double total = 0;     // Of both.
};

// Returns the joint delta of the round's own rules, rounded upward. Fails with
// INVALID_ARGUMENT (MANIFEST_FAULTY) if its manifest cannot be read, and as
// LossOf does.
absl::StatusOr<double> DeltaOfRound(const storage::VaultRound& round);

// Counts the rounds of `survey` that `vault` has made, but for those that were
// called off; all 0 if there is none.
//
// Fails as DeltaOfRound does for any of them, and as Vault::RoundsOf does.
absl::StatusOr<SurveyDelta> DeltaOf(storage::Vault& vault,
                                    absl::string_view survey);

}  // namespace commonwage::server::steward

#endif  // COMMONWAGE_SERVER_STEWARD_SURVEY_DELTA_H_
