// SPDX-License-Identifier: Apache-2.0
#include "server/command/file_io.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "absl/strings/str_cat.h"

#include "base/error.h"
#include "base/status_macros.h"

namespace commonwage::server::command {
namespace {

constexpr size_t kBufferSize = size_t{1} << 16;

absl::Status Failure(absl::string_view name, absl::string_view verb,
                     int error_number) {
  const std::string what = absl::StrCat("The ", name, " cannot be ", verb);
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return Refusal(absl::StatusCode::kNotFound, "FILE_NOT_FOUND",
                     absl::StrCat(what,
                                  ": there is no such file or directory; "
                                  "check the path."));
    case EACCES:
    case EPERM:
    case EROFS:
      return Refusal(absl::StatusCode::kPermissionDenied, "FILE_REFUSED",
                     absl::StrCat(what,
                                  ": this account may not do so; check "
                                  "the permissions."));
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return Refusal(
          absl::StatusCode::kResourceExhausted, "DISK_FULL",
          absl::StrCat(what, ": the disk is full; make room and try again."));
    default:
      return Refusal(absl::StatusCode::kFailedPrecondition, "FILE_UNUSABLE",
                     absl::StrCat(what, ": it is not a file that can be ", verb,
                                  ", or the disk fails."));
  }
}

std::string DirectoryOf(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

absl::Status SyncDirectory(const NamedPath& file) {
  const int directory =
      open(DirectoryOf(file.path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) {
    return Failure(file.name, "written", errno);
  }
  const int result = fsync(directory);
  const int error_number = errno;
  close(directory);
  return result == 0 ? absl::OkStatus()
                     : Failure(file.name, "written", error_number);
}

}  // namespace

absl::StatusOr<InputFile> InputFile::Open(const NamedPath& file) {
  const int descriptor = open(file.path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return Failure(file.name, "read", errno);
  }
  return InputFile(file.name, descriptor);
}

InputFile::~InputFile() {
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
}

absl::StatusOr<size_t> InputFile::Read(absl::Span<char> out) {
  while (true) {
    const ssize_t got = read(descriptor_, out.data(), out.size());
    if (got >= 0) {
      return static_cast<size_t>(got);
    }
    if (errno != EINTR) {
      return Failure(name_, "read", errno);
    }
  }
}

absl::StatusOr<std::string> ReadWholeFile(const NamedPath& file,
                                          size_t max_bytes) {
  COMMONWAGE_ASSIGN_OR_RETURN(InputFile input, InputFile::Open(file));
  std::string content;
  std::string chunk(kBufferSize, '\0');
  while (true) {
    COMMONWAGE_ASSIGN_OR_RETURN(const size_t got,
                                input.Read(absl::MakeSpan(chunk)));
    if (got == 0) {
      return content;
    }
    content.append(chunk, 0, got);
    if (content.size() > max_bytes) {
      return Refusal(absl::StatusCode::kInvalidArgument, "FILE_TOO_LARGE",
                     absl::StrCat("The ", file.name,
                                  " is larger than any such file can be; "
                                  "check that it is the right one."));
    }
  }
}

absl::StatusOr<OutputFile> OutputFile::Create(const NamedPath& file,
                                              Readers readers) {
  // A rename onto a directory would fail only at the very end.
  std::error_code ignored;
  if (file.path.empty() || std::filesystem::is_directory(file.path, ignored)) {
    return Failure(file.name, "written", EISDIR);
  }
  std::string temporary_path = file.path + ".XXXXXX";
  const int descriptor = mkostemp(temporary_path.data(), O_CLOEXEC);
  if (descriptor < 0) {
    return Failure(file.name, "written", errno);
  }
  OutputFile result(file, temporary_path, descriptor);
  if (readers == Readers::kEverybody &&
      fchmod(descriptor, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH) != 0) {
    return Failure(file.name, "written", errno);
  }
  return result;
}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
  if (!temporary_path_.empty()) {
    unlink(temporary_path_.c_str());
  }
}

absl::Status OutputFile::Append(absl::string_view bytes) {
  buffer_.append(bytes.data(), bytes.size());
  return buffer_.size() < kBufferSize ? absl::OkStatus() : Flush();
}

absl::Status OutputFile::Flush() {
  size_t written = 0;
  while (written < buffer_.size()) {
    const ssize_t put =
        write(descriptor_, &buffer_[written], buffer_.size() - written);
    if (put < 0 && errno != EINTR) {
      return Failure(file_.name, "written", errno);
    }
    written += static_cast<size_t>(std::max<ssize_t>(put, 0));
  }
  buffer_.clear();
  return absl::OkStatus();
}

absl::Status OutputFile::Sync() {
  COMMONWAGE_RETURN_IF_ERROR(Flush());
  return fsync(descriptor_) == 0 ? absl::OkStatus()
                                 : Failure(file_.name, "written", errno);
}

std::string OutputFile::Keep() {
  const std::string beside = std::exchange(temporary_path_, "");
  // The rename may have worked and only the directory's sync have failed.
  std::error_code ignored;
  return std::filesystem::exists(beside, ignored) ? beside : file_.path;
}

absl::Status OutputFile::Commit() {
  COMMONWAGE_RETURN_IF_ERROR(Sync());
  COMMONWAGE_RETURN_IF_ERROR(MoveIntoPlace(temporary_path_, file_));
  temporary_path_.clear();
  return absl::OkStatus();
}

absl::Status MoveIntoPlace(const std::string& from, const NamedPath& file) {
  if (std::rename(from.c_str(), file.path.c_str()) != 0) {
    return Failure(file.name, "written", errno);
  }
  return SyncDirectory(file);
}

absl::Status WriteWholeFile(const NamedPath& file, absl::string_view content,
                            Readers readers) {
  COMMONWAGE_ASSIGN_OR_RETURN(OutputFile output,
                              OutputFile::Create(file, readers));
  COMMONWAGE_RETURN_IF_ERROR(output.Append(content));
  return output.Commit();
}

}  // namespace commonwage::server::command
