// SPDX-License-Identifier: Apache-2.0
#include "server/admin/admin_host.h"

#include <string>

#include "base/error.h"
#include "base/file/kept_file.h"
#include "base/file/links.h"
#include "base/status_macros.h"
#include "crypto/key_file.h"
#include "crypto/secret.h"
#include "server/command/key_place.h"
#include "storage/inbox/sqlcipher_inbox.h"
#include "storage/kek_file.h"

namespace commonwage::server::admin {
namespace {

using storage::Catalogue;
using storage::DataDirectory;
using storage::Keyring;

constexpr absl::string_view kLockName = "operator.lock";

storage::OpenOptions Creating() {
  storage::OpenOptions options;
  options.create = true;
  return options;
}

// Makes the key file unless there is one: an existing key stays.
absl::StatusOr<crypto::Secret<32>> LoadOrCreateKek(const std::string& kek_path,
                                                   RandomSource& random,
                                                   bool& made) {
  const absl::Status created = crypto::CreateKeyFile(kek_path, random);
  if (!created.ok() && ReasonOf(created) != Reason::kFileExists) {
    return created;
  }
  made = created.ok();
  return crypto::LoadKeyFile(kek_path);
}

absl::Status MakeAll(const std::string& data, const std::string& kek_path,
                     RandomSource& random, bool& made_kek) {
  COMMONWAGE_ASSIGN_OR_RETURN(storage::NewDataDirectory made,
                              DataDirectory::Begin(data));
  const DataDirectory& directory = made.directory;
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::Secret<32> kek,
                              LoadOrCreateKek(kek_path, random, made_kek));
  COMMONWAGE_ASSIGN_OR_RETURN(Keyring keyring,
                              Keyring::Create(directory, kek, random));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const crypto::Secret<32> catalogue_key,
      keyring.Create(storage::kCatalogueKey, storage::kMainKeyId, random));
  COMMONWAGE_RETURN_IF_ERROR(
      keyring.Create(storage::kReceiptKey, storage::kMainKeyId, random)
          .status());
  COMMONWAGE_RETURN_IF_ERROR(
      Catalogue::Open(directory.catalogue_path(), catalogue_key, Creating())
          .status());
  return made.making.Finish();
}

}  // namespace

absl::Status AdminHost::Create(const std::string& data,
                               const std::string& kek_path,
                               RandomSource& random) {
  COMMONWAGE_RETURN_IF_ERROR(RefuseKeyInside(data, kek_path));
  bool made_kek = false;
  absl::Status status = MakeAll(data, kek_path, random, made_kek);
  if (!status.ok() && made_kek) {
    // It opens nothing that is there.
    const NamedFile kek{kek_path, "key file"};
    static_cast<void>(
        RemoveFile({FollowLinks(kek).value_or(kek_path), kek.name}));
  }
  return status;
}

absl::StatusOr<AdminHost> AdminHost::Open(const std::string& data,
                                          const std::string& kek_path,
                                          Access access, RandomSource& random) {
  COMMONWAGE_RETURN_IF_ERROR(RefuseKeyInside(data, kek_path));
  COMMONWAGE_ASSIGN_OR_RETURN(DataDirectory directory,
                              DataDirectory::Open(data));
  std::optional<FileLock> lock;
  if (access == Access::kChange) {
    COMMONWAGE_ASSIGN_OR_RETURN(
        FileLock held,
        FileLock::Acquire({(directory.path() / std::string(kLockName)).string(),
                           "operator's lock"}));
    lock.emplace(std::move(held));
  }
  COMMONWAGE_ASSIGN_OR_RETURN(Keyring keyring,
                              storage::OpenKeyring(directory, kek_path));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const crypto::Secret<32> catalogue_key,
      keyring.Get(storage::kCatalogueKey, storage::kMainKeyId));
  COMMONWAGE_ASSIGN_OR_RETURN(
      std::unique_ptr<Catalogue> catalogue,
      Catalogue::Open(directory.catalogue_path(), catalogue_key));
  return AdminHost(std::move(directory), kek_path, std::move(lock),
                   std::move(keyring), std::move(catalogue), random);
}

absl::StatusOr<crypto::SigningKey> AdminHost::ReceiptKey() {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const crypto::Secret<32> seed,
      keyring_.Get(storage::kReceiptKey, storage::kMainKeyId));
  return crypto::SigningKey::FromSeed(seed);
}

absl::Status AdminHost::CreateInbox(absl::string_view round_id) {
  absl::StatusOr<crypto::Secret<32>> key =
      keyring_.CreateDestroyable(storage::kInboxKey, round_id, *random_);
  if (ReasonOf(key.status()) == Reason::kKeyExists) {
    key = keyring_.Get(storage::kInboxKey, round_id);
  }
  COMMONWAGE_RETURN_IF_ERROR(key.status());
  return storage::OpenSqlcipherInbox(directory_.inbox_path(round_id), *key,
                                     *random_, Creating())
      .status();
}

absl::StatusOr<std::unique_ptr<storage::Inbox>> AdminHost::OpenInbox(
    absl::string_view round_id) {
  return storage::OpenRoundInbox(directory_, keyring_, round_id, *random_);
}

absl::Status AdminHost::EraseInbox(absl::string_view round_id) {
  COMMONWAGE_RETURN_IF_ERROR(
      keyring_.Destroy(storage::kInboxKey, round_id, *random_));
  return storage::RemoveSqlcipherInbox(directory_.inbox_path(round_id));
}

absl::Status AdminHost::ReplaceKey() {
  COMMONWAGE_RETURN_IF_ERROR(
      storage::ReplaceKek(directory_, kek_path_, *random_));
  COMMONWAGE_ASSIGN_OR_RETURN(keyring_,
                              storage::OpenKeyring(directory_, kek_path_));
  return absl::OkStatus();
}

}  // namespace commonwage::server::admin
