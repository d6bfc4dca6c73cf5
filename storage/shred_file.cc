// SPDX-License-Identifier: Apache-2.0
#include "storage/shred_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <string>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

#include "base/bytes.h"
#include "base/error.h"
#include "base/file/descriptor.h"
#include "base/file/file_failure.h"
#include "base/file/file_lock.h"
#include "base/file/kept_file.h"
#include "base/status_macros.h"
#include "crypto/derive.h"

namespace commonwage::storage {
namespace {

using crypto::SecretBytes;

constexpr absl::string_view kEntryLabel = "commonwage/v1/shred-entry";

constexpr absl::string_view kMagic = "CWSK";
constexpr uint8_t kFormatVersion = 1;

// An entry lies in one sector, so that a disk has the old one or the new one.
constexpr size_t kSlotSize = 64;
constexpr size_t kBlockSize = 4096;
// Large enough that no file system keeps it in an inode, which it journals.
constexpr size_t kFirstSize = 4 * kBlockSize;

constexpr size_t kSecretSize = crypto::Secret<32>::kSize;
constexpr size_t kCheckSize = kSlotSize - ShredEntryId::kSize - kSecretSize;

NamedFile Named(const std::filesystem::path& path) {
  return {path.string(), "store's shred.key"};
}

// Returns what the system's last error means. Call it at once.
absl::Status LastError() {
  return FileFailure("store's shred.key", "read or written", errno);
}

absl::Status Missing() {
  return Refusal(
      Reason::kShredFileMissing,
      "The store's shred.key is missing, as after a restore from a backup: "
      "what its entries opened, such as a round that is not published, cannot "
      "be opened again. Put the file back if it still exists.");
}

absl::Status NotKept() {
  return Refusal(Reason::kErasureFailed,
                 "The disk did not keep what was written into the store's "
                 "shred.key. Try again; a key to be destroyed may still be on "
                 "the disk until this succeeds.");
}

// An open file, closed when it goes.
class InPlaceFile {
 public:
  InPlaceFile(const std::filesystem::path& path, int flags)
      : file_(open(path.c_str(), flags | O_CLOEXEC)) {}

  [[nodiscard]] bool ok() const { return file_.ok(); }

  [[nodiscard]] absl::StatusOr<size_t> Size() const {
    struct stat about {};
    return fstat(file_.get(), &about) == 0
               ? absl::StatusOr<size_t>(static_cast<size_t>(about.st_size))
               : LastError();
  }

  // Returns as many of the `size` bytes at `at` as there are.
  [[nodiscard]] absl::StatusOr<SecretBytes> Read(size_t at, size_t size) const {
    SecretBytes bytes(size);
    size_t filled = 0;
    while (filled < size) {
      const ssize_t got =
          pread(file_.get(), bytes.ExposeForWriting().data() + filled,
                size - filled, static_cast<off_t>(at + filled));
      if (got < 0 && errno == EINTR) {
        continue;
      }
      if (got < 0) {
        return LastError();
      }
      if (got == 0) {
        return SecretBytes::From(bytes.ExposeText().substr(0, filled));
      }
      filled += static_cast<size_t>(got);
    }
    return bytes;
  }

  // Writes the bytes at `at`, syncs, and reads them back from the disk.
  [[nodiscard]] absl::Status Write(size_t at, const SecretBytes& bytes) const {
    absl::string_view rest = bytes.ExposeText();
    size_t to = at;
    while (!rest.empty()) {
      const ssize_t written =
          pwrite(file_.get(), rest.data(), rest.size(), static_cast<off_t>(to));
      if (written < 0 && errno == EINTR) {
        continue;
      }
      if (written < 0) {
        return LastError();
      }
      rest.remove_prefix(static_cast<size_t>(written));
      to += static_cast<size_t>(written);
    }
    if (fsync(file_.get()) != 0) {
      return LastError();
    }
    // Otherwise the system would answer from its memory.
    posix_fadvise(file_.get(), static_cast<off_t>(at),
                  static_cast<off_t>(bytes.size()), POSIX_FADV_DONTNEED);
    COMMONWAGE_ASSIGN_OR_RETURN(const SecretBytes kept, Read(at, bytes.size()));
    return kept.Equals(bytes) ? absl::OkStatus() : NotKept();
  }

 private:
  Descriptor file_;
};

SecretBytes RandomBytes(size_t size, RandomSource& random) {
  SecretBytes bytes(size);
  random.Fill(bytes.ExposeForWriting());
  return bytes;
}

// The third part of an entry, which tells it from random bytes.
crypto::Digest CheckOf(const ShredEntryName& name,
                       const crypto::Secret<32>& secret) {
  std::string place;
  AppendUint32(place, name.slot);
  absl::StrAppend(&place, name.id.view());
  return crypto::KeyedDigest(secret, kEntryLabel, place);
}

// Returns the entry that `bytes` are if they lie at `slot`, or nullopt if they
// are none: never filled, destroyed, torn or cut off.
std::optional<ShredEntry> ParseEntry(uint32_t slot, absl::string_view bytes) {
  if (bytes.size() != kSlotSize) {
    return std::nullopt;
  }
  ShredEntry entry{
      {slot, *ShredEntryId::From(bytes.substr(0, ShredEntryId::kSize))},
      *crypto::Secret<32>::From(
          bytes.substr(ShredEntryId::kSize, kSecretSize))};
  const crypto::Digest check = CheckOf(entry.name, entry.secret);
  if (bytes.substr(kSlotSize - kCheckSize) !=
      check.view().substr(0, kCheckSize)) {
    return std::nullopt;
  }
  return entry;
}

SecretBytes WriteEntry(const ShredEntry& entry) {
  SecretBytes bytes(kSlotSize);
  const absl::Span<uint8_t> out = bytes.ExposeForWriting();
  const crypto::Digest check = CheckOf(entry.name, entry.secret);
  std::copy_n(entry.name.id.data(), ShredEntryId::kSize, out.begin());
  std::copy_n(entry.secret.Expose().begin(), kSecretSize,
              out.begin() + ShredEntryId::kSize);
  std::copy_n(check.data(), kCheckSize, out.end() - kCheckSize);
  return bytes;
}

std::string Header() {
  std::string header(kMagic);
  header.push_back(static_cast<char>(kFormatVersion));
  header.resize(kSlotSize, '\0');
  return header;
}

// Whether the file has its header.
absl::StatusOr<bool> HasHeader(const InPlaceFile& file) {
  COMMONWAGE_ASSIGN_OR_RETURN(const SecretBytes header,
                              file.Read(0, kSlotSize));
  if (header.ExposeText() == Header()) {
    return true;
  }
  if (header.ExposeText().substr(0, kMagic.size()) == kMagic) {
    return Refusal(Reason::kShredFileUnknown,
                   "The store's shred.key is of another version, or damaged; "
                   "use the program that made it.");
  }
  return false;
}

// Makes of an empty file, or of one whose making or growing was cut short, a
// whole one. Touches no entry.
absl::Status Complete(const InPlaceFile& file, RandomSource& random) {
  COMMONWAGE_ASSIGN_OR_RETURN(const size_t size, file.Size());
  COMMONWAGE_ASSIGN_OR_RETURN(const bool headed, HasHeader(file));
  const size_t whole =
      std::max(kFirstSize, (size + kBlockSize - 1) / kBlockSize * kBlockSize);
  SecretBytes rest = RandomBytes(whole - size, random);
  const std::string header = size == 0 ? Header() : "";
  std::copy(header.begin(), header.end(), rest.ExposeForWriting().begin());
  COMMONWAGE_RETURN_IF_ERROR(size < whole ? file.Write(size, rest)
                                          : absl::OkStatus());
  return headed || size == 0 ? absl::OkStatus()
                             : file.Write(0, SecretBytes::From(Header()));
}

// Returns the first slot without an entry; the one after the end if all have.
absl::StatusOr<uint32_t> FindFreeSlot(const InPlaceFile& file) {
  COMMONWAGE_ASSIGN_OR_RETURN(const size_t size, file.Size());
  COMMONWAGE_ASSIGN_OR_RETURN(const SecretBytes bytes, file.Read(0, size));
  const uint32_t slots = static_cast<uint32_t>(bytes.size() / kSlotSize);
  for (uint32_t slot = 1; slot < slots; ++slot) {
    const absl::string_view entry =
        bytes.ExposeText().substr(slot * kSlotSize, kSlotSize);
    if (!ParseEntry(slot, entry).has_value()) {
      return slot;
    }
  }
  return slots;
}

}  // namespace

absl::StatusOr<ShredEntry> ShredFile::Fill(RandomSource& random) const {
  // The file stays the same one for ever, so it is its own lock. This makes it.
  COMMONWAGE_ASSIGN_OR_RETURN(const FileLock lock,
                              FileLock::Acquire(Named(path_)));
  const InPlaceFile file(path_, O_RDWR);
  if (!file.ok()) {
    return LastError();
  }
  COMMONWAGE_RETURN_IF_ERROR(Complete(file, random));
  COMMONWAGE_ASSIGN_OR_RETURN(const uint32_t slot, FindFreeSlot(file));
  COMMONWAGE_ASSIGN_OR_RETURN(const size_t size, file.Size());
  COMMONWAGE_RETURN_IF_ERROR(
      slot * kSlotSize < size
          ? absl::OkStatus()
          : file.Write(size, RandomBytes(kBlockSize, random)));
  ShredEntry entry{{slot, ShredEntryId()}, crypto::Secret<32>::Random(random)};
  random.Fill(absl::MakeSpan(entry.name.id.data(), ShredEntryId::kSize));
  COMMONWAGE_RETURN_IF_ERROR(file.Write(slot * kSlotSize, WriteEntry(entry)));
  // Each time: who made the file may have died before this.
  COMMONWAGE_RETURN_IF_ERROR(SyncDirectoryOf(Named(path_)));
  return entry;
}

absl::StatusOr<std::optional<crypto::Secret<32>>> ShredFile::Find(
    const ShredEntryName& name) const {
  const InPlaceFile file(path_, O_RDONLY);
  if (!file.ok()) {
    return errno == ENOENT ? Missing() : LastError();
  }
  COMMONWAGE_RETURN_IF_ERROR(HasHeader(file).status());
  COMMONWAGE_ASSIGN_OR_RETURN(
      const SecretBytes bytes,
      file.Read(size_t{name.slot} * kSlotSize, kSlotSize));
  std::optional<ShredEntry> entry = ParseEntry(name.slot, bytes.ExposeText());
  if (!entry.has_value() || entry->name.id != name.id) {
    return std::nullopt;
  }
  return std::move(entry->secret);
}

absl::Status ShredFile::Destroy(const ShredEntryName& name,
                                RandomSource& random) const {
  std::error_code failed;
  if (!std::filesystem::exists(path_, failed) && !failed) {
    return absl::OkStatus();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const FileLock lock,
                              FileLock::Acquire(Named(path_)));
  const InPlaceFile file(path_, O_RDWR);
  if (!file.ok()) {
    return LastError();
  }
  COMMONWAGE_RETURN_IF_ERROR(HasHeader(file).status());
  const size_t at = size_t{name.slot} * kSlotSize;
  COMMONWAGE_ASSIGN_OR_RETURN(const SecretBytes bytes,
                              file.Read(at, kSlotSize));
  const std::optional<ShredEntry> entry =
      ParseEntry(name.slot, bytes.ExposeText());
  const bool is_another = entry.has_value() && entry->name.id != name.id;
  if (name.slot == 0 || bytes.size() != kSlotSize || is_another) {
    return absl::OkStatus();
  }
  return file.Write(at, RandomBytes(kSlotSize, random));
}

}  // namespace commonwage::storage
