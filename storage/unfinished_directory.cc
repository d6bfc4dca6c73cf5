// SPDX-License-Identifier: Apache-2.0
#include "storage/unfinished_directory.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <string>
#include <system_error>

#include "base/error.h"
#include "base/file/descriptor.h"
#include "base/file/file_failure.h"
#include "base/file/file_lock.h"
#include "base/file/kept_file.h"
#include "base/file/private_directory.h"
#include "base/status_macros.h"

namespace commonwage::storage {
namespace {

constexpr const char* kMark = "init.unfinished";
constexpr absl::string_view kMarkName = "mark of the directory";

std::filesystem::path MarkOf(const std::filesystem::path& path) {
  return path / kMark;
}

NamedFile NamedMark(const std::filesystem::path& path) {
  return {MarkOf(path).string(), std::string(kMarkName)};
}

// An empty mark says nothing: it is of somebody who has only just come.
bool IsMarked(const std::filesystem::path& path) {
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(MarkOf(path), error);
  return !error && size > 0;
}

// In place, as the lock is on this very file.
absl::Status Mark(const std::filesystem::path& path) {
  const Descriptor file(open(MarkOf(path).c_str(), O_WRONLY | O_CLOEXEC));
  int failed = file.ok() ? WriteAll(file.get(), "\n") : errno;
  if (failed == 0 && fsync(file.get()) != 0) {
    failed = errno;
  }
  return failed == 0 ? absl::OkStatus()
                     : FileFailure(kMarkName, "written", failed);
}

bool HoldsOnlyTheMark(const std::filesystem::path& path,
                      std::error_code& error) {
  for (auto entry = std::filesystem::directory_iterator(path, error);
       !error && entry != std::filesystem::directory_iterator();
       entry.increment(error)) {
    if (entry->path().filename() != kMark) {
      return false;
    }
  }
  return true;
}

absl::Status InUse() {
  return Refusal(Reason::kDirectoryInUse,
                 "The directory is not empty; choose another one.");
}

// Removes all but the mark, which goes last.
void Clear(const std::filesystem::path& path, std::error_code& error) {
  for (auto entry = std::filesystem::directory_iterator(path, error);
       !error && entry != std::filesystem::directory_iterator();
       entry.increment(error)) {
    if (entry->path().filename() != kMark) {
      std::filesystem::remove_all(entry->path(), error);
    }
  }
}

}  // namespace

absl::StatusOr<UnfinishedDirectory> UnfinishedDirectory::Begin(
    const std::filesystem::path& path) {
  std::error_code error;
  const bool was_there = std::filesystem::exists(path, error);
  const bool used =
      was_there && !IsMarked(path) && !HoldsOnlyTheMark(path, error);
  if (error && error != std::errc::not_a_directory) {
    return FileFailure("directory", "used", error.value());
  }
  if (used || error) {
    return InUse();
  }
  COMMONWAGE_RETURN_IF_ERROR(
      MakePrivateDirectory({path.string(), "directory"}));
  COMMONWAGE_ASSIGN_OR_RETURN(std::optional<FileLock> lock,
                              FileLock::TryAcquire(NamedMark(path)));
  if (!lock.has_value()) {
    return Refusal(Reason::kInitRunning,
                   "Another program is making this directory just now.");
  }
  // Somebody who was faster may have finished it meanwhile.
  if (!IsMarked(path) && !HoldsOnlyTheMark(path, error)) {
    std::filesystem::remove(MarkOf(path), error);
    return InUse();
  }
  UnfinishedDirectory making(path, was_there, *std::move(lock));
  COMMONWAGE_RETURN_IF_ERROR(Mark(path));
  Clear(path, error);
  if (error) {
    return FileFailure("rest of an init that was cut short", "removed",
                       error.value());
  }
  return making;
}

absl::Status UnfinishedDirectory::RefuseUnfinished(
    const std::filesystem::path& path) {
  return IsMarked(path)
             ? Refusal(Reason::kInitUnfinished,
                       "Making this directory was cut short, so there is "
                       "nothing in it yet; run init again.")
             : absl::OkStatus();
}

UnfinishedDirectory::~UnfinishedDirectory() {
  if (path_.empty()) {
    return;
  }
  std::error_code ignored;
  Clear(path_, ignored);
  std::filesystem::remove(MarkOf(path_), ignored);
  if (!was_there_) {
    std::filesystem::remove(path_, ignored);
  }
}

absl::Status UnfinishedDirectory::Finish() {
  COMMONWAGE_RETURN_IF_ERROR(RemoveFile(NamedMark(path_)));
  path_.clear();
  return absl::OkStatus();
}

}  // namespace commonwage::storage
