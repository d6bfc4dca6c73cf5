// SPDX-License-Identifier: Apache-2.0
#include "base/file/private_directory.h"

#include <sys/stat.h>

#include <cerrno>

#include "absl/strings/str_cat.h"

#include "base/error.h"
#include "base/file/file_failure.h"
#include "base/file/kept_file.h"
#include "base/status_macros.h"

namespace commonwage {
namespace {

constexpr mode_t kOthers = S_IRWXG | S_IRWXO;

}  // namespace

absl::Status MakePrivateDirectory(const NamedFile& directory) {
  if (mkdir(directory.path.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    return FileFailure(directory.name, "made", errno);
  }
  COMMONWAGE_RETURN_IF_ERROR(CheckPrivateDirectory(directory));
  return SyncDirectoryOf(directory);
}

absl::Status CheckPrivateDirectory(const NamedFile& directory) {
  struct stat about {};
  const bool known = stat(directory.path.c_str(), &about) == 0;
  if (!known && errno != ENOENT && errno != ENOTDIR) {
    return FileFailure(directory.name, "entered", errno);
  }
  if (!known || !S_ISDIR(about.st_mode)) {
    return Refusal(Reason::kDirectoryMissing,
                   absl::StrCat("There is no such ", directory.name,
                                "; check the path, or initialise it first."));
  }
  if ((about.st_mode & kOthers) != 0) {
    return Refusal(Reason::kDirectoryTooOpen,
                   absl::StrCat("Other accounts may enter the ", directory.name,
                                "; give it mode 0700 first."));
  }
  return absl::OkStatus();
}

}  // namespace commonwage
