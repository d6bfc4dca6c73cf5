// SPDX-License-Identifier: Apache-2.0
// The raw keys of the online host or of the union office, wrapped under a key-
// encryption key (KEK) that lives elsewhere. To destroy a key here is to erase
// what it encrypts: such keys are wrapped under an entry of the shred file too,
// and with that entry goes every older copy of the keyring that names them.
// Layout of the file: docs/FORMATS.md, "Keyring".

#ifndef COMMONWAGE_STORAGE_KEYRING_H_
#define COMMONWAGE_STORAGE_KEYRING_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/file/file_lock.h"
#include "base/random_source.h"
#include "crypto/secret.h"
#include "storage/data_directory.h"
#include "storage/shred_file.h"

namespace commonwage::storage {

// What keys are for. Part of the file format: do not change one.
inline constexpr absl::string_view kCatalogueKey = "catalogue";  // id "main"
inline constexpr absl::string_view kInboxKey = "inbox";      // id: the round's
inline constexpr absl::string_view kReceiptKey = "receipt";  // id "main": seed
inline constexpr absl::string_view kMainKeyId = "main";

// The keyring of a data directory. Every call reads the file anew, so that keys
// which another process made or destroyed are seen at once. Calls from several
// processes wait for each other. Not thread-safe: one per thread.
class Keyring {
 public:
  // Makes an empty keyring.
  // Fails with ALREADY_EXISTS (KEYRING_EXISTS) if there is one; otherwise as
  // ReplaceFile.
  static absl::StatusOr<Keyring> Create(const DataDirectory& directory,
                                        const crypto::Secret<32>& kek,
                                        RandomSource& random);

  // Fails with NOT_FOUND (KEYRING_MISSING) if there is none,
  // FAILED_PRECONDITION (KEK_WRONG) if it was wrapped under another KEK,
  // DATA_LOSS (KEYRING_DAMAGED) if it was altered or cut short.
  static absl::StatusOr<Keyring> Open(const DataDirectory& directory,
                                      const crypto::Secret<32>& kek);

  // Returns the key of `purpose` and `id`, or nullopt if there is none, or none
  // any more.
  // Fails as Open; for a destroyable key as ShredFile::Find.
  [[nodiscard]] absl::StatusOr<std::optional<crypto::Secret<32>>> Find(
      absl::string_view purpose, absl::string_view id) const;

  // As Find, and fails with NOT_FOUND (KEY_MISSING) if there is none.
  [[nodiscard]] absl::StatusOr<crypto::Secret<32>> Get(
      absl::string_view purpose, absl::string_view id) const;

  // Makes a key that is kept for ever, durably, and returns it.
  // Fails with ALREADY_EXISTS (KEY_EXISTS) if there is one; INVALID_ARGUMENT
  // (KEY_NAME_MALFORMED) unless both names have 1 to 255 bytes; as Open and
  // ReplaceFile.
  absl::StatusOr<crypto::Secret<32>> Create(absl::string_view purpose,
                                            absl::string_view id,
                                            RandomSource& random);

  // As Create, and Destroy destroys it. Fails as ShredFile::Fill, too.
  absl::StatusOr<crypto::Secret<32>> CreateDestroyable(
      absl::string_view purpose, absl::string_view id, RandomSource& random);

  // Destroys a key, here and in every copy of the keyring, and removes it. Not
  // an error if there is none: erasing is repeated until it holds.
  // Fails with FAILED_PRECONDITION (KEY_KEPT) if CreateDestroyable did not make
  // it; as Open, ShredFile::Destroy and ReplaceFile.
  absl::Status Destroy(absl::string_view purpose, absl::string_view id,
                       RandomSource& random);

  // Wraps every key under `new_kek` and uses that from now on. Then destroy the
  // old one. Processes that still hold it get KEK_WRONG. Touches no database
  // and no entry of the shred file.
  // Fails as Open and ReplaceFile; the old KEK opens the keyring then.
  absl::Status Rotate(const crypto::Secret<32>& new_kek, RandomSource& random);

 private:
  Keyring(const DataDirectory& directory, crypto::Secret<32> kek)
      : path_(directory.keyring_path()),
        shred_file_(directory.shred_path()),
        kek_(std::move(kek)) {}

  [[nodiscard]] absl::StatusOr<FileLock> Lock() const;
  absl::StatusOr<crypto::Secret<32>> Add(uint8_t kind,
                                         absl::string_view purpose,
                                         absl::string_view id,
                                         RandomSource& random);

  std::filesystem::path path_;
  ShredFile shred_file_;
  crypto::Secret<32> kek_;
};

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_KEYRING_H_
