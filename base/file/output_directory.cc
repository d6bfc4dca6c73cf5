// SPDX-License-Identifier: Apache-2.0
#include "base/file/output_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"

#include "base/error.h"
#include "base/file/file_failure.h"
#include "base/file/kept_file.h"
#include "base/file/links.h"
#include "base/file/unfinished.h"
#include "base/status_macros.h"

namespace commonwage {
namespace {

absl::Status InUse(absl::string_view name) {
  return Refusal(
      Reason::kDirectoryInUse,
      absl::StrCat("There is something already where the ", name,
                   " is to be, and it was left as it is; choose another "
                   "directory."));
}

absl::Status CheckPlace(const NamedFile& directory) {
  std::error_code error;
  const std::filesystem::file_status status =
      std::filesystem::status(directory.path, error);
  if (status.type() == std::filesystem::file_type::not_found) {
    return absl::OkStatus();
  }
  if (error) {
    return FileFailure(directory.name, "made", error.value());
  }
  const bool empty = status.type() == std::filesystem::file_type::directory &&
                     std::filesystem::is_empty(directory.path, error);
  return empty && !error ? absl::OkStatus() : InUse(directory.name);
}

// Without slashes at its end, so that a name can be put beside it.
std::string WithoutSlashes(std::string path) {
  while (path.size() > 1 && path.back() == '/') {
    path.pop_back();
  }
  return path;
}

}  // namespace

absl::StatusOr<OutputDirectory> OutputDirectory::Create(NamedFile directory) {
  directory.path = WithoutSlashes(directory.path);
  // Beside these there is no place.
  const std::string last =
      std::filesystem::path(directory.path).filename().string();
  if (last == "." || last == "..") {
    return InUse(directory.name);
  }
  COMMONWAGE_ASSIGN_OR_RETURN(directory.path, FollowLinks(directory));
  COMMONWAGE_RETURN_IF_ERROR(CheckPlace(directory));
  RemoveUnfinished(DirectoryOf(directory.path));
  std::string beside = absl::StrCat(directory.path, kUnfinishedSuffix);
  if (mkdir(beside.c_str(), S_IRWXU) != 0) {
    return errno == EEXIST ? BeingMade(directory.name)
                           : FileFailure(directory.name, "made", errno);
  }
  Descriptor held(open(beside.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!held.ok() || flock(held.get(), LOCK_EX | LOCK_NB) != 0 ||
      !IsNamed(held.get(), AT_FDCWD, beside)) {
    return BeingMade(directory.name);
  }
  return OutputDirectory(std::move(directory), std::move(beside),
                         std::move(held));
}

OutputDirectory::OutputDirectory(OutputDirectory&& other) noexcept
    : place_(std::move(other.place_)),
      beside_(std::exchange(other.beside_, "")),
      held_(std::move(other.held_)) {}

OutputDirectory::~OutputDirectory() {
  if (!beside_.empty()) {
    std::error_code ignored;
    std::filesystem::remove_all(beside_, ignored);
  }
}

absl::Status OutputDirectory::Append(const std::string& name,
                                     absl::string_view content) {
  const Descriptor file(
      openat(held_.get(), name.c_str(),
             O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC,
             S_IRUSR | S_IWUSR));
  const int failed = file.ok() ? WriteAll(file.get(), content) : errno;
  return failed == 0 ? absl::OkStatus()
                     : FileFailure(place_.name, "written", failed);
}

absl::Status OutputDirectory::Commit() {
  // The whole file system at once: thousands of files one by one take minutes.
  if (syncfs(held_.get()) != 0) {
    return FileFailure(place_.name, "written", errno);
  }
  // It takes the place of an empty directory, and of nothing else.
  if (std::rename(beside_.c_str(), place_.path.c_str()) != 0) {
    const bool used = errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR;
    return used ? InUse(place_.name)
                : FileFailure(place_.name, "written", errno);
  }
  beside_.clear();
  return SyncDirectoryOf(place_);
}

}  // namespace commonwage
