// SPDX-License-Identifier: Apache-2.0
#include "client/local_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"

#include "base/error.h"

namespace commonwage::client {
namespace {

absl::Status Failure(const NamedFile& file, absl::string_view verb,
                     int error_number) {
  const std::string what = absl::StrCat("The ", file.name, " cannot be ", verb);
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return Refusal(absl::StatusCode::kNotFound, "FILE_NOT_FOUND",
                     absl::StrCat(what,
                                  ": there is no such file or directory. "
                                  "Check the path."));
    case EACCES:
    case EPERM:
    case EROFS:
      return Refusal(absl::StatusCode::kPermissionDenied, "FILE_REFUSED",
                     absl::StrCat(what,
                                  ": this account may not do so. Check "
                                  "the permissions."));
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return Refusal(
          absl::StatusCode::kResourceExhausted, "DISK_FULL",
          absl::StrCat(what, ": the disk is full. Make room and try again."));
    default:
      return Refusal(absl::StatusCode::kFailedPrecondition, "FILE_UNUSABLE",
                     absl::StrCat(what,
                                  ": it is no ordinary file, or the disk "
                                  "fails."));
  }
}

bool WriteAll(int descriptor, absl::string_view content) {
  while (!content.empty()) {
    const ssize_t put = write(descriptor, content.data(), content.size());
    if (put < 0 && errno != EINTR) {
      return false;
    }
    content.remove_prefix(static_cast<size_t>(std::max<ssize_t>(put, 0)));
  }
  return true;
}

std::string DirectoryOf(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

absl::Status SyncDirectory(const NamedFile& file) {
  const int directory =
      open(DirectoryOf(file.path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) {
    return Failure(file, "written", errno);
  }
  const absl::Cleanup close_it = [directory] { close(directory); };
  return fsync(directory) == 0 ? absl::OkStatus()
                               : Failure(file, "written", errno);
}

// Whether the open file is still the one at the path.
bool IsStillThere(int descriptor, const std::string& path) {
  struct stat opened = {};
  struct stat named = {};
  return fstat(descriptor, &opened) == 0 && stat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

}  // namespace

absl::StatusOr<std::string> ReadLocalFile(const NamedFile& file,
                                          size_t max_bytes) {
  const int descriptor = open(file.path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return Failure(file, "read", errno);
  }
  const absl::Cleanup close_it = [descriptor] { close(descriptor); };
  std::string content;
  std::string chunk(size_t{1} << 16, '\0');
  while (true) {
    const ssize_t got = read(descriptor, chunk.data(), chunk.size());
    if (got == 0) {
      return content;
    }
    if (got < 0 && errno != EINTR) {
      return Failure(file, "read", errno);
    }
    content.append(chunk, 0, static_cast<size_t>(std::max<ssize_t>(got, 0)));
    if (content.size() > max_bytes) {
      return Refusal(absl::StatusCode::kInvalidArgument, "FILE_TOO_LARGE",
                     absl::StrCat("The ", file.name,
                                  " is larger than any such "
                                  "file can be. Check that it is the right "
                                  "one."));
    }
  }
}

absl::Status WriteLocalFile(const NamedFile& file, absl::string_view content,
                            FileReaders readers) {
  std::string temporary = absl::StrCat(file.path, ".XXXXXX");
  // Only the owner may read what mkostemp makes.
  const int descriptor = mkostemp(temporary.data(), O_CLOEXEC);
  if (descriptor < 0) {
    return Failure(file, "written", errno);
  }
  absl::Cleanup remove_it = [&temporary] { unlink(temporary.c_str()); };
  const absl::Cleanup close_it = [descriptor] { close(descriptor); };
  const bool opened_up =
      readers == FileReaders::kOwner ||
      fchmod(descriptor, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH) == 0;
  if (!opened_up || !WriteAll(descriptor, content) || fsync(descriptor) != 0 ||
      std::rename(temporary.c_str(), file.path.c_str()) != 0) {
    return Failure(file, "written", errno);
  }
  std::move(remove_it).Cancel();
  return SyncDirectory(file);
}

absl::StatusOr<FileLock> FileLock::Take(const NamedFile& file) {
  while (true) {
    const int descriptor = open(file.path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
      return Failure(file, "read", errno);
    }
    FileLock lock(descriptor);
    if (flock(descriptor, LOCK_EX) != 0) {
      if (errno == EINTR) {
        continue;
      }
      return Failure(file, "locked", errno);
    }
    // Who held it before may have replaced it: then this is a lock on nothing.
    if (IsStillThere(descriptor, file.path)) {
      return lock;
    }
  }
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
}

}  // namespace commonwage::client
