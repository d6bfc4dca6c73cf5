// SPDX-License-Identifier: Apache-2.0
#include "server/online/stores.h"

#include <filesystem>
#include <optional>
#include <utility>

#include "absl/status/status.h"

#include "base/status_macros.h"
#include "crypto/secret.h"
#include "server/command/key_place.h"
#include "storage/inbox/sqlcipher_inbox.h"
#include "storage/kek_file.h"
#include "storage/keyring.h"

namespace commonwage::server::online {

absl::StatusOr<Stores> OpenStores(const std::string& data,
                                  const std::string& kek_path) {
  COMMONWAGE_RETURN_IF_ERROR(RefuseKeyInside(data, kek_path));
  COMMONWAGE_ASSIGN_OR_RETURN(storage::DataDirectory directory,
                              storage::DataDirectory::Open(data));
  COMMONWAGE_ASSIGN_OR_RETURN(FileLock lock, directory.LockForServer());
  COMMONWAGE_ASSIGN_OR_RETURN(const storage::Keyring keyring,
                              storage::OpenKeyring(directory, kek_path));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const crypto::Secret<32> receipt_seed,
      keyring.Get(storage::kReceiptKey, storage::kMainKeyId));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const crypto::Secret<32> key,
      keyring.Get(storage::kCatalogueKey, storage::kMainKeyId));
  const std::filesystem::path path = directory.catalogue_path();
  COMMONWAGE_ASSIGN_OR_RETURN(auto for_collector,
                              storage::Catalogue::Open(path, key));
  COMMONWAGE_ASSIGN_OR_RETURN(auto for_statistics,
                              storage::Catalogue::Open(path, key));
  return Stores{std::move(directory), std::move(lock), std::move(for_collector),
                std::move(for_statistics),
                crypto::SigningKey::FromSeed(receipt_seed)};
}

absl::StatusOr<std::unique_ptr<storage::Inbox>> OpenInbox(
    const storage::DataDirectory& directory, const std::string& kek_path,
    RandomSource& random, absl::string_view round_id, bool may_create) {
  COMMONWAGE_ASSIGN_OR_RETURN(storage::Keyring keyring,
                              storage::OpenKeyring(directory, kek_path));
  if (!may_create) {
    return storage::OpenRoundInbox(directory, keyring, round_id, random);
  }
  COMMONWAGE_ASSIGN_OR_RETURN(std::optional<crypto::Secret<32>> key,
                              keyring.Find(storage::kInboxKey, round_id));
  if (!key.has_value()) {
    COMMONWAGE_ASSIGN_OR_RETURN(
        key, keyring.CreateDestroyable(storage::kInboxKey, round_id, random));
  }
  storage::OpenOptions options;
  options.create = true;
  return storage::OpenSqlcipherInbox(directory.inbox_path(round_id), *key,
                                     random, options);
}

}  // namespace commonwage::server::online
