// SPDX-License-Identifier: Apache-2.0
// What a step of a round's life on the online host leaves to be said.

#ifndef COMMONWAGE_SERVER_ADMIN_STEP_RESULT_H_
#define COMMONWAGE_SERVER_ADMIN_STEP_RESULT_H_

#include <string>

#include "absl/status/status.h"

#include "crypto/signature.h"

namespace commonwage::server::admin {

// What a step did.
struct StepResult {
  std::string round_id;
  crypto::VerifyKey survey_key;  // The pinned one.
  bool repeated = false;         // It had been done before.
  // The round had been called off: the release that came all the same counts,
  // and the cancellation does not.
  bool beat_cancellation = false;
  // After an erasure: why the key file could not be given a new key as well.
  absl::Status key_file = absl::OkStatus();
};

}  // namespace commonwage::server::admin

#endif  // COMMONWAGE_SERVER_ADMIN_STEP_RESULT_H_
