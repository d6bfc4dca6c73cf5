// SPDX-License-Identifier: Apache-2.0
#include "storage/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/error.h"
#include "base/status_macros.h"

namespace commonwage::storage {
namespace {

constexpr mode_t kPrivateDirectoryMode = 0700;
constexpr mode_t kPrivateFileMode = 0600;
constexpr mode_t kOthersMask = 0077;
constexpr size_t kReadSize = 4096;

// An open file, closed when it goes.
class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags)
      : descriptor_(open(path.c_str(), flags | O_CLOEXEC, kPrivateFileMode)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (descriptor_ >= 0) {
      close(descriptor_);
    }
  }

  [[nodiscard]] bool ok() const { return descriptor_ >= 0; }
  [[nodiscard]] int get() const { return descriptor_; }
  int Release() { return std::exchange(descriptor_, -1); }

 private:
  int descriptor_;
};

// Returns what the system's last error means. Call it at once.
absl::Status LastError() {
  const int error = errno;
  if (error == ENOSPC || error == EDQUOT) {
    return Refusal(absl::StatusCode::kResourceExhausted, "DISK_FULL",
                   "The disk is full; free some space and try again.");
  }
  absl::StatusCode code = absl::ErrnoToStatusCode(error);
  if (code == absl::StatusCode::kUnknown) {
    code = absl::StatusCode::kUnavailable;
  }
  return Refusal(code, "FILE_FAILED",
                 "A file could not be read or written; check that its "
                 "directory exists and belongs to this account.");
}

absl::Status SyncDirectory(const std::filesystem::path& path) {
  const Descriptor directory(path, O_RDONLY | O_DIRECTORY);
  if (!directory.ok() || fsync(directory.get()) != 0) {
    return LastError();
  }
  return absl::OkStatus();
}

std::filesystem::path ParentOf(const std::filesystem::path& path) {
  const std::filesystem::path parent = path.parent_path();
  return parent.empty() ? "." : parent;
}

absl::Status WriteAll(int descriptor, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      return LastError();
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status WriteDurably(const std::filesystem::path& path,
                          absl::string_view bytes) {
  const Descriptor file(path, O_WRONLY | O_CREAT | O_TRUNC);
  if (!file.ok()) {
    return LastError();
  }
  COMMONWAGE_RETURN_IF_ERROR(WriteAll(file.get(), bytes));
  return fsync(file.get()) == 0 ? absl::OkStatus() : LastError();
}

}  // namespace

absl::Status MakePrivateDirectory(const std::filesystem::path& path) {
  if (mkdir(path.c_str(), kPrivateDirectoryMode) != 0 && errno != EEXIST) {
    return LastError();
  }
  COMMONWAGE_RETURN_IF_ERROR(CheckPrivateDirectory(path));
  return SyncDirectory(ParentOf(path));
}

absl::Status CheckPrivateDirectory(const std::filesystem::path& path) {
  struct stat about {};
  if (stat(path.c_str(), &about) != 0 || !S_ISDIR(about.st_mode)) {
    return Refusal(absl::StatusCode::kNotFound, "DIRECTORY_MISSING",
                   "There is no such directory; initialise it first.");
  }
  if ((about.st_mode & kOthersMask) != 0) {
    return Refusal(absl::StatusCode::kFailedPrecondition, "DIRECTORY_TOO_OPEN",
                   "Other accounts may enter the directory; give it mode 0700 "
                   "first.");
  }
  return absl::OkStatus();
}

absl::Status ReplaceFile(const std::filesystem::path& path,
                         absl::string_view bytes) {
  std::filesystem::path temporary = path;
  temporary += ".new";
  absl::Status written = WriteDurably(temporary, bytes);
  if (written.ok() && rename(temporary.c_str(), path.c_str()) != 0) {
    written = LastError();
  }
  if (!written.ok()) {
    unlink(temporary.c_str());
    return written;
  }
  return SyncDirectory(ParentOf(path));
}

absl::Status MoveFile(const std::filesystem::path& from,
                      const std::filesystem::path& to) {
  if (rename(from.c_str(), to.c_str()) != 0) {
    return LastError();
  }
  return SyncDirectory(ParentOf(to));
}

absl::StatusOr<std::string> ReadFile(const std::filesystem::path& path,
                                     size_t limit) {
  const Descriptor file(path, O_RDONLY);
  if (!file.ok() && errno == ENOENT) {
    return Refusal(absl::StatusCode::kNotFound, "FILE_MISSING",
                   "A file is missing; initialise its directory first.");
  }
  if (!file.ok()) {
    return LastError();
  }
  std::string bytes;
  size_t filled = 0;
  while (true) {
    bytes.resize(filled + kReadSize);
    const ssize_t got = read(file.get(), bytes.data() + filled, kReadSize);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return LastError();
    }
    if (got == 0) {
      break;
    }
    filled += static_cast<size_t>(got);
    if (filled > limit) {
      return Refusal(absl::StatusCode::kDataLoss, "FILE_TOO_LONG",
                     "A file is longer than it can be; restore it from a "
                     "backup.");
    }
  }
  bytes.resize(filled);
  return bytes;
}

absl::Status RemoveFile(const std::filesystem::path& path) {
  if (unlink(path.c_str()) != 0) {
    return errno == ENOENT ? absl::OkStatus() : LastError();
  }
  return SyncDirectory(ParentOf(path));
}

absl::StatusOr<std::optional<FileLock>> FileLock::TryAcquire(
    const std::filesystem::path& path) {
  Descriptor file(path, O_RDWR | O_CREAT);
  if (!file.ok()) {
    return LastError();
  }
  if (flock(file.get(), LOCK_EX | LOCK_NB) == 0) {
    return FileLock(file.Release());
  }
  if (errno == EWOULDBLOCK) {
    return std::nullopt;
  }
  return LastError();
}

absl::StatusOr<FileLock> FileLock::Acquire(const std::filesystem::path& path) {
  Descriptor file(path, O_RDWR | O_CREAT);
  if (!file.ok()) {
    return LastError();
  }
  while (flock(file.get(), LOCK_EX) != 0) {
    if (errno != EINTR) {
      return LastError();
    }
  }
  return FileLock(file.Release());
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
}

}  // namespace commonwage::storage
