// SPDX-License-Identifier: Apache-2.0
#include "base/file/unfinished.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "base/error.h"
#include "base/file/file_failure.h"
#include "base/file/links.h"

namespace commonwage {
namespace {

constexpr mode_t kOwnerOnly = S_IRUSR | S_IWUSR;
// How often somebody who tidies up may take a new file for an old one.
constexpr int kTries = 100;

std::string LastPartOf(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

// Removes `name` if a program that has ended left it there.
void RemoveIfLeft(int directory, const std::string& path,
                  const std::string& name) {
  // For writing where that can be, which an exclusive lock on NFS needs.
  constexpr int kFlags = O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  int opened = openat(directory, name.c_str(), O_RDWR | kFlags);
  opened =
      opened < 0 ? openat(directory, name.c_str(), O_RDONLY | kFlags) : opened;
  const Descriptor left(opened);
  struct stat about {};
  if (!left.ok() || fstat(left.get(), &about) != 0 ||
      about.st_uid != geteuid() || flock(left.get(), LOCK_EX | LOCK_NB) != 0 ||
      !IsNamed(left.get(), directory, name)) {
    return;
  }
  if (S_ISREG(about.st_mode)) {
    unlinkat(directory, name.c_str(), 0);
  } else if (S_ISDIR(about.st_mode)) {
    std::error_code ignored;
    std::filesystem::remove_all(std::filesystem::path(path) / name, ignored);
  }
}

void RemoveLeftIn(int directory, const std::string& path) {
  std::vector<std::string> found;
  std::error_code ignored;
  for (auto entry = std::filesystem::directory_iterator(path, ignored);
       !ignored && entry != std::filesystem::directory_iterator();
       entry.increment(ignored)) {
    const std::string name = entry->path().filename().string();
    if (absl::EndsWith(name, kUnfinishedSuffix)) {
      found.push_back(name);
    }
  }
  for (const std::string& name : found) {
    RemoveIfLeft(directory, path, name);
  }
}

Descriptor OpenDirectory(const std::string& path) {
  return Descriptor(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

}  // namespace

absl::Status BeingMade(absl::string_view name) {
  return Refusal(
      Reason::kFileBusy,
      absl::StrCat("The ", name,
                   " cannot be written: another program is writing it just "
                   "now, or what another account has begun is beside it (",
                   kUnfinishedSuffix, "). Try again, or choose another name."));
}

void RemoveUnfinished(const std::string& directory) {
  const Descriptor opened = OpenDirectory(directory);
  if (opened.ok()) {
    RemoveLeftIn(opened.get(), directory);
  }
}

int MoveToFreeName(int directory, const std::string& from,
                   const std::string& to) {
  if (renameat2(directory, from.c_str(), directory, to.c_str(),
                RENAME_NOREPLACE) == 0) {
    return 0;
  }
  if (errno != EINVAL && errno != ENOSYS) {
    return errno;
  }
  // A file system that cannot do it, such as NFS: a second name is never given
  // over an existing one either.
  if (linkat(directory, from.c_str(), directory, to.c_str(), 0) != 0) {
    return errno;
  }
  return unlinkat(directory, from.c_str(), 0) == 0 ? 0 : errno;
}

UnfinishedFile::UnfinishedFile(UnfinishedFile&& other) noexcept
    : target_(std::move(other.target_)),
      directory_(std::move(other.directory_)),
      file_(std::move(other.file_)),
      ours_to_remove_(std::exchange(other.ours_to_remove_, false)) {}

UnfinishedFile::~UnfinishedFile() {
  if (ours_to_remove_) {
    unlinkat(directory_.get(), Name().c_str(), 0);
  }
}

std::string UnfinishedFile::Name() const {
  return absl::StrCat(LastPartOf(target_.path), kUnfinishedSuffix);
}

absl::StatusOr<UnfinishedFile> UnfinishedFile::Begin(NamedFile target) {
  const std::string path = DirectoryOf(target.path);
  if (LastPartOf(target.path).empty()) {
    return FileFailure(target.name, "written",
                       target.path.empty() ? ENOENT : EISDIR);
  }
  const std::string name =
      absl::StrCat(LastPartOf(target.path), kUnfinishedSuffix);
  for (int tries = 0; tries < kTries; ++tries) {
    Descriptor directory = OpenDirectory(path);
    if (!directory.ok()) {
      return FileFailure(target.name, "written", errno);
    }
    RemoveLeftIn(directory.get(), path);
    Descriptor file(openat(directory.get(), name.c_str(),
                           O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                           kOwnerOnly));
    if (!file.ok()) {
      return errno == EEXIST ? BeingMade(target.name)
                             : FileFailure(target.name, "written", errno);
    }
    // Before the lock, somebody may have taken it for a killed program's.
    const int failed = flock(file.get(), LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
    if (failed != 0 && failed != EWOULDBLOCK) {
      unlinkat(directory.get(), name.c_str(), 0);
      return FileFailure(target.name, "locked", failed);
    }
    if (failed == 0 && IsNamed(file.get(), directory.get(), name)) {
      return UnfinishedFile(std::move(target), std::move(directory),
                            std::move(file));
    }
  }
  return BeingMade(target.name);
}

absl::Status UnfinishedFile::PutInPlace(mode_t mode, Taking taking) {
  if (fchmod(file_.get(), mode) != 0 || fsync(file_.get()) != 0) {
    return FileFailure(target_.name, "written", errno);
  }
  const std::string place = LastPartOf(target_.path);
  int failed = 0;
  if (taking == Taking::kFreePlace) {
    failed = MoveToFreeName(directory_.get(), Name(), place);
  } else if (renameat(directory_.get(), Name().c_str(), directory_.get(),
                      place.c_str()) != 0) {
    failed = errno;
  }
  if (failed == EEXIST) {
    return Refusal(
        Reason::kFileExists,
        absl::StrCat("There is something already where the ", target_.name,
                     " is to be, and it was left as it is; choose "
                     "another name."));
  }
  if (failed != 0) {
    return FileFailure(target_.name, "written", failed);
  }
  ours_to_remove_ = false;
  return fsync(directory_.get()) == 0
             ? absl::OkStatus()
             : FileFailure(target_.name, "written", errno);
}

}  // namespace commonwage
