// SPDX-License-Identifier: Apache-2.0
// Calling off a round that was made by mistake, before its release: its key is
// destroyed, what it would have cost is free again, and a signed word tells
// everybody. Calling off because of what one saw of the inbox is outside the
// theorem, like closing early (docs/PRIVACY.md); the caller asks a person.

#ifndef COMMONWAGE_SERVER_STEWARD_CANCELLATION_H_
#define COMMONWAGE_SERVER_STEWARD_CANCELLATION_H_

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/random_source.h"
#include "commonwage/v1/command_output.pb.h"
#include "commonwage/v1/round.pb.h"
#include "storage/vault/vault.h"

namespace commonwage::server::steward {

// A cancellation and what it did to the survey's account.
struct CalledOff {
  v1::SignedCancellation file;
  v1::RoundCancellationReport report;
};

// Calls off `round_id`. If that was done already, returns the same file again,
// and finishes what a crash left undone. Otherwise asks `confirm` first; what
// it fails with, this fails with, and nothing has changed. Nothing leaves here
// before the round's key is destroyed.
//
// Fails with NOT_FOUND (UNKNOWN_ROUND); as Vault::CancelOnce does.
absl::StatusOr<CalledOff> CancelRound(
    storage::Vault& vault, absl::string_view round_id,
    const std::function<absl::Status(const storage::VaultRound&)>& confirm,
    RandomSource& random);

}  // namespace commonwage::server::steward

#endif  // COMMONWAGE_SERVER_STEWARD_CANCELLATION_H_
