// SPDX-License-Identifier: Apache-2.0
// Whole files signed with one key, as nobody but a test makes them: a steward's
// program signs inside its vault's transactions.

#ifndef COMMONWAGE_TESTS_TESTING_SIGN_FILES_H_
#define COMMONWAGE_TESTS_TESTING_SIGN_FILES_H_

#include <string>
#include <utility>

#include "absl/strings/string_view.h"

#include "artefacts/signed_release.h"
#include "artefacts/signers.h"
#include "commonwage/v1/round.pb.h"
#include "crypto/signature.h"
#include "survey/domain_labels.h"

namespace commonwage::testing {

// Signs the exact bytes of a release and of a cancellation.
inline v1::SignedRelease SignRelease(absl::string_view release_bytes,
                                     v1::SignedManifest manifest,
                                     absl::string_view inbox_digest,
                                     const crypto::SigningKey& survey_key) {
  v1::SignedRelease file;
  file.set_release(std::string(release_bytes));
  *file.add_signatures() =
      artefacts::SignWith(survey_key, kReleaseSignatureLabel, release_bytes);
  *file.mutable_manifest() = std::move(manifest);
  *file.mutable_counted_inbox() =
      artefacts::SignCountedInbox(release_bytes, inbox_digest, survey_key);
  return file;
}

inline v1::SignedCancellation SignCancellation(
    absl::string_view cancellation_bytes, v1::SignedManifest manifest,
    const crypto::SigningKey& survey_key) {
  v1::SignedCancellation file;
  file.set_cancellation(std::string(cancellation_bytes));
  *file.add_signatures() = artefacts::SignWith(
      survey_key, kCancellationSignatureLabel, cancellation_bytes);
  *file.mutable_manifest() = std::move(manifest);
  return file;
}

// Adds a signature of another key that does not hold: one bit of it is wrong.
template <typename File>
void AddBadSignature(File& file, const crypto::SigningKey& key,
                     absl::string_view label, absl::string_view bytes) {
  v1::Signature& bad = *file.add_signatures();
  bad = artefacts::SignWith(key, label, bytes);
  bad.mutable_signature()->back() ^= 1;
}

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_TESTING_SIGN_FILES_H_
