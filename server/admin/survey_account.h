// SPDX-License-Identifier: Apache-2.0
// Whether a manifest may join those that the host has: the steward's vault may
// be an old copy of itself, and has then forgotten what it signed.

#ifndef COMMONWAGE_SERVER_ADMIN_SURVEY_ACCOUNT_H_
#define COMMONWAGE_SERVER_ADMIN_SURVEY_ACCOUNT_H_

#include "absl/status/status.h"

#include "artefacts/signed_manifest.h"
#include "crypto/signature.h"
#include "storage/catalogue/catalogue.h"

namespace commonwage::server::admin {

// Holds `manifest`, which `signer` signed, against all manifests in `catalogue`
// of surveys of that key (privacy/survey_ledger.h). Rounds that were called off
// cost nothing, unless their release came all the same. Changes nothing.
//
// Fails with FAILED_PRECONDITION: TWO_MANIFESTS if there is another manifest of
// its round, PRIVACY_CAP_RAISED if its cap is above an earlier round's or below
// a later one's, PRIVACY_CAP_EXCEEDED if all rounds together would cost more
// than was promised; as Catalogue and ParseManifest do.
absl::Status CheckSurveyAccount(storage::Catalogue& catalogue,
                                const artefacts::CheckedManifest& manifest,
                                const crypto::VerifyKey& signer);

}  // namespace commonwage::server::admin

#endif  // COMMONWAGE_SERVER_ADMIN_SURVEY_ACCOUNT_H_
