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
#include "base/file/file_lock.h"
#include "base/file/input_file.h"
#include "base/file/kept_file.h"
#include "base/status_macros.h"
#include "crypto/wrap.h"
#include "storage/destroyable_key.h"

namespace commonwage::storage {
namespace {

// What each wrapped part is, in its associated data.
constexpr absl::string_view kKekLabel = "commonwage/v1/keyring-kek";
constexpr absl::string_view kEntryLabel = "commonwage/v1/keyring-entry";
constexpr absl::string_view kSealLabel = "commonwage/v1/keyring-seal";

constexpr absl::string_view kMagic = "CWKR";
constexpr uint8_t kFormatVersion = 2;
constexpr uint32_t kKeyVersion = 1;
constexpr size_t kMaxFileSize = size_t{16} << 20U;
constexpr size_t kMaxNameSize = std::numeric_limits<uint8_t>::max();

// As in the file.
constexpr uint8_t kKept = 1;
constexpr uint8_t kDestroyable = 2;

struct Entry {
  uint8_t kind = kKept;
  std::string purpose;
  std::string id;
  std::string wrapped;  // Under the KEK: the key, or its destroyable form.
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

// Everything of an entry that stands in the file before what is wrapped.
std::string HeadOf(const Entry& entry) {
  std::string head(1, static_cast<char>(entry.kind));
  absl::StrAppend(&head, NameOf(entry.purpose, entry.id));
  return head;
}

std::string EntryAad(const Entry& entry) {
  return absl::StrCat(kEntryLabel, HeadOf(entry));
}

// How long what is wrapped is, of each kind.
size_t WrappedSizeOf(uint8_t kind) {
  return crypto::kWrapOverhead + (kind == kDestroyable
                                      ? kDestroyableKeySize
                                      : crypto::Secret<32>::kSize);
}

NamedFile Named(const std::filesystem::path& path) {
  return {path.string(), "keyring"};
}

absl::Status Damaged() {
  return Refusal(Reason::kKeyringDamaged,
                 "The keyring is damaged; restore it from a backup.");
}

absl::Status KekWrong() {
  return Refusal(Reason::kKekWrong,
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
    absl::StrAppend(&bytes, HeadOf(entry), entry.wrapped);
  }
  absl::StrAppend(
      &bytes, crypto::Wrap(kek, absl::StrCat(kSealLabel, bytes), "", random));
  return ReplaceFile(Named(path), bytes);
}

std::optional<Entry> ReadEntry(ByteReader& reader) {
  Entry entry;
  entry.kind = reader.ReadUint8().value_or(0);
  if (entry.kind != kKept && entry.kind != kDestroyable) {
    return std::nullopt;
  }
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
      reader.ReadBytes(WrappedSizeOf(entry.kind));
  if (version != kKeyVersion || !wrapped.has_value()) {
    return std::nullopt;
  }
  entry.wrapped = std::string(*wrapped);
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
  const absl::StatusOr<std::string> bytes = ReadFile(Named(path), kMaxFileSize);
  if (ReasonOf(bytes.status()) == Reason::kFileTooLarge) {
    return Damaged();
  }
  if (absl::IsNotFound(bytes.status())) {
    return Refusal(Reason::kKeyringMissing,
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

// Returns what the KEK wraps: the key, or its destroyable form.
absl::StatusOr<crypto::SecretBytes> UnwrapEntry(const Entry& entry,
                                                const crypto::Secret<32>& kek) {
  absl::StatusOr<crypto::SecretBytes> inside =
      crypto::Unwrap(kek, EntryAad(entry), entry.wrapped);
  return inside.ok() ? std::move(inside) : Damaged();
}

// Returns the key, or nullopt if it was destroyed.
absl::StatusOr<std::optional<crypto::Secret<32>>> KeyOf(
    const Entry& entry, const crypto::Secret<32>& kek,
    const ShredFile& shred_file) {
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::SecretBytes inside,
                              UnwrapEntry(entry, kek));
  if (entry.kind == kKept) {
    return crypto::Secret<32>::From(inside);
  }
  return UnwrapDestroyable(shred_file, NameOf(entry.purpose, entry.id),
                           inside.ExposeText());
}

auto IsNamed(absl::string_view purpose, absl::string_view id) {
  return [purpose, id](const Entry& entry) {
    return entry.purpose == purpose && entry.id == id;
  };
}

}  // namespace

absl::StatusOr<FileLock> Keyring::Lock() const {
  // The keyring itself is replaced at each change, so it cannot be the lock.
  return FileLock::Acquire({path_.string() + ".lock", "keyring's lock"});
}

absl::StatusOr<Keyring> Keyring::Create(const DataDirectory& directory,
                                        const crypto::Secret<32>& kek,
                                        RandomSource& random) {
  Keyring keyring(directory, kek.Clone());
  COMMONWAGE_ASSIGN_OR_RETURN(const FileLock lock, keyring.Lock());
  const absl::Status missing =
      ReadFile(Named(keyring.path_), kMaxFileSize).status();
  if (!absl::IsNotFound(missing)) {
    return Refusal(Reason::kKeyringExists,
                   "The data directory has a keyring already.");
  }
  COMMONWAGE_RETURN_IF_ERROR(WriteEntries(keyring.path_, {}, kek, random));
  return keyring;
}

absl::StatusOr<Keyring> Keyring::Open(const DataDirectory& directory,
                                      const crypto::Secret<32>& kek) {
  Keyring keyring(directory, kek.Clone());
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
  return KeyOf(*found, kek_, shred_file_);
}

absl::StatusOr<crypto::Secret<32>> Keyring::Get(absl::string_view purpose,
                                                absl::string_view id) const {
  COMMONWAGE_ASSIGN_OR_RETURN(std::optional<crypto::Secret<32>> key,
                              Find(purpose, id));
  if (!key.has_value()) {
    return Refusal(Reason::kKeyMissing,
                   "The keyring has no such key: it was destroyed, or the "
                   "keyring belongs to another data directory.");
  }
  return *std::move(key);
}

absl::StatusOr<crypto::Secret<32>> Keyring::Create(absl::string_view purpose,
                                                   absl::string_view id,
                                                   RandomSource& random) {
  return Add(kKept, purpose, id, random);
}

absl::StatusOr<crypto::Secret<32>> Keyring::CreateDestroyable(
    absl::string_view purpose, absl::string_view id, RandomSource& random) {
  return Add(kDestroyable, purpose, id, random);
}

absl::StatusOr<crypto::Secret<32>> Keyring::Add(uint8_t kind,
                                                absl::string_view purpose,
                                                absl::string_view id,
                                                RandomSource& random) {
  if (purpose.empty() || purpose.size() > kMaxNameSize || id.empty() ||
      id.size() > kMaxNameSize) {
    return Refusal(Reason::kKeyNameMalformed,
                   "A key's purpose and name have 1 to 255 bytes each.");
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const FileLock lock, Lock());
  COMMONWAGE_ASSIGN_OR_RETURN(std::vector<Entry> entries,
                              ReadEntries(path_, kek_));
  if (std::any_of(entries.begin(), entries.end(), IsNamed(purpose, id))) {
    return Refusal(Reason::kKeyExists,
                   "The keyring has a key of this name already.");
  }
  crypto::Secret<32> key = crypto::Secret<32>::Random(random);
  Entry entry{kind, std::string(purpose), std::string(id), ""};
  std::string destroyable;
  if (kind == kDestroyable) {
    COMMONWAGE_ASSIGN_OR_RETURN(
        destroyable,
        WrapDestroyable(shred_file_, NameOf(purpose, id), key, random));
  }
  entry.wrapped = crypto::Wrap(
      kek_, EntryAad(entry),
      kind == kDestroyable ? absl::string_view(destroyable) : key.ExposeText(),
      random);
  entries.push_back(std::move(entry));
  COMMONWAGE_RETURN_IF_ERROR(WriteEntries(path_, entries, kek_, random));
  return key;
}

absl::Status Keyring::Destroy(absl::string_view purpose, absl::string_view id,
                              RandomSource& random) {
  COMMONWAGE_ASSIGN_OR_RETURN(const FileLock lock, Lock());
  COMMONWAGE_ASSIGN_OR_RETURN(std::vector<Entry> entries,
                              ReadEntries(path_, kek_));
  const auto found =
      std::find_if(entries.begin(), entries.end(), IsNamed(purpose, id));
  if (found == entries.end()) {
    return absl::OkStatus();
  }
  if (found->kind != kDestroyable) {
    return Refusal(Reason::kKeyKept,
                   "This key is one that is kept for ever; removing it would "
                   "not destroy it.");
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::SecretBytes destroyable,
                              UnwrapEntry(*found, kek_));
  // While the keyring still says which entry it is.
  COMMONWAGE_RETURN_IF_ERROR(
      DestroyKey(shred_file_, destroyable.ExposeText(), random));
  entries.erase(found);
  return WriteEntries(path_, entries, kek_, random);
}

absl::Status Keyring::Rotate(const crypto::Secret<32>& new_kek,
                             RandomSource& random) {
  COMMONWAGE_ASSIGN_OR_RETURN(const FileLock lock, Lock());
  COMMONWAGE_ASSIGN_OR_RETURN(std::vector<Entry> entries,
                              ReadEntries(path_, kek_));
  for (Entry& entry : entries) {
    COMMONWAGE_ASSIGN_OR_RETURN(const crypto::SecretBytes inside,
                                UnwrapEntry(entry, kek_));
    entry.wrapped =
        crypto::Wrap(new_kek, EntryAad(entry), inside.ExposeText(), random);
  }
  COMMONWAGE_RETURN_IF_ERROR(WriteEntries(path_, entries, new_kek, random));
  kek_ = new_kek.Clone();
  return absl::OkStatus();
}

}  // namespace commonwage::storage
