// SPDX-License-Identifier: Apache-2.0
// A round once it is believed (round_trust.h says when).

#ifndef COMMONWAGE_CLIENT_TRUSTED_ROUND_H_
#define COMMONWAGE_CLIENT_TRUSTED_ROUND_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "commonwage/v1/round.pb.h"
#include "crypto/signature.h"
#include "survey/manifest.h"
#include "survey/round_state.h"

namespace commonwage::client {

// A round whose manifest is signed by the key that this device trusts.
struct TrustedRound {
  std::string id;  // "<survey>.<round>", from the manifest.
  // What the server says; it may lie, but then it only refuses or delays.
  // CANCELLED only if the survey's key says so.
  v1::RoundState state = v1::ROUND_STATE_UNSPECIFIED;
  std::optional<absl::Time> server_hour;  // Its time, rounded down to the hour.
  std::string manifest_bytes;
  Manifest manifest;
  ManifestHash manifest_hash;
  crypto::VerifyKey survey_key;
  crypto::VerifyKey receipt_key;  // The operator's, from the manifest.
  // Whether the survey keeps what it promised, by all of its rounds that are
  // known here (seen_rounds.h). Unless it is OK, no answer is sealed.
  absl::Status promise;
};

// Whether the state, by the server's word, says that there is a release, which
// beats a cancellation.
inline bool IsReleased(v1::RoundState state) {
  return HasRelease(static_cast<RoundState>(state));
}

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_TRUSTED_ROUND_H_
