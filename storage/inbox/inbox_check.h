// SPDX-License-Identifier: Apache-2.0
// Reading an inbox as a whole: to check it against its root, and to export it.

#ifndef COMMONWAGE_STORAGE_INBOX_INBOX_CHECK_H_
#define COMMONWAGE_STORAGE_INBOX_INBOX_CHECK_H_

#include "absl/status/status.h"

#include "storage/database.h"
#include "storage/inbox/inbox.h"
#include "storage/inbox/inbox_root.h"
#include "storage/statement.h"

namespace commonwage::storage {

// Returns DATA_LOSS (INBOX_ALTERED).
absl::Status InboxAltered();

// Returns the row whose pseudonym, sequence and digest are the columns of
// `statement` at `first` and on.
InboxRow ReadInboxRow(const Statement& statement, int first, bool withdrawn);

// Sets `sum` to what it is over all rows that are there, and checks that the
// indexes lead to them. Memory does not grow with the rows.
// Fails with DATA_LOSS (INBOX_ALTERED) if an index does not; otherwise as
// sqlite_status.h says.
absl::Status SumInboxRows(Database& database, InboxRootSum& sum);

// Calls `visit` with each frame of table `settled`, pseudonyms increasing, and
// sets `sum` to what it is over their rows. See Inbox::Export.
// Fails with DATA_LOSS (INBOX_ALTERED) if a frame does not match its digest, or
// the order is broken; otherwise as `visit` does and sqlite_status.h says.
absl::Status VisitSettledFrames(Database& database, InboxRootSum& sum,
                                Inbox::VisitFrame visit);

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_INBOX_INBOX_CHECK_H_
