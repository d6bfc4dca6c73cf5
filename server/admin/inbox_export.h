// SPDX-License-Identifier: Apache-2.0
// Handing a closed round's submissions to the steward, signed, and knowing
// afterwards which inbox that was.

#ifndef COMMONWAGE_SERVER_ADMIN_INBOX_EXPORT_H_
#define COMMONWAGE_SERVER_ADMIN_INBOX_EXPORT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "command/progress.h"
#include "server/admin/admin_host.h"
#include "storage/catalogue/catalogue.h"
#include "survey/inbox_file.h"

namespace commonwage::server::admin {

// A sealed inbox that was written. Holds an exact count: for operator and
// steward alone.
struct ExportedInbox {
  std::string round_id;
  uint64_t submissions = 0;
  std::string digest{};  // kInboxDigestSize bytes.
};

// Writes the sealed inbox of a closed round to `sink`, signed with the receipt
// key, and notes its digest. What was written counts only if this returns OK.
// Every export of a round is the same, byte for byte.
//
// Fails with NOT_FOUND (UNKNOWN_ROUND), FAILED_PRECONDITION (ROUND_NOT_CLOSED),
// (ROUND_PUBLISHED) or (ROUND_SET_ASIDE); as Inbox::Export, InboxWriter,
// Catalogue::NoteExport and `sink` do.
absl::StatusOr<ExportedInbox> ExportInbox(
    AdminHost& host, absl::string_view round_id, const InboxSink& sink,
    const command::ProgressCallback& progress);

// Returns the digest of the inbox of a closed round: as noted when it was
// exported, so that it outlives a damaged file; else of what is there.
//
// Fails as ExportInbox does, and notes nothing.
absl::StatusOr<std::string> HeldInboxDigest(AdminHost& host,
                                            const storage::StoredRound& round);

}  // namespace commonwage::server::admin

#endif  // COMMONWAGE_SERVER_ADMIN_INBOX_EXPORT_H_
