// SPDX-License-Identifier: Apache-2.0
// An inbox in an SQLCipher file of its own, under a key of its own.
//
// Frames are appended to the newest segment. When it is full, its rows and
// those of a random stretch of the older ones change places at random, and the
// write-ahead log is emptied: beyond the newest segment the file does not tell
// who came before whom. The segment grows with the round, to a quarter of it,
// so that the work per submission stays about the same; while others wait to be
// stored, to as many rows as are settled (inbox_shuffle.h).
// What is left: in a round of many thousands, rows far apart in the file are
// likelier to have come far apart in time.

#ifndef COMMONWAGE_STORAGE_INBOX_SQLCIPHER_INBOX_H_
#define COMMONWAGE_STORAGE_INBOX_SQLCIPHER_INBOX_H_

#include <cstdint>
#include <filesystem>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/random_source.h"
#include "crypto/secret.h"
#include "storage/data_directory.h"
#include "storage/database.h"
#include "storage/inbox/inbox.h"
#include "storage/keyring.h"

namespace commonwage::storage {

// Opens the inbox at `path`. `options.create` makes it if it is missing or
// empty. `random` shuffles the rows; it must outlive the inbox and serve any
// thread.
//
// Fails as Database::Open and Migrate do, and with DATA_LOSS (INBOX_ALTERED) if
// the rows do not match the root: a page of an earlier time was put back.
absl::StatusOr<std::unique_ptr<Inbox>> OpenSqlcipherInbox(
    const std::filesystem::path& path, const crypto::Secret<32>& key,
    RandomSource& random, const OpenOptions& options = {});

// Opens the inbox of a round that was imported, and makes nothing: an inbox
// made anew in place of a lost one would pass for a round without submissions.
//
// Fails with DATA_LOSS (INBOX_MISSING) if its file or its key is not there; as
// Keyring::Find and OpenSqlcipherInbox.
absl::StatusOr<std::unique_ptr<Inbox>> OpenRoundInbox(
    const DataDirectory& directory, const Keyring& keyring,
    absl::string_view round_id, RandomSource& random);

// Removes the inbox's files, which nobody may have open. First destroy its key:
// that is what erases it. Not an error if they are gone.
absl::Status RemoveSqlcipherInbox(const std::filesystem::path& path);

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_INBOX_SQLCIPHER_INBOX_H_
