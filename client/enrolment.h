// SPDX-License-Identifier: Apache-2.0
// How a member gets the right to one answer: a blind signature on the round's
// pseudonym. The union office learns who asked, and never the pseudonym.

#ifndef COMMONWAGE_CLIENT_ENROLMENT_H_
#define COMMONWAGE_CLIENT_ENROLMENT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "base/random_source.h"
#include "client/round_trust.h"
#include "client/server_api.h"
#include "client/wallet_file.h"
#include "client/wallet_records.pb.h"
#include "survey/frame.h"

namespace commonwage::client {

// Gives the round a throwaway seed in the wallet, unless it has one.
//
// Fails with FAILED_PRECONDITION (ENROLLED_OTHERWISE) if a credential was made
// for the wallet's own seed.
absl::Status StartForgetful(const WalletFile& wallet,
                            absl::string_view round_id, RandomSource& random);

// Returns the message that the issuer signs blindly.
std::string CredentialMessage(const ManifestHash& manifest_hash,
                              const Pseudonym& pseudonym);

// Refuses to enrol where the round or the wallet's record of it, or null, makes
// it pointless. Fails with FAILED_PRECONDITION: ROUND_CLOSED,
// NO_CREDENTIAL_NEEDED, FORGOTTEN, ENROLLED_OTHERWISE.
absl::Status CheckMayEnrol(const TrustedRound& round, const RoundRecord* known,
                           bool forgetful);

// Asks the issuer for the round's credential and keeps it in the wallet; does
// nothing if it is there. Blinding and pseudonym come from the seed, so that a
// wallet rebuilt from its words asks with the very same request and gets the
// same credential again. `typed_code` is the member's code as they typed it.
//
// Reveals: to the issuer, that this member takes part in the round's roll.
// Fails with INVALID_ARGUMENT: CODE_MISTYPED, ISSUER_KEY_UNUSABLE,
// BLIND_SIGNATURE_REFUSED; as CheckMayEnrol and IssueCredential do.
absl::Status Enrol(const WalletFile& wallet, IssuerApi& issuer,
                   const TrustedRound& round, absl::string_view typed_code,
                   bool forgetful, RandomSource& random);

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_ENROLMENT_H_
