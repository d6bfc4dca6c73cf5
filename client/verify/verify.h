// SPDX-License-Identifier: Apache-2.0
// What anybody can check of a release, with its files and the fingerprint of
// the survey key alone: no server, no trust in whoever handed the files over.

#ifndef COMMONWAGE_CLIENT_VERIFY_VERIFY_H_
#define COMMONWAGE_CLIENT_VERIFY_VERIFY_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "commonwage/v1/round.pb.h"
#include "privacy/estimate/summary.h"
#include "survey/manifest.h"

namespace commonwage::client {

// Checks, in this order: manifest and release are signed by the key of
// `fingerprint`; the release names this manifest; tau of every table is the one
// that k, delta and the noise at the root give; every cell of every table is
// there, in order, with the promised noise, tau and k; the loss, which is
// stated; every figure can be computed from the integers.
//
// Appends a sentence to `checks` for each one that passed. Returns the figures.
// Post-processing: spends no budget.
//
// Fails with INVALID_ARGUMENT (FINGERPRINT_MALFORMED, RELEASE_MALFORMED,
// MANIFEST_FAULTY) or FAILED_PRECONDITION (STEWARD_SIGNATURE_REFUSED,
// SURVEY_KEY_DIFFERS, ANOTHER_MANIFEST, TAU_DIFFERS, RELEASE_DOES_NOT_FIT).
absl::StatusOr<privacy::estimate::Figures> VerifyRelease(
    const v1::SignedRelease& release, absl::string_view fingerprint,
    std::vector<std::string>& checks);

// Reads a manifest that the key of `fingerprint` signed; checks no more of it.
// Fails as VerifyRelease does of its manifest's signature and form.
absl::StatusOr<Manifest> ReadSigned(const v1::SignedManifest& manifest,
                                    absl::string_view fingerprint);

// Checks a manifest that comes without a release, such as the file of `round
// create`: its signature, tau of every table, and the loss, which is stated.
// Appends to `checks` and fails as VerifyRelease does of these; returns the
// manifest.
absl::StatusOr<Manifest> VerifyManifest(const v1::SignedManifest& manifest,
                                        absl::string_view fingerprint,
                                        std::vector<std::string>& checks);

// Checks that the key of `fingerprint` called off the round of `manifest`. Says
// nothing of a release, which would beat it. Appends to `checks`.
//
// Fails with FAILED_PRECONDITION (STEWARD_SIGNATURE_REFUSED,
// SURVEY_KEY_DIFFERS, ANOTHER_MANIFEST) or INVALID_ARGUMENT
// (CANCELLATION_MALFORMED, FINGERPRINT_MALFORMED).
absl::Status VerifyCancellation(const v1::SignedCancellation& cancellation,
                                const v1::SignedManifest& manifest,
                                absl::string_view fingerprint,
                                std::vector<std::string>& checks);

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_VERIFY_VERIFY_H_
