// SPDX-License-Identifier: Apache-2.0
#include "storage/kek_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "base/error.h"
#include "base/file/file_lock.h"
#include "base/file/kept_file.h"
#include "base/file/links.h"
#include "base/status_macros.h"
#include "crypto/key_file.h"
#include "crypto/secret.h"

namespace commonwage::storage {
namespace {

NamedFile Named(const std::string& path) { return {path, "key file"}; }

// The file itself, where `kek_path` is a link to it, in a directory without
// links.
std::string TargetOf(const std::string& kek_path) {
  std::error_code failed;
  const std::filesystem::path target = std::filesystem::weakly_canonical(
      FollowLinks(Named(kek_path)).value_or(kek_path), failed);
  return failed ? kek_path : target.string();
}

std::string NextPathOf(const std::string& kek_path) {
  return TargetOf(kek_path) + ".next";
}

absl::Status KekFixed(absl::string_view why) {
  return Refusal(
      Reason::kKekFixed,
      absl::StrCat("The key file cannot be given another key: ", why, "."));
}

// Whether something is mounted on `path` itself, such as a secret of a
// container: nothing can be put in its place.
bool IsMount(const std::string& path) {
  struct statx about {};
  return statx(AT_FDCWD, path.c_str(), 0, STATX_TYPE, &about) == 0 &&
         (about.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

absl::StatusOr<Keyring> OpenWith(const DataDirectory& directory,
                                 const std::string& key_path) {
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::Secret<32> kek,
                              crypto::LoadKeyFile(key_path));
  return Keyring::Open(directory, kek);
}

// Puts the next key in the place of the old one.
absl::Status Promote(const std::string& kek_path) {
  return MoveFile(Named(NextPathOf(kek_path)), Named(TargetOf(kek_path)));
}

}  // namespace

absl::StatusOr<Keyring> OpenKeyring(const DataDirectory& directory,
                                    const std::string& kek_path) {
  absl::StatusOr<Keyring> keyring = OpenWith(directory, kek_path);
  if (ReasonOf(keyring.status()) != Reason::kKekWrong) {
    return keyring;
  }
  absl::StatusOr<Keyring> next = OpenWith(directory, NextPathOf(kek_path));
  if (next.ok()) {
    return next;
  }
  // A replacement may have ended between the two looks.
  return OpenWith(directory, kek_path);
}

absl::Status CheckKekReplaceable(const std::string& kek_path) {
  const std::string target = TargetOf(kek_path);
  // A new key there would be gone with the next start, and all data with it.
  for (const absl::string_view volatile_place : {"/run/", "/dev/", "/proc/"}) {
    if (absl::StartsWith(target, volatile_place)) {
      return KekFixed("the system hands it over anew at each start");
    }
  }
  if (IsMount(target)) {
    return KekFixed("it is mounted, and the same one comes back each time");
  }
  const std::filesystem::path parent =
      std::filesystem::path(target).parent_path();
  if (faccessat(AT_FDCWD, parent.empty() ? "." : parent.c_str(), W_OK | X_OK,
                AT_EACCESS) != 0) {
    return KekFixed("this account cannot write in its directory");
  }
  return absl::OkStatus();
}

absl::Status ReplaceKek(const DataDirectory& directory,
                        const std::string& kek_path, RandomSource& random) {
  COMMONWAGE_RETURN_IF_ERROR(CheckKekReplaceable(kek_path));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const FileLock lock,
      FileLock::Acquire(
          {(directory.path() / "kek.lock").string(), "key file's lock"}));
  const std::string next_path = NextPathOf(kek_path);
  COMMONWAGE_RETURN_IF_ERROR(OpenWith(directory, next_path).ok()
                                 ? Promote(kek_path)
                                 : absl::OkStatus());
  COMMONWAGE_ASSIGN_OR_RETURN(Keyring keyring, OpenWith(directory, kek_path));
  COMMONWAGE_RETURN_IF_ERROR(RemoveFile(Named(next_path)));
  COMMONWAGE_RETURN_IF_ERROR(crypto::CreateKeyFile(next_path, random));
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::Secret<32> next,
                              crypto::LoadKeyFile(next_path));
  COMMONWAGE_RETURN_IF_ERROR(keyring.Rotate(next, random));
  return Promote(kek_path);
}

}  // namespace commonwage::storage
