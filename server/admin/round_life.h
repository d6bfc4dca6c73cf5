// SPDX-License-Identifier: Apache-2.0
// The life of a round on the online host: created, open, closed, published,
// erased, or called off before that (round_cancellation.h). Each step is one
// function, right to repeat, and there is none back.

#ifndef COMMONWAGE_SERVER_ADMIN_ROUND_LIFE_H_
#define COMMONWAGE_SERVER_ADMIN_ROUND_LIFE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/clock.h"
#include "commonwage/v1/command_output.pb.h"
#include "server/admin/admin_host.h"
#include "server/admin/step_result.h"

namespace commonwage::server::admin {

// Takes in a manifest file: checks its signature, pins the survey's key at the
// survey's first round, and makes the round's inbox and its key.
//
// `expected_key`, if not empty, is the survey key's fingerprint as the steward
// told it.
//
// Fails with FAILED_PRECONDITION (RECEIPT_KEY_DIFFERS) if the manifest names
// another receipt key than the one here; as CheckFingerprint,
// ReadSignedManifest, CheckSurveyAccount, Catalogue::ImportRound and
// AdminHost::CreateInbox do.
absl::StatusOr<StepResult> ImportRound(AdminHost& host,
                                       absl::string_view manifest_file,
                                       absl::string_view expected_key);

// Closes a round for submissions, durably. Before its closing time only if
// `early`, and then everybody will read so in the release.
//
// Fails with NOT_FOUND (UNKNOWN_ROUND), FAILED_PRECONDITION (ROUND_NOT_CLOSED)
// before the closing time without `early`, (ROUND_CANCELLED); as Inbox::Close
// and Catalogue::CloseRound do.
absl::StatusOr<StepResult> CloseRound(AdminHost& host,
                                      absl::string_view round_id, bool early,
                                      Clock& clock);

// Sets a round without a release aside, or takes that back (`undo`). While it
// is set aside it takes no submissions, and is neither closed, exported nor
// published; nothing of it is deleted. The server notices within a second.
//
// Fails with NOT_FOUND (UNKNOWN_ROUND); as Catalogue::SetAside does.
absl::StatusOr<StepResult> SetRoundAside(AdminHost& host,
                                         absl::string_view round_id, bool undo);

// Takes in a release file, if the round's survey key signed it, it is what the
// round's manifest promised and it names the inbox that is here as the one that
// was counted; and then erases the round's submissions and their key. Where it
// can, it puts a new key in the key file too. A release beats a cancellation
// that was imported before, whichever inbox it names.
//
// Fails with NOT_FOUND (UNKNOWN_ROUND), INVALID_ARGUMENT
// (RELEASE_OF_ANOTHER_MANIFEST), FAILED_PRECONDITION (SURVEY_KEY_DIFFERS),
// (RELEASE_DOES_NOT_FIT) or (RELEASE_OF_ANOTHER_INBOX); as ReadSignedRelease,
// HeldInboxDigest, Catalogue::ImportRelease and AdminHost::EraseInbox do.
// Repeat it if it fails in the middle.
absl::StatusOr<StepResult> ImportRelease(AdminHost& host,
                                         absl::string_view release_file);

// Returns where a round is, or all rounds, what is wrong with its submissions
// and what comes next. Holds no count. Reads every inbox that is there.
// Fails with NOT_FOUND (UNKNOWN_ROUND) if `round_id` is not empty and unknown.
absl::StatusOr<std::vector<v1::RoundStatusReport>> RoundStatus(
    AdminHost& host, absl::string_view round_id, Clock& clock);

}  // namespace commonwage::server::admin

#endif  // COMMONWAGE_SERVER_ADMIN_ROUND_LIFE_H_
