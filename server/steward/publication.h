// SPDX-License-Identifier: Apache-2.0
// Publishing a round: the sealed inbox in, one signed release out, once. It
// checks that the inbox is the operator's, asks a person, opens, counts, adds
// noise, charges the ledger, signs, and destroys the round's key; the last four
// in one transaction of the vault.

#ifndef COMMONWAGE_SERVER_STEWARD_PUBLICATION_H_
#define COMMONWAGE_SERVER_STEWARD_PUBLICATION_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "base/clock.h"
#include "base/random_source.h"
#include "command/progress.h"
#include "commonwage/v1/command_output.pb.h"
#include "commonwage/v1/round.pb.h"
#include "crypto/hash.h"
#include "storage/vault/vault.h"
#include "survey/inbox_file.h"

namespace commonwage::server::steward {

// A release and the steward's own report of how it came about.
struct Publication {
  v1::SignedRelease file;
  v1::PublishReport report;  // Holds exact counts: never public.
};

// Where the sealed inbox comes from. Called up to three times; each call begins
// at the front.
using OpenInbox = std::function<absl::StatusOr<InboxSource>()>;

// A sealed inbox that is whole and signed by its round's operator. Holds an
// exact count: for the steward alone.
struct InboxFacts {
  std::string round_id;
  uint64_t submissions = 0;
  crypto::Digest digest;
};

// A round that was closed before its time, as its sealed inbox tells.
struct EarlyClose {
  std::string round_id;
  absl::Time closes_at;                 // By its manifest.
  std::optional<absl::Time> closed_at;  // nullopt: not on record.
};

// How to do it.
struct PublicationOptions {
  size_t workers = 2;                  // Threads that open submissions.
  command::ProgressCallback progress;  // Optional.
  // Both are asked before anything is opened; what they fail with, PublishRound
  // fails with. Whether this is the inbox that the operator exported; without
  // it nothing is published.
  std::function<absl::Status(const InboxFacts&)> confirm_inbox;
  // Whether a round that was closed early is to be published all the same;
  // without it such a round is refused.
  std::function<absl::Status(const EarlyClose&)> confirm_early_close;
};

// Publishes the round whose sealed inbox `open_inbox` gives. If the round is
// published already, returns the same release again without opening anything.
// Submissions that do not open, or answer outside the public lists, are left
// out and counted in the report.
//
// Fails with NOT_FOUND (INBOX_OF_UNKNOWN_ROUND) if this vault did not make the
// round, FAILED_PRECONDITION (ROUND_CANCELLED) if it was called off,
// (ROUND_NOT_CLOSED) before its close, (NOT_CONFIRMED) if nobody confirms the
// inbox or an early close, INVALID_ARGUMENT (INBOX_MALFORMED, also if the file
// changes meanwhile) or (INBOX_SIGNATURE_REFUSED) as InboxReader does; as
// AnswerOpener::For, DrawRelease and Vault::ReleaseOnce do; and as the source
// does. Nothing has been released or spent then.
absl::StatusOr<Publication> PublishRound(storage::Vault& vault,
                                         const OpenInbox& open_inbox,
                                         Clock& clock, RandomSource& random,
                                         const PublicationOptions& options);

}  // namespace commonwage::server::steward

#endif  // COMMONWAGE_SERVER_STEWARD_PUBLICATION_H_
