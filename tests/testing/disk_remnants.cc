// SPDX-License-Identifier: Apache-2.0
#include "tests/testing/disk_remnants.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <openssl/evp.h>

#include "base/bytes.h"
#include "base/check.h"
#include "crypto/derive.h"
#include "crypto/wrap.h"

namespace commonwage::testing {
namespace {

constexpr size_t kAesBlockSize = 16;
constexpr size_t kBlockSize =
    4096;  // Of the file system, as LoopDisk makes it.
constexpr size_t kSlotSize = 64;
constexpr size_t kIdSize = 16;
constexpr size_t kKeySize = 32;
constexpr size_t kCheckSize = 16;
// Blocks that the shred file of a test has.
constexpr uint32_t kShredBlocks = 4;
constexpr absl::string_view kKeyringHead("CWKR\x02", 5);
constexpr char kDestroyable = 2;

const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// All of `device` from `offset` on as one message of AES-256-CBC. Pages are
// encrypted so, each by itself: in this mode a block needs but the one before
// it, so every page is read wherever it lies, all but its first 16 bytes.
std::string DecryptEverywhere(absl::string_view device, size_t offset,
                              const crypto::Secret<32>& key) {
  const absl::string_view sealed = device.substr(
      offset, (device.size() - offset) / kAesBlockSize * kAesBlockSize);
  const std::string no_iv(kAesBlockSize, '\0');
  std::string plain(sealed.size() + kAesBlockSize, '\0');
  int length = 0;
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  COMMONWAGE_CHECK(context != nullptr);
  COMMONWAGE_CHECK(EVP_DecryptInit_ex(context, EVP_aes_256_cbc(), nullptr,
                                      key.Expose().data(), Bytes(no_iv)) == 1);
  EVP_CIPHER_CTX_set_padding(context, 0);
  COMMONWAGE_CHECK(
      EVP_DecryptUpdate(context, reinterpret_cast<unsigned char*>(plain.data()),
                        &length, Bytes(sealed),
                        static_cast<int>(sealed.size())) == 1);
  EVP_CIPHER_CTX_free(context);
  plain.resize(static_cast<size_t>(length));
  return plain;
}

// Reads kind, names and version of an entry of a keyring.
std::optional<absl::string_view> ReadHead(ByteReader& reader) {
  const absl::string_view before = reader.rest();
  reader.ReadUint8();
  const auto purpose = reader.ReadBytes(reader.ReadUint8().value_or(0));
  const auto id = reader.ReadBytes(reader.ReadUint8().value_or(0));
  const auto version = reader.ReadUint32();
  return purpose.has_value() && id.has_value() && version.has_value()
             ? std::optional(
                   before.substr(0, before.size() - reader.rest().size()))
             : std::nullopt;
}

// Reads an entry of a keyring, and returns what is in it under the KEK.
std::optional<std::string> ReadEntry(ByteReader& reader,
                                     const crypto::Secret<32>& kek,
                                     std::vector<std::string>& uses) {
  const auto head = ReadHead(reader);
  if (!head.has_value()) {
    return std::nullopt;
  }
  const size_t inside =
      head->front() == kDestroyable
          ? sizeof(uint32_t) + kIdSize + kKeySize + crypto::kWrapOverhead
          : kKeySize;
  const auto wrapped = reader.ReadBytes(inside + crypto::kWrapOverhead);
  const auto opened =
      crypto::Unwrap(kek, absl::StrCat("commonwage/v1/keyring-entry", *head),
                     wrapped.value_or(""));
  if (!opened.ok()) {
    return std::nullopt;
  }
  // What is wrapped is for the names, without the kind before them.
  uses.push_back(std::string(head->substr(1)));
  return std::string(opened->ExposeText());
}

// Appends what is under the KEK in the keyring whose entries begin at `reader`,
// as far as they go on.
void AppendKeyringParts(ByteReader reader, const crypto::Secret<32>& kek,
                        std::string& parts, std::vector<std::string>& uses) {
  for (auto part = ReadEntry(reader, kek, uses); part.has_value();
       part = ReadEntry(reader, kek, uses)) {
    absl::StrAppend(&parts, *part);
  }
}

std::string KeyringParts(absl::string_view device, const FindersKeys& keys,
                         std::vector<std::string>& uses) {
  std::string parts;
  for (size_t at = device.find(kKeyringHead); at != absl::string_view::npos;
       at = device.find(kKeyringHead, at + 1)) {
    ByteReader reader(device.substr(at + kKeyringHead.size()));
    // The check of the KEK, and how many entries there are.
    if (!reader.ReadBytes(crypto::kWrapOverhead).has_value() ||
        !reader.ReadUint32().has_value()) {
      continue;
    }
    for (const crypto::Secret<32>& kek : keys.keks) {
      AppendKeyringParts(reader, kek, parts, uses);
    }
  }
  return parts;
}

struct Entry {
  std::string name;
  std::string secret;
};

bool IsCheck(absl::string_view slot, const std::string& name,
             crypto::Secret<32>& secret) {
  const absl::string_view bytes = slot.substr(kIdSize, kKeySize);
  std::copy(bytes.begin(), bytes.end(), secret.ExposeForWriting().begin());
  return crypto::KeyedDigest(secret, "commonwage/v1/shred-entry", name)
             .view()
             .substr(0, kCheckSize) == slot.substr(kSlotSize - kCheckSize);
}

// Adds what lies at `at` if it is an entry of any slot that can lie there.
void AddIfEntry(absl::string_view device, size_t at, crypto::Secret<32>& secret,
                std::vector<Entry>& entries) {
  const absl::string_view slot = device.substr(at, kSlotSize);
  for (uint32_t block = 0; block < kShredBlocks; ++block) {
    std::string name;
    AppendUint32(name, static_cast<uint32_t>((at % kBlockSize) / kSlotSize +
                                             block * kBlockSize / kSlotSize));
    absl::StrAppend(&name, slot.substr(0, kIdSize));
    if (IsCheck(slot, name, secret)) {
      entries.push_back({name, std::string(secret.ExposeText())});
    }
  }
}

// Every entry that is whole, in whatever block it lies.
std::vector<Entry> LiveEntries(absl::string_view device) {
  std::vector<Entry> entries;
  const std::string zeros(kCheckSize, '\0');
  crypto::Secret<32> secret;
  for (size_t at = 0; at + kSlotSize <= device.size(); at += kSlotSize) {
    if (device.substr(at, kCheckSize) != zeros) {
      AddIfEntry(device, at, secret, entries);
    }
  }
  return entries;
}

// Adds the key that `wrapped` holds under `entry`, if it is for one of `uses`.
void AddIfOpened(const Entry& entry, absl::string_view wrapped,
                 const std::vector<std::string>& uses,
                 std::set<std::string>& opened) {
  const auto secret = crypto::Secret<32>::From(entry.secret);
  for (const std::string& use : uses) {
    const auto key = crypto::Unwrap(
        *secret, absl::StrCat("commonwage/v1/destroyable-key", entry.name, use),
        wrapped);
    if (key.ok()) {
      opened.insert(std::string(key->ExposeText()));
    }
  }
}

// Opens what is wrapped under `entry` anywhere in `form`.
void OpenUnder(const Entry& entry, absl::string_view form,
               const std::vector<std::string>& uses,
               std::set<std::string>& opened) {
  for (size_t at = form.find(entry.name); at != absl::string_view::npos;
       at = form.find(entry.name, at + 1)) {
    AddIfOpened(
        entry,
        form.substr(at + entry.name.size(), kKeySize + crypto::kWrapOverhead),
        uses, opened);
  }
}

}  // namespace

std::vector<std::string> ReadableForms(const std::string& device,
                                       const FindersKeys& keys) {
  std::vector<std::string> forms = {device};
  std::vector<std::string> ignored;
  forms.push_back(KeyringParts(device, keys, ignored));
  for (const crypto::Secret<32>& key : keys.database_keys) {
    // A page of a log begins at any multiple of eight.
    for (const size_t offset : {size_t{0}, size_t{8}}) {
      forms.push_back(DecryptEverywhere(device, offset, key));
    }
  }
  return forms;
}

std::set<std::string> OpenDestroyableKeys(const std::string& device,
                                          const std::vector<std::string>& forms,
                                          const FindersKeys& keys) {
  std::vector<std::string> uses = keys.uses;
  KeyringParts(device, keys, uses);
  std::sort(uses.begin(), uses.end());
  uses.erase(std::unique(uses.begin(), uses.end()), uses.end());
  std::set<std::string> opened;
  for (const Entry& entry : LiveEntries(device)) {
    for (const std::string& form : forms) {
      OpenUnder(entry, form, uses, opened);
    }
  }
  return opened;
}

}  // namespace commonwage::testing
