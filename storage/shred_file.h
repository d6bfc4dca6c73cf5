// SPDX-License-Identifier: Apache-2.0
// The one small file of a store that erasure rests on: random entries, each
// filled before a key is wrapped under it, and destroyed by being overwritten
// where it lies. What a store replaces or deletes (rows, logs, key files) stays
// in free blocks of the disk; without the entry it opens nothing.
//
//   DIR/shred.key   written in place and synced, never renamed, in no backup
//
// Layout: docs/FORMATS.md, "Shred file". What a disk may keep nevertheless:
// docs/THREAT_MODEL.md, "Not promised".

#ifndef COMMONWAGE_STORAGE_SHRED_FILE_H_
#define COMMONWAGE_STORAGE_SHRED_FILE_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/fixed_bytes.h"
#include "base/random_source.h"
#include "crypto/secret.h"

namespace commonwage::storage {

// Its name in the directory of a store.
inline constexpr absl::string_view kShredFileName = "shred.key";

using ShredEntryId = FixedBytes<16, struct ShredEntryIdTag>;

// Which entry, and where it lies. Public: it is kept beside what is wrapped
// under the entry. A place that is used again gets another ID.
struct ShredEntryName {
  uint32_t slot = 0;
  ShredEntryId id;
};

struct ShredEntry {
  ShredEntryName name;
  crypto::Secret<32> secret;
};

// The file of one store. Makes nothing before its first entry. Several
// processes and threads may use it at once: those that write wait for each
// other. Copyable.
class ShredFile {
 public:
  explicit ShredFile(std::filesystem::path path) : path_(std::move(path)) {}

  // Fills a free entry and returns it once it is on the disk: only then may
  // anything be wrapped under it. Makes the file, of mode 0600, if there is
  // none, finishes one that was left half made, and lets a full one grow where
  // it is. An entry that is filled and never used costs its place, no more.
  // Draws 48 bytes, and those that the file grows by.
  //
  // Fails with DATA_LOSS (SHRED_FILE_UNKNOWN) if the file is of a version that
  // this program does not know; as FileFailure says; as Destroy, if the
  // disk does not keep it.
  // Reveals: the entry.
  absl::StatusOr<ShredEntry> Fill(RandomSource& random) const;

  // Returns the secret of an entry, or nullopt if it was destroyed, which is
  // also what an entry looks like that was torn, and every entry in another
  // store's file.
  //
  // Fails with FAILED_PRECONDITION (SHRED_FILE_MISSING) if there is no file, as
  // after a restore from a backup; as Fill.
  // Reveals: the secret.
  [[nodiscard]] absl::StatusOr<std::optional<crypto::Secret<32>>> Find(
      const ShredEntryName& name) const;

  // Overwrites the entry with random bytes, syncs, and reads them back from the
  // disk. Leaves alone an entry of another ID that lies there by now. Not an
  // error if there is nothing: erasing is repeated until it holds. Draws 64
  // bytes.
  //
  // Fails with UNAVAILABLE (ERASURE_FAILED) if the disk does not keep what was
  // written; as Fill.
  absl::Status Destroy(const ShredEntryName& name, RandomSource& random) const;

 private:
  std::filesystem::path path_;
};

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_SHRED_FILE_H_
