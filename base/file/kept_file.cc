// SPDX-License-Identifier: Apache-2.0
#include "base/file/kept_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <utility>

#include "base/file/descriptor.h"
#include "base/file/file_failure.h"
#include "base/file/links.h"
#include "base/file/unfinished.h"
#include "base/status_macros.h"

namespace commonwage {
namespace {

absl::Status Put(const NamedFile& target, absl::string_view content, Mode mode,
                 Taking taking) {
  COMMONWAGE_ASSIGN_OR_RETURN(UnfinishedFile file,
                              UnfinishedFile::Begin(target));
  if (const int failed = WriteAll(file.descriptor(), content); failed != 0) {
    return FileFailure(target.name, "written", failed);
  }
  return file.PutInPlace(mode == Mode::kReadOnly ? S_IRUSR : S_IRUSR | S_IWUSR,
                         taking);
}

// Fails if something is at the path that is no file.
absl::Status CheckReplaceable(const NamedFile& target) {
  struct stat about {};
  if (stat(target.path.c_str(), &about) != 0) {
    return errno == ENOENT ? absl::OkStatus()
                           : FileFailure(target.name, "written", errno);
  }
  if (S_ISREG(about.st_mode)) {
    return absl::OkStatus();
  }
  return FileFailure(target.name, "written",
                     S_ISDIR(about.st_mode) ? EISDIR : ENXIO);
}

absl::Status SyncDirectory(const std::string& path, const NamedFile& file) {
  const Descriptor directory(
      open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return directory.ok() && fsync(directory.get()) == 0
             ? absl::OkStatus()
             : FileFailure(file.name, "written", errno);
}

}  // namespace

absl::Status CreateFile(const NamedFile& file, absl::string_view content,
                        Mode mode) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::string target, FollowLinks(file));
  return Put({target, file.name}, content, mode, Taking::kFreePlace);
}

absl::Status ReplaceFile(const NamedFile& file, absl::string_view content) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::string target, FollowLinks(file));
  COMMONWAGE_RETURN_IF_ERROR(CheckReplaceable({target, file.name}));
  return Put({target, file.name}, content, Mode::kReadWrite, Taking::kAnyFile);
}

absl::Status MoveFile(const NamedFile& from, const NamedFile& to) {
  if (std::rename(from.path.c_str(), to.path.c_str()) != 0) {
    return FileFailure(to.name, "written", errno);
  }
  return SyncDirectory(DirectoryOf(to.path), to);
}

absl::Status RemoveFile(const NamedFile& file) {
  if (unlink(file.path.c_str()) != 0) {
    return errno == ENOENT ? absl::OkStatus()
                           : FileFailure(file.name, "removed", errno);
  }
  return SyncDirectory(DirectoryOf(file.path), file);
}

absl::Status SyncDirectoryOf(const NamedFile& file) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::string target, FollowLinks(file));
  return SyncDirectory(DirectoryOf(target), file);
}

}  // namespace commonwage
