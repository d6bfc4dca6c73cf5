// SPDX-License-Identifier: Apache-2.0
// When a sealed answer leaves the device.

#ifndef COMMONWAGE_CLIENT_SEND_TIME_H_
#define COMMONWAGE_CLIENT_SEND_TIME_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "base/random_source.h"
#include "client/trusted_round.h"
#include "client/wallet_records.pb.h"

namespace commonwage::client {

// Returns a uniformly random time within `delay_up_to` from `now`, or from the
// opening of a round that is still to open; early enough before the close.
// Zero delay: now. Draws 8 bytes, unless it is zero.
//
// Fails with FAILED_PRECONDITION: ROUND_CLOSED; ROUND_NOT_OPEN if the delay is
// zero; CLOCK_OFF if this device's time and the server's, or its word about the
// round, cannot both be right, and there is a delay to measure.
absl::StatusOr<absl::Time> DrawSendTime(const TrustedRound& round,
                                        absl::Time now,
                                        absl::Duration delay_up_to,
                                        RandomSource& random);

// Fails as DrawSendTime would, and draws nothing.
absl::Status CheckSendTime(const TrustedRound& round, absl::Time now,
                           absl::Duration delay_up_to);

// Whether a device whose clock says `now` can be sure that a round has closed
// which closes at `closes_at` by its rules: also by this clock, and the clock
// agrees with the server's hour, if that is known.
bool HasSurelyClosed(absl::Time closes_at, absl::Time now,
                     std::optional<absl::Time> server_hour);

// Whether the time of `waiting` has come. Also when the clock was set back
// since: nothing can be said of the time then, and a kept answer must not wait
// for ever.
bool IsDue(const WaitingFrame& waiting, absl::Time now);

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_SEND_TIME_H_
