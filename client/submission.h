// SPDX-License-Identifier: Apache-2.0
// From an answer to the frame that travels: encode, seal to the round's key,
// sign with the pseudonym's. Pure functions without network or files, so that
// bulk programs can make frames at full speed.

#ifndef COMMONWAGE_CLIENT_SUBMISSION_H_
#define COMMONWAGE_CLIENT_SUBMISSION_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/random_source.h"
#include "crypto/hash.h"
#include "crypto/sealing_key.h"
#include "crypto/secret.h"
#include "crypto/signature.h"
#include "survey/answer.h"
#include "survey/frame.h"
#include "survey/manifest.h"

namespace commonwage::client {

// What a frame needs of a round; made once per round.
struct SealingTerms {
  ManifestHash manifest_hash;
  crypto::SealingKey round_key;
  RoundKeyId round_key_id;
};

// Returns the terms of the round of `manifest`, whose exact bytes hash to
// `manifest_hash`. Needs a manifest that ParseManifest made.
SealingTerms MakeSealingTerms(const Manifest& manifest,
                              const ManifestHash& manifest_hash);

// Returns the key of the holder of `seed` in one round: always the same one,
// and unlinkable to those of other rounds for whoever lacks the seed.
crypto::SigningKey DerivePseudonymKey(const crypto::Secret<32>& seed,
                                      const ManifestHash& manifest_hash);

// Returns the public half as the frame carries it.
Pseudonym PseudonymOf(const crypto::SigningKey& key);

// What a frame is to do, and with what right.
struct FrameOrder {
  Operation operation = Operation::kSubmit;
  uint64_t sequence = 0;  // 0 to submit; > 0 and increasing otherwise.
  // kCredentialSize bytes, or empty where admission is open.
  absl::string_view credential;
};

// Returns the kFrameSize bytes that submit or amend `answer`. Draws 32 bytes.
//
// Reveals: pseudonym, round, operation and sequence, to whoever sees the frame;
// the answer, to the holder of the round's private key.
// Fails with INVALID_ARGUMENT (SEALING_KEY_UNUSABLE) if the round's key is one
// that would seal to everybody.
absl::StatusOr<std::string> BuildFrame(const SealingTerms& terms,
                                       const crypto::SigningKey& key,
                                       const FrameOrder& order,
                                       const Answer& answer,
                                       RandomSource& random);

// Returns the frame that withdraws: it seals zeros in the place of an answer,
// so that its size tells nothing. Fails as BuildFrame does.
absl::StatusOr<std::string> BuildWithdrawal(const SealingTerms& terms,
                                            const crypto::SigningKey& key,
                                            const FrameOrder& order,
                                            RandomSource& random);

// Returns the digest that a receipt names.
crypto::Digest DigestOfFrame(absl::string_view frame);

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_SUBMISSION_H_
