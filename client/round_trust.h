// SPDX-License-Identifier: Apache-2.0
// Whether to believe what a server says about a round. A device trusts the
// survey's key, and remembers it: the server could show every worker another
// round key, and read what is sealed to it.

#ifndef COMMONWAGE_CLIENT_ROUND_TRUST_H_
#define COMMONWAGE_CLIENT_ROUND_TRUST_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "client/trusted_round.h"
#include "commonwage/v1/round.pb.h"
#include "commonwage/v1/round_service.pb.h"
#include "crypto/signature.h"
#include "survey/invitation.h"
#include "survey/manifest.h"

namespace commonwage::client {

// What a device knows beforehand. Empty fields are taken from the round.
struct TrustAnchors {
  std::optional<crypto::VerifyKey> survey_key;  // The survey's, seen before.
  std::optional<ManifestHash> manifest_hash;    // This round's, seen before.
  std::string survey_key_fingerprint;    // As the person typed it, or empty.
  std::optional<Invitation> invitation;  // To the survey, if it was joined.
  bool answered = false;  // This round, or an answer waits to be sent.
};

// Whether `anchors` tell the survey's key from any other. A round of which they
// do not can be looked at; nothing may be sealed or asked for in it.
bool KnowSurveyKey(const TrustAnchors& anchors);

// Returns the round of a server's answer, once all of it is checked: that it is
// the one asked for, signed by the trusted key, with the rules seen before, and
// that its rules withhold what they promise to (tau). Whose receipts count is
// in the rules: a server cannot bring a key of its own.
//
// Its promise is that of this round alone: the caller knows the others.
//
// Fails with INVALID_ARGUMENT (FINGERPRINT_MALFORMED, MANIFEST_FAULTY,
// TAU_TOO_SMALL) or FAILED_PRECONDITION: ANOTHER_ROUND,
// STEWARD_SIGNATURE_REFUSED, SURVEY_KEY_DIFFERS (from the typed fingerprint or
// the invitation), SURVEY_KEY_CHANGED, ANOTHER_SURVEY or ADMISSION_DIFFERS
// (from the invitation), MANIFEST_CHANGED, CANCELLATION_REFUSED (it says that
// the round was called off, and the survey's key does not).
absl::StatusOr<TrustedRound> CheckRound(const v1::Round& round,
                                        absl::string_view round_id,
                                        const TrustAnchors& anchors);

// As above, with the server's time.
absl::StatusOr<TrustedRound> CheckRound(const v1::GetRoundResponse& response,
                                        absl::string_view round_id,
                                        const TrustAnchors& anchors);

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_ROUND_TRUST_H_
