// SPDX-License-Identifier: Apache-2.0
// What the online server keeps open while it runs.

#ifndef COMMONWAGE_SERVER_ONLINE_STORES_H_
#define COMMONWAGE_SERVER_ONLINE_STORES_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/file/file_lock.h"
#include "base/random_source.h"
#include "crypto/signature.h"
#include "storage/catalogue/catalogue.h"
#include "storage/data_directory.h"
#include "storage/inbox/inbox.h"

namespace commonwage::server::online {

// The data directory, which no other server may use meanwhile.
struct Stores {
  storage::DataDirectory directory;
  FileLock lock;
  // One connection for each role: neither waits for the other.
  std::unique_ptr<storage::Catalogue> for_collector;
  std::unique_ptr<storage::Catalogue> for_statistics;
  crypto::SigningKey receipt_key;
};

// Opens the directory `data`, with the key-encryption key in `kek_path`.
//
// Fails as RefuseKeyInside, DataDirectory::Open and LockForServer, OpenKeyring,
// Keyring::Get and Catalogue::Open do.
absl::StatusOr<Stores> OpenStores(const std::string& data,
                                  const std::string& kek_path);

// Opens the inbox of a round; with `may_create`, makes it and its key if they
// are missing.
//
// Fails as OpenKeyring, OpenRoundInbox, Keyring and OpenSqlcipherInbox do.
absl::StatusOr<std::unique_ptr<storage::Inbox>> OpenInbox(
    const storage::DataDirectory& directory, const std::string& kek_path,
    RandomSource& random, absl::string_view round_id, bool may_create);

}  // namespace commonwage::server::online

#endif  // COMMONWAGE_SERVER_ONLINE_STORES_H_
