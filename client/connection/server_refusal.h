// SPDX-License-Identifier: Apache-2.0
// What a refusal of the collector means for what a person wanted to send. A
// server's word must never erase it where the server could be wrong.

#ifndef COMMONWAGE_CLIENT_CONNECTION_SERVER_REFUSAL_H_
#define COMMONWAGE_CLIENT_CONNECTION_SERVER_REFUSAL_H_

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace commonwage::client {

// Whether the same frame will never be accepted.
bool IsFinal(const absl::Status& status);

// Whether the server says that a frame of this wallet is faulty.
bool IsFaulted(const absl::Status& status);

// Returns the same failure, with what it means for the person: what they
// entered is kept.
absl::Status KeptAfter(const absl::Status& status);

// Returns FAILED_PRECONDITION (CLOSED_BEFORE_TIME): the server says that a
// round has closed which closes at `closes_at` by its rules, and nothing else
// says so.
absl::Status ClosedBeforeTime(absl::Time closes_at);

// Returns FAILED_PRECONDITION (CANCELLATION_REFUSED): the server says that a
// round was called off, and the survey's key does not.
absl::Status CancelledUnproven();

}  // namespace commonwage::client

#endif  // COMMONWAGE_CLIENT_CONNECTION_SERVER_REFUSAL_H_
