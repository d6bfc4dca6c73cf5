// SPDX-License-Identifier: Apache-2.0
#include "base/file/file_access.h"

#include <endian.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace commonwage {
namespace {

// The kernel's form of an access list: a version, then entries, little-endian.
constexpr uint32_t kListVersion = 2;
constexpr size_t kHeaderSize = 4;
constexpr size_t kEntrySize = 8;
constexpr size_t kMaxEntries = 64;
constexpr uint16_t kNamedUser = 0x02;
constexpr uint16_t kOwningGroup = 0x04;
constexpr uint16_t kNamedGroup = 0x08;

uint16_t ReadUint16(const uint8_t* bytes) {
  uint16_t value = 0;
  std::memcpy(&value, bytes, sizeof value);
  return le16toh(value);
}

uint32_t ReadUint32(const uint8_t* bytes) {
  uint32_t value = 0;
  std::memcpy(&value, bytes, sizeof value);
  return le32toh(value);
}

// Whether the entry lets in nobody but the owner and this account.
bool EntryIsPrivate(const uint8_t* entry) {
  const uint16_t kind = ReadUint16(entry);
  const uint16_t permissions = ReadUint16(entry + 2);
  if (permissions == 0) {
    return true;
  }
  if (kind == kNamedUser) {
    return ReadUint32(entry + 4) == geteuid();
  }
  return kind != kOwningGroup && kind != kNamedGroup;
}

// systemd hands over a credential as a file of root's with an access list that
// names the service's account. What looks like the group's permission in the
// file's mode is then only the upper bound of the list.
bool ListIsPrivate(int descriptor) {
  std::array<uint8_t, kHeaderSize + kMaxEntries * kEntrySize> list{};
  const ssize_t size = fgetxattr(descriptor, "system.posix_acl_access",
                                 list.data(), list.size());
  if (size < static_cast<ssize_t>(kHeaderSize) ||
      ReadUint32(list.data()) != kListVersion) {
    return false;
  }
  for (size_t at = kHeaderSize; at + kEntrySize <= static_cast<size_t>(size);
       at += kEntrySize) {
    if (!EntryIsPrivate(list.data() + at)) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool IsPrivate(int descriptor) {
  struct stat status {};
  if (fstat(descriptor, &status) != 0 || (status.st_mode & S_IRWXO) != 0) {
    return false;
  }
  return (status.st_mode & S_IRWXG) == 0 || ListIsPrivate(descriptor);
}

bool IsOfThisAccount(int descriptor) {
  struct stat status {};
  return fstat(descriptor, &status) == 0 &&
         (status.st_uid == geteuid() || status.st_uid == 0);
}

}  // namespace commonwage
