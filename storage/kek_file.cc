// SPDX-License-Identifier: Apache-2.0
#include "storage/kek_file.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "crypto/key_file.h"
#include "crypto/secret.h"
#include "storage/files.h"

namespace commonwage::storage {
namespace {

std::string NextPathOf(const std::string& kek_path) {
  return kek_path + ".next";
}

absl::StatusOr<Keyring> OpenWith(const DataDirectory& directory,
                                 const std::string& key_path) {
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::Secret<32> kek,
                              crypto::LoadKeyFile(key_path));
  return Keyring::Open(directory, kek);
}

// Puts the next key in the place of the old one.
absl::Status Promote(const std::string& kek_path) {
  return MoveFile(NextPathOf(kek_path), kek_path);
}

}  // namespace

absl::StatusOr<Keyring> OpenKeyring(const DataDirectory& directory,
                                    const std::string& kek_path) {
  absl::StatusOr<Keyring> keyring = OpenWith(directory, kek_path);
  if (ReasonOf(keyring.status()) != "KEK_WRONG") {
    return keyring;
  }
  absl::StatusOr<Keyring> next = OpenWith(directory, NextPathOf(kek_path));
  if (next.ok()) {
    return next;
  }
  // A replacement may have ended between the two looks.
  return OpenWith(directory, kek_path);
}

absl::Status ReplaceKek(const DataDirectory& directory,
                        const std::string& kek_path, RandomSource& random) {
  COMMONWAGE_ASSIGN_OR_RETURN(const FileLock lock,
                              FileLock::Acquire(directory.path() / "kek.lock"));
  const std::string next_path = NextPathOf(kek_path);
  COMMONWAGE_RETURN_IF_ERROR(OpenWith(directory, next_path).ok()
                                 ? Promote(kek_path)
                                 : absl::OkStatus());
  COMMONWAGE_ASSIGN_OR_RETURN(Keyring keyring, OpenWith(directory, kek_path));
  COMMONWAGE_RETURN_IF_ERROR(RemoveFile(next_path));
  COMMONWAGE_RETURN_IF_ERROR(crypto::CreateKeyFile(next_path, random));
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::Secret<32> next,
                              crypto::LoadKeyFile(next_path));
  COMMONWAGE_RETURN_IF_ERROR(keyring.Rotate(next, random));
  return Promote(kek_path);
}

}  // namespace commonwage::storage
