// SPDX-License-Identifier: Apache-2.0
#include "base/file/links.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"

#include "base/error.h"
#include "base/file/file_failure.h"

namespace commonwage {
namespace {

// As many as the system follows.
constexpr int kMostLinks = 40;

}  // namespace

bool IsTrap(const std::string& path, const struct stat& about) {
  struct stat directory {};
  if (stat(DirectoryOf(path).c_str(), &directory) != 0) {
    return false;
  }
  constexpr mode_t kShared = S_ISVTX | S_IWOTH;
  return (directory.st_mode & kShared) == kShared &&
         about.st_uid != geteuid() && about.st_uid != directory.st_uid;
}

std::string DirectoryOf(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

absl::StatusOr<std::string> FollowLinks(const NamedFile& file) {
  std::filesystem::path path = file.path;
  for (int links = 0; links <= kMostLinks; ++links) {
    struct stat about {};
    if (lstat(path.c_str(), &about) != 0) {
      return errno == ENOENT ? absl::StatusOr<std::string>(path.string())
                             : FileFailure(file.name, "used", errno);
    }
    if (!S_ISLNK(about.st_mode)) {
      return path.string();
    }
    if (IsTrap(path.string(), about)) {
      return Refusal(Reason::kFileRefused,
                     absl::StrCat("The ", file.name,
                                  " is a link that another account has put "
                                  "into a shared directory; it is not "
                                  "followed. Choose another place."));
    }
    std::error_code failed;
    const std::filesystem::path target =
        std::filesystem::read_symlink(path, failed);
    if (failed) {
      return FileFailure(file.name, "used", failed.value());
    }
    // An absolute target takes the place of the whole path.
    path = path.parent_path() / target;
  }
  return FileFailure(file.name, "used", ELOOP);
}

}  // namespace commonwage
