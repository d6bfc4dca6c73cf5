// SPDX-License-Identifier: Apache-2.0
#include "storage/keyring.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "base/bytes.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "crypto/wrap.h"

namespace commonwage::storage {
namespace {

using absl::StatusCode;

// What each wrapped part is, in its associated data.
constexpr absl::string_view kKekLabel = "commonwage/v1/keyring-kek";
constexpr absl::string_view kEntryLabel = "commonwage/v1/keyring-entry";
constexpr absl::string_view kSealLabel = "commonwage/v1/keyring-seal";

constexpr absl::string_view kMagic = "CWKR";
constexpr uint8_t kFormatVersion = 1;
constexpr uint32_t kKeyVersion = 1;
constexpr size_t kMaxFileSize = size_t{16} << 20U;
constexpr size_t kMaxNameSize = std::numeric_limits<uint8_t>::max();
constexpr size_t kWrappedKeySize =
    crypto::Secret<32>::kSize + crypto::kWrapOverhead;

struct Entry {
  std::string purpose;
  std::string id;
  std::string wrapped_key;
};

void AppendName(std::string& out, absl::string_view name) {
  out.push_back(static_cast<char>(name.size()));
  absl::StrAppend(&out, name);
}

// Purpose, id and version, as they stand in the file.
std::string NameOf(absl::string_view purpose, absl::string_view id) {
  std::string name;
  AppendName(name, purpose);
  AppendName(name, id);
  AppendUint32(name, kKeyVersion);
  return name;
}

std::string EntryAad(absl::string_view purpose, absl::string_view id) {
  return absl::StrCat(kEntryLabel, NameOf(purpose, id));
}

absl::Status Damaged() {
  return Refusal(StatusCode::kDataLoss, "KEYRING_DAMAGED",
                 "The keyring is damaged; restore it from a backup.");
}

absl::Status KekWrong() {
  return Refusal(StatusCode::kFailedPrecondition, "KEK_WRONG",
                 "The keyring does not open with this key-encryption key; "
                 "check that key file and data directory belong together.");
}

absl::Status WriteEntries(const std::filesystem::path& path,
                          const std::vector<Entry>& entries,
                          const crypto::Secret<32>& kek, RandomSource& random) {
  std::string bytes(kMagic);
  bytes.push_back(static_cast<char>(kFormatVersion));
  absl::StrAppend(&bytes, crypto::Wrap(kek, kKekLabel, "", random));
  AppendUint32(bytes, static_cast<uint32_t>(entries.size()));
  for (const Entry& entry : entries) {
    absl::StrAppend(&bytes, NameOf(entry.purpose, entry.id), entry.wrapped_key);
  }
  absl::StrAppend(
      &bytes, crypto::Wrap(kek, absl::StrCat(kSealLabel, bytes), "", random));
  return ReplaceFile(path, bytes);
}

std::optional<Entry> ReadEntry(ByteReader& reader) {
  Entry entry;
  for (std::string* name : {&entry.purpose, &entry.id}) {
    const std::optional<uint8_t> size = reader.ReadUint8();
    const std::optional<absl::string_view> text =
        size.has_value() ? reader.ReadBytes(*size) : std::nullopt;
    if (!text.has_value()) {
      return std::nullopt;
    }
    *name = std::string(*text);
  }
  const std::optional<uint32_t> version = reader.ReadUint32();
  const std::optional<absl::string_view> wrapped =
      reader.ReadBytes(kWrappedKeySize);
  if (version != kKeyVersion || !wrapped.has_value()) {
    return std::nullopt;
  }
  entry.wrapped_key = std::string(*wrapped);
  return entry;
}

// Reads the entries of `bytes` after their head.
absl::StatusOr<std::vector<Entry>> ReadBody(absl::string_view bytes,
                                            ByteReader reader,
                                            const crypto::Secret<32>& kek) {
  const std::optional<uint32_t> count = reader.ReadUint32();
  std::vector<Entry> entries;
  for (uint32_t i = 0; i < count.value_or(0); ++i) {
    std::optional<Entry> entry = ReadEntry(reader);
    if (!entry.has_value()) {
      return Damaged();
    }
    entries.push_back(*std::move(entry));
  }
  const absl::string_view seal = reader.rest();
  bytes.remove_suffix(seal.size());
  if (!count.has_value() ||
      !crypto::Unwrap(kek, absl::StrCat(kSealLabel, bytes), seal).ok()) {
    return Damaged();
  }
  return entries;
}

absl::StatusOr<std::vector<Entry>> ReadEntries(
    const std::filesystem::path& path, const crypto::Secret<32>& kek) {
  const absl::StatusOr<std::string> bytes = ReadFile(path, kMaxFileSize);
  if (absl::IsNotFound(bytes.status())) {
    return Refusal(StatusCode::kNotFound, "KEYRING_MISSING",
                   "The data directory has no keyring; make one with "
                   "commonwage-admin init.");
  }
  COMMONWAGE_RETURN_IF_ERROR(bytes.status());
  ByteReader reader(*bytes);
  const std::optional<absl::string_view> magic =
      reader.ReadBytes(kMagic.size());
  const std::optional<uint8_t> version = reader.ReadUint8();
  const std::optional<absl::string_view> kek_check =
      reader.ReadBytes(crypto::kWrapOverhead);
  if (magic != kMagic || version != kFormatVersion || !kek_check.has_value()) {
    return Damaged();
  }
  if (!crypto::Unwrap(kek, kKekLabel, *kek_check).ok()) {
    return KekWrong();
  }
  return ReadBody(*bytes, reader, kek);
}

absl::StatusOr<crypto::Secret<32>> UnwrapEntry(const Entry& entry,
                                               const crypto::Secret<32>& kek) {
  const absl::StatusOr<crypto::SecretBytes> key =
      crypto::Unwrap(kek, EntryAad(entry.purpose, entry.id), entry.wrapped_key);
  std::optional<crypto::Secret<32>> sized =
      key.ok() ? crypto::Secret<32>::From(*key) : std::nullopt;
  if (!sized.has_value()) {
    return Damaged();
  }
  return *std::move(sized);
}

auto IsNamed(absl::string_view purpose, absl::string_view id) {
  return [purpose, id](const Entry& entry) {
    return entry.purpose == purpose && entry.id == id;
  };
}

}  // namespace

absl::StatusOr<FileLock> Keyring::Lock() const {
  // The keyring itself is replaced at each change, so it cannot be the lock.
  return FileLock::Acquire(path_.string() + ".lock");
}

absl::StatusOr<Keyring> Keyring::Create(const DataDirectory& directory,
                                        const crypto::Secret<32>& kek,
                                        RandomSource& random) {
  Keyring keyring(directory.keyring_path(), kek.Clone());
  COMMONWAGE_ASSIGN_OR_RETURN(const FileLock lock, keyring.Lock());
  const absl::Status missing = ReadFile(keyring.path_, kMaxFileSize).status();
  if (!absl::IsNotFound(missing)) {
    return Refusal(StatusCode::kAlreadyExists, "KEYRING_EXISTS",
                   "The data directory has a keyring already.");
  }
  COMMONWAGE_RETURN_IF_ERROR(WriteEntries(keyring.path_, {}, kek, random));
  return keyring;
}

absl::StatusOr<Keyring> Keyring::Open(const DataDirectory& directory,
                                      const crypto::Secret<32>& kek) {
  Keyring keyring(directory.keyring_path(), kek.Clone());
  COMMONWAGE_RETURN_IF_ERROR(ReadEntries(keyring.path_, kek).status());
  return keyring;
}

absl::StatusOr<std::optional<crypto::Secret<32>>> Keyring::Find(
    absl::string_view purpose, absl::string_view id) const {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::vector<Entry> entries,
                              ReadEntries(path_, kek_));
  const auto found =
      std::find_if(entries.begin(), entries.end(), IsNamed(purpose, id));
  if (found == entries.end()) {
    return std::nullopt;
  }
  return UnwrapEntry(*found, kek_);
}

absl::StatusOr<crypto::Secret<32>> Keyring::Get(absl::string_view purpose,
                                                absl::string_view id) const {
  COMMONWAGE_ASSIGN_OR_RETURN(std::optional<crypto::Secret<32>> key,
                              Find(purpose, id));
  if (!key.has_value()) {
    return Refusal(StatusCode::kNotFound, "KEY_MISSING",
                   "The keyring has no such key: it was destroyed, or the "
                   "keyring belongs to another data directory.");
  }
  return *std::move(key);
}

absl::StatusOr<crypto::Secret<32>> Keyring::Create(absl::string_view purpose,
                                                   absl::string_view id,
                                                   RandomSource& random) {
  if (purpose.empty() || purpose.size() > kMaxNameSize || id.empty() ||
      id.size() > kMaxNameSize) {
    return Refusal(StatusCode::kInvalidArgument, "KEY_NAME_MALFORMED",
                   "A key's purpose and name have 1 to 255 bytes each.");
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const FileLock lock, Lock());
  COMMONWAGE_ASSIGN_OR_RETURN(std::vector<Entry> entries,
                              ReadEntries(path_, kek_));
  if (std::any_of(entries.begin(), entries.end(), IsNamed(purpose, id))) {
    return Refusal(StatusCode::kAlreadyExists, "KEY_EXISTS",
                   "The keyring has a key of this name already.");
  }
  crypto::Secret<32> key = crypto::Secret<32>::Random(random);
  entries.push_back(
      {std::string(purpose), std::string(id),
       crypto::Wrap(kek_, EntryAad(purpose, id), key.ExposeText(), random)});
  COMMONWAGE_RETURN_IF_ERROR(WriteEntries(path_, entries, kek_, random));
  return key;
}

absl::Status Keyring::Destroy(absl::string_view purpose, absl::string_view id,
                              RandomSource& random) {
  COMMONWAGE_ASSIGN_OR_RETURN(const FileLock lock, Lock());
  COMMONWAGE_ASSIGN_OR_RETURN(std::vector<Entry> entries,
                              ReadEntries(path_, kek_));
  if (std::erase_if(entries, IsNamed(purpose, id)) == 0) {
    return absl::OkStatus();
  }
  return WriteEntries(path_, entries, kek_, random);
}

absl::Status Keyring::Rotate(const crypto::Secret<32>& new_kek,
                             RandomSource& random) {
  COMMONWAGE_ASSIGN_OR_RETURN(const FileLock lock, Lock());
  COMMONWAGE_ASSIGN_OR_RETURN(std::vector<Entry> entries,
                              ReadEntries(path_, kek_));
  for (Entry& entry : entries) {
    COMMONWAGE_ASSIGN_OR_RETURN(const crypto::Secret<32> key,
                                UnwrapEntry(entry, kek_));
    entry.wrapped_key = crypto::Wrap(new_kek, EntryAad(entry.purpose, entry.id),
                                     key.ExposeText(), random);
  }
  COMMONWAGE_RETURN_IF_ERROR(WriteEntries(path_, entries, new_kek, random));
  kek_ = new_kek.Clone();
  return absl::OkStatus();
}

}  // namespace commonwage::storage
