// SPDX-License-Identifier: Apache-2.0
// Sitting out the random delay of an answer.

#ifndef COMMONWAGE_CLIENT_CLI_WAITING_H_
#define COMMONWAGE_CLIENT_CLI_WAITING_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "base/clock.h"
#include "client/participation.h"
#include "client/participation_status.h"

namespace commonwage::client::cli {

// Waits for a while. Injected, so that tests do not.
using Sleep = std::function<void(absl::Duration)>;

// Returns how things stand once nothing waits in the round any more: sends it
// when it is due, and tries again while the server cannot be reached. Looks at
// the clock often, since a device may sleep meanwhile.
absl::StatusOr<ParticipationStatus> WaitAndSend(Participation& participation,
                                                absl::string_view round_id,
                                                Clock& clock,
                                                const Sleep& sleep);

}  // namespace commonwage::client::cli

#endif  // COMMONWAGE_CLIENT_CLI_WAITING_H_
