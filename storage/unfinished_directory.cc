// SPDX-License-Identifier: Apache-2.0
#include "storage/unfinished_directory.h"

#include <fcntl.h>
#include <unistd.h>

#include <optional>
#include <system_error>

#include "base/error.h"
#include "base/status_macros.h"

namespace commonwage::storage {
namespace {

constexpr const char* kMark = "init.unfinished";

std::filesystem::path MarkOf(const std::filesystem::path& path) {
  return path / kMark;
}

// An empty mark says nothing: it is of somebody who has only just come.
bool IsMarked(const std::filesystem::path& path) {
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(MarkOf(path), error);
  return !error && size > 0;
}

// In place, as the lock is on this very file.
absl::Status Mark(const std::filesystem::path& path) {
  const int file = open(MarkOf(path).c_str(), O_WRONLY | O_CLOEXEC);
  const bool marked =
      file >= 0 && write(file, "\n", 1) == 1 && fsync(file) == 0;
  if (file >= 0) {
    close(file);
  }
  return marked ? absl::OkStatus()
                : Refusal(absl::StatusCode::kUnavailable, "FILE_FAILED",
                          "A file could not be written in the directory; check "
                          "its permissions and the space on its disk.");
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
  return Refusal(absl::StatusCode::kAlreadyExists, "DIRECTORY_IN_USE",
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
  if (used || error) {
    return InUse();
  }
  COMMONWAGE_RETURN_IF_ERROR(MakePrivateDirectory(path));
  COMMONWAGE_ASSIGN_OR_RETURN(std::optional<FileLock> lock,
                              FileLock::TryAcquire(MarkOf(path)));
  if (!lock.has_value()) {
    return Refusal(absl::StatusCode::kFailedPrecondition, "INIT_RUNNING",
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
    return Refusal(absl::StatusCode::kUnavailable, "FILE_FAILED",
                   "What an earlier init left in the directory cannot be "
                   "removed; remove the directory, or choose another one.");
  }
  return making;
}

absl::Status UnfinishedDirectory::RefuseUnfinished(
    const std::filesystem::path& path) {
  return IsMarked(path)
             ? Refusal(absl::StatusCode::kFailedPrecondition, "INIT_UNFINISHED",
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
  COMMONWAGE_RETURN_IF_ERROR(RemoveFile(MarkOf(path_)));
  path_.clear();
  return absl::OkStatus();
}

}  // namespace commonwage::storage
