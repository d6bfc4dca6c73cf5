// SPDX-License-Identifier: Apache-2.0
// Making a round: from a plan to a signed manifest, with the key that opens the
// round's submissions in the vault and nowhere else.

#ifndef COMMONWAGE_SERVER_STEWARD_ROUND_CREATION_H_
#define COMMONWAGE_SERVER_STEWARD_ROUND_CREATION_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/clock.h"
#include "base/random_source.h"
#include "commonwage/v1/round.pb.h"
#include "crypto/signature.h"
#include "storage/vault/vault.h"
#include "survey/manifest.h"
#include "survey/plan/plan.h"

namespace commonwage::server::steward {

struct RoundTerms {
  Plan plan;  // From ReadCheckedPlan; its dates may have been changed since.
  crypto::VerifyKey operator_key{};  // Signs receipts and sealed inboxes.
  Admission admission = Admission::kOpen;
  std::string issuer_public_key{};  // DER; needed and used for kCredential.
  Audience audience = Audience::kPublic;
};

struct CreatedRound {
  std::string round_id;
  v1::SignedManifest file;
  crypto::VerifyKey survey_key;
};

// Returns the public key, as DER, in the union office's file for `round_id`.
// Fails with INVALID_ARGUMENT (ISSUER_KEY_OF_ANOTHER_ROUND); as
// ParseIssuerKeyFile.
absl::StatusOr<std::string> IssuerKeyFor(absl::string_view key_file,
                                         absl::string_view round_id);

// Makes the round's key, derives tau, fixes all of it in a manifest, signs
// that, and commits round, key and the loss to come to the vault. Spends
// nothing yet, but reserves it under the survey's cap.
//
// Fails with INVALID_ARGUMENT: PLAN_FAULTY (opens_at not before closes_at, or
// as LossOf), ROUND_IN_THE_PAST (an opening some minutes ago is none),
// ISSUER_KEY_UNUSABLE; FAILED_PRECONDITION (PRIVACY_CAP_RAISED) also if the cap
// would rise from one opening to the next; and as Vault::CreateRound does.
absl::StatusOr<CreatedRound> CreateRound(storage::Vault& vault,
                                         const RoundTerms& terms, Clock& clock,
                                         RandomSource& random);

}  // namespace commonwage::server::steward

#endif  // COMMONWAGE_SERVER_STEWARD_ROUND_CREATION_H_
