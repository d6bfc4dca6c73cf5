// SPDX-License-Identifier: Apache-2.0
// How a member gets the right to one answer: a blind signature on the round's
// pseudonym. The union office learns who asked, and never the pseudonym.

#ifndef COMMONWAGE_CLIENT_ENROLMENT_H_
#define COMMONWAGE_CLIENT_ENROLMENT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/random_source.h"
#include "client/connection/server_api.h"
#include "client/round_trust.h"
#include "client/wallet_file.h"
#include "client/wallet_records.pb.h"
#include "commonwage/v1/issuer_service.pb.h"
#include "survey/frame.h"

namespace commonwage::client {

// Fails with FAILED_PRECONDITION (ENROLLED_OTHERWISE) if a credential was asked
// for with the wallet's own seed, by the wallet's record of the round, or null.
absl::Status CheckMayForget(const RoundRecord* known);

// Gives the round a throwaway seed in the wallet, unless it has one.
// Fails as CheckMayForget.
absl::Status StartForgetful(const WalletFile& wallet,
                            absl::string_view round_id, RandomSource& random);

// Returns the message that the issuer signs blindly.
std::string CredentialMessage(const ManifestHash& manifest_hash,
                              const Pseudonym& pseudonym);

// Refuses to enrol where the round or the wallet's record of it, or null, makes
// it pointless. Fails with FAILED_PRECONDITION: ROUND_CLOSED, ROUND_CANCELLED,
// NO_CREDENTIAL_NEEDED, FORGOTTEN, ENROLLED_OTHERWISE, and as CheckPromise
// (seen_rounds.h) if the survey breaks what it promised.
absl::Status CheckMayEnrol(const TrustedRound& round, const RoundRecord* known,
                           bool forgetful);

// Returns what goes to the office, but for the code: the round, the blinded
// message, the digest of the key it was made for (DER), and a checksum over
// both.
v1::IssueCredentialRequest RequestMessage(absl::string_view round_id,
                                          absl::string_view issuer_public_key,
                                          absl::string_view blinded_message);

// Makes the wallet's request for the round's credential, without its code, and
// notes that it was made. Blinding and pseudonym come from the seed, so that
// the request is the same every time, also from a wallet rebuilt from its
// words.
//
// Fails with INVALID_ARGUMENT (ISSUER_KEY_UNUSABLE), and as CheckMayEnrol.
absl::StatusOr<v1::IssueCredentialRequest> PrepareRequest(
    const WalletFile& wallet, const TrustedRound& round, bool forgetful,
    RandomSource& random);

// Turns the office's blind signature on that request into the credential and
// keeps it in the wallet; does nothing if one is there.
//
// Fails with INVALID_ARGUMENT (BLIND_SIGNATURE_REFUSED) if it is not the answer
// to this wallet's request, and as CheckMayEnrol.
absl::Status AcceptSignature(const WalletFile& wallet,
                             const TrustedRound& round,
                             absl::string_view blind_signature,
                             RandomSource& random);

// The same two steps as texts, for people who carry them to the office's page
// and back (survey/enrolment_request.h). RequestText is of what PrepareRequest
// gave. AcceptAnswer takes the page's text or the JSON of an
// IssueCredentialResponse, and fails as AcceptSignature, and with
// INVALID_ARGUMENT (ANSWER_MALFORMED, ANSWER_OF_ANOTHER_ROUND).
std::string RequestText(const v1::IssueCredentialRequest& request);
absl::Status AcceptAnswer(const WalletFile& wallet, const TrustedRound& round,
                          absl::string_view text, RandomSource& random);

// Asks the issuer for the round's credential and keeps it in the wallet; does
// nothing if it is there. As the request is the same every time, a wallet
// rebuilt from its words gets the same credential again. `typed_code` is the
// member's code as they typed it.
//
// Reveals: to the issuer, that this member takes part in the round's roll.
// Fails with INVALID_ARGUMENT (CODE_MISTYPED); as PrepareRequest,
// AcceptSignature and IssueCredential do.
absl::Status Enrol(const WalletFile& wallet, IssuerApi& issuer,
                   const TrustedRound& round, absl::string_view typed_code,
                   bool forgetful, RandomSource& random);

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_ENROLMENT_H_
