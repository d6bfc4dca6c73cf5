// SPDX-License-Identifier: Apache-2.0
// The online host as the operator's commands open it: directory, keyring and
// catalogue. The server may be running at the same time.

#ifndef COMMONWAGE_SERVER_ADMIN_ADMIN_HOST_H_
#define COMMONWAGE_SERVER_ADMIN_ADMIN_HOST_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/file/file_lock.h"
#include "base/random_source.h"
#include "crypto/signature.h"
#include "storage/catalogue/catalogue.h"
#include "storage/data_directory.h"
#include "storage/inbox/inbox.h"
#include "storage/keyring.h"

namespace commonwage::server::admin {

// What a command will do with the host.
enum class Access {
  kLook,    // Others may look and change meanwhile.
  kChange,  // Others that change wait until this is done.
};

// An open host. Move-only, not thread-safe.
class AdminHost {
 public:
  // Makes the data directory with keyring, catalogue and receipt key. Makes the
  // key-encryption key in `kek_path` if there is no file. If this fails, what
  // it made is gone again and what was there before is as it was.
  //
  // Fails with INVALID_ARGUMENT (WRONG_USE) if `kek_path` is inside `data`; as
  // DataDirectory::Create, crypto::CreateKeyFile and LoadKeyFile, Keyring and
  // Catalogue do.
  static absl::Status Create(const std::string& data,
                             const std::string& kek_path, RandomSource& random);

  // `random` must outlive the host.
  // Fails as Create does for `kek_path`; as DataDirectory::Open, OpenKeyring
  // and Catalogue::Open do.
  static absl::StatusOr<AdminHost> Open(const std::string& data,
                                        const std::string& kek_path,
                                        Access access, RandomSource& random);

  [[nodiscard]] const storage::DataDirectory& directory() const {
    return directory_;
  }
  [[nodiscard]] const std::string& kek_path() const { return kek_path_; }
  storage::Keyring& keyring() { return keyring_; }
  storage::Catalogue& catalogue() { return *catalogue_; }
  RandomSource& random() { return *random_; }

  // Returns the key that signs receipts and sealed inboxes. Fails as
  // Keyring::Get does.
  // Reveals: the key.
  absl::StatusOr<crypto::SigningKey> ReceiptKey();

  // Makes the inbox of a round to be imported, and its key. Repeating is right.
  // Fails as Keyring and OpenSqlcipherInbox do.
  absl::Status CreateInbox(absl::string_view round_id);

  // Opens the inbox of a round that was imported and is not published.
  // Fails with DATA_LOSS (INBOX_MISSING) if its file or its key is not there;
  // as OpenRoundInbox does.
  absl::StatusOr<std::unique_ptr<storage::Inbox>> OpenInbox(
      absl::string_view round_id);

  // Destroys the key of a round's inbox, with its entry of the shred file, and
  // then its files. Repeating is right.
  // Fails as Keyring::Destroy and RemoveSqlcipherInbox do.
  absl::Status EraseInbox(absl::string_view round_id);

  // Replaces the key-encryption key. Fails as ReplaceKek does.
  absl::Status ReplaceKey();

 private:
  AdminHost(storage::DataDirectory directory, std::string kek_path,
            std::optional<FileLock> lock, storage::Keyring keyring,
            std::unique_ptr<storage::Catalogue> catalogue, RandomSource& random)
      : directory_(std::move(directory)),
        kek_path_(std::move(kek_path)),
        lock_(std::move(lock)),
        keyring_(std::move(keyring)),
        catalogue_(std::move(catalogue)),
        random_(&random) {}

  storage::DataDirectory directory_;
  std::string kek_path_;
  std::optional<FileLock> lock_;
  storage::Keyring keyring_;
  std::unique_ptr<storage::Catalogue> catalogue_;
  RandomSource* random_;
};

}  // namespace commonwage::server::admin

#endif  // COMMONWAGE_SERVER_ADMIN_ADMIN_HOST_H_
