// SPDX-License-Identifier: Apache-2.0
// An older copy of a whole inbox is right in itself: its root fits its rows. So
// the catalogue notes, now and then, how many commits an inbox has seen, and an
// inbox that has seen fewer is an older one. What came after the last note can
// still be taken back so; and whoever puts the catalogue back as well is not
// noticed here.

#ifndef COMMONWAGE_STORAGE_CATALOGUE_INBOX_AGE_H_
#define COMMONWAGE_STORAGE_CATALOGUE_INBOX_AGE_H_

#include "absl/status/status.h"

#include "storage/catalogue/catalogue.h"
#include "storage/inbox/inbox.h"

namespace commonwage::storage {

// Checks that the inbox of `round` is not older than the catalogue knows it.
// Fails with DATA_LOSS (INBOX_ROLLED_BACK); as CountCommits.
absl::Status CheckInboxAge(Inbox& inbox, const RoundSummary& round);

// Notes in the catalogue how many commits the inbox has seen. Waits for a sync
// of the catalogue, if there is something new. Fails as CountCommits and
// NoteInboxCommits.
absl::Status NoteInboxAge(Inbox& inbox, RoundSummary& round,
                          Catalogue& catalogue);

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_CATALOGUE_INBOX_AGE_H_
