// SPDX-License-Identifier: Apache-2.0
// The online host's directory:
//
//   DIR/catalogue.db        rounds and releases
//   DIR/inbox/<round>.db    the sealed submissions of a round
//   DIR/keyring             their keys, wrapped; the key that wraps is
//   elsewhere DIR/shred.key           what keys that must be destroyable rest
//   on DIR/server.lock, DIR/keyring.lock
//
// Nobody but the account that runs the server may enter it.

#ifndef COMMONWAGE_STORAGE_DATA_DIRECTORY_H_
#define COMMONWAGE_STORAGE_DATA_DIRECTORY_H_

#include <filesystem>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/file/file_lock.h"
#include "storage/unfinished_directory.h"

namespace commonwage::storage {

struct NewDataDirectory;

// Where things are. Copyable.
class DataDirectory {
 public:
  // Makes the directories, of mode 0700. Whoever puts the rest in finishes it.
  // Fails as UnfinishedDirectory::Begin and MakePrivateDirectory.
  static absl::StatusOr<NewDataDirectory> Begin(
      const std::filesystem::path& path);

  // Makes the directories, and that is all there is to be in them.
  // Fails as Begin and UnfinishedDirectory::Finish.
  static absl::StatusOr<DataDirectory> Create(
      const std::filesystem::path& path);

  // Fails as UnfinishedDirectory::RefuseUnfinished; with NOT_FOUND
  // (DATA_DIRECTORY_MISSING) if `path` is not one that Create made,
  // FAILED_PRECONDITION (DIRECTORY_TOO_OPEN) if others may enter.
  static absl::StatusOr<DataDirectory> Open(const std::filesystem::path& path);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path catalogue_path() const;
  [[nodiscard]] std::filesystem::path keyring_path() const;
  [[nodiscard]] std::filesystem::path shred_path() const;
  // `round_id` must be one that the catalogue knows: it becomes a file name.
  [[nodiscard]] std::filesystem::path inbox_path(
      absl::string_view round_id) const;

  // Takes the one place of a server in this directory; keep the lock while it
  // runs. Commands do not need it.
  //
  // Fails with FAILED_PRECONDITION (SERVER_RUNNING) if there is a server.
  [[nodiscard]] absl::StatusOr<FileLock> LockForServer() const;

 private:
  explicit DataDirectory(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;
};

// A data directory, and the making of it, which ends with Finish.
struct NewDataDirectory {
  DataDirectory directory;
  UnfinishedDirectory making;
};

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_DATA_DIRECTORY_H_
