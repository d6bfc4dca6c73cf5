// SPDX-License-Identifier: Apache-2.0
// Who signed what. One policy for operator, steward, server and client: every
// signature in a file must hold. Nobody's honest tool writes one that does not,
// so a file with a good and a bad one was altered, and nobody's word is in it.

#ifndef COMMONWAGE_ARTEFACTS_SIGNERS_H_
#define COMMONWAGE_ARTEFACTS_SIGNERS_H_

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_ptr_field.h"

#include "commonwage/v1/round.pb.h"
#include "crypto/signature.h"

namespace commonwage::artefacts {

using Signatures = google::protobuf::RepeatedPtrField<v1::Signature>;

// Returns the signature of `key` over label || bytes, as files carry it.
v1::Signature SignWith(const crypto::SigningKey& key, absl::string_view label,
                       absl::string_view bytes);

// Returns the keys that have signed label || bytes, in the file's order. Empty
// if there is no signature, or if any of them does not hold.
std::vector<crypto::VerifyKey> VerifySigners(const Signatures& signatures,
                                             absl::string_view label,
                                             absl::string_view bytes);

// As VerifySigners; fails with FAILED_PRECONDITION (STEWARD_SIGNATURE_REFUSED)
// where that is empty, in words for who was handed the file.
absl::StatusOr<std::vector<crypto::VerifyKey>> CheckSigners(
    const Signatures& signatures, absl::string_view label,
    absl::string_view bytes);

// Returns those of `signers` that are among `others` too.
std::vector<crypto::VerifyKey> SignersOfBoth(
    const std::vector<crypto::VerifyKey>& signers,
    const std::vector<crypto::VerifyKey>& others);

// Whether `key` is one of `signers`.
bool IsAmong(const std::vector<crypto::VerifyKey>& signers,
             const crypto::VerifyKey& key);

// Returns the one of `signers` that `fingerprint`, in digits or words, is of;
// nullopt if it is of none of them. Fails with INVALID_ARGUMENT
// (FINGERPRINT_MALFORMED), unless there are no signers.
absl::StatusOr<std::optional<crypto::VerifyKey>> FindSigner(
    const std::vector<crypto::VerifyKey>& signers,
    absl::string_view fingerprint);

}  // namespace commonwage::artefacts

#endif  // COMMONWAGE_ARTEFACTS_SIGNERS_H_
