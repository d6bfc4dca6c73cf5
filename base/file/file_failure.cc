// SPDX-License-Identifier: Apache-2.0
#include "base/file/file_failure.h"

#include <cerrno>

#include "absl/strings/str_cat.h"

#include "base/error.h"

namespace commonwage {
namespace {

struct Cause {
  Reason reason;
  absl::string_view because;
};

Cause CauseOf(int error_number) {
  switch (error_number) {
    case ENOENT:
      return {Reason::kFileNotFound,
              "there is no such file or directory; check the path"};
    case ENOTDIR:
      return {Reason::kFileNotFound,
              "a part of its path is no directory; check the path"};
    case EACCES:
    case EPERM:
      return {Reason::kFileRefused,
              "this account may not do so; check the permissions of the file "
              "and of its directory"};
    case EROFS:
      return {Reason::kDiskReadOnly,
              "its disk is read-only; make it writable, or choose another "
              "place"};
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return {Reason::kDiskFull, "the disk is full; make room and try again"};
    case EMFILE:
    case ENFILE:
      return {Reason::kTooManyFiles,
              "too many files are open; close other programs, or raise the "
              "limit"};
    case EIO:
      return {Reason::kDiskFailed,
              "the disk did not do as asked; look into the system's log, then "
              "try again"};
    case EISDIR:
      return {Reason::kFileUnusable, "it is a directory; choose another name"};
    case ELOOP:
      return {Reason::kFileUnusable,
              "its links lead in a circle; check the path"};
    case ENAMETOOLONG:
      return {Reason::kFileUnusable,
              "its name is too long; choose a shorter one"};
    default:
      return {Reason::kFileUnusable, ""};
  }
}

}  // namespace

absl::Status FileFailure(absl::string_view name, absl::string_view done,
                         int error_number) {
  const Cause cause = CauseOf(error_number);
  const std::string because =
      cause.because.empty()
          ? std::string(
                absl::ErrnoToStatus(error_number, "the system says").message())
          : std::string(cause.because);
  return Refusal(cause.reason, absl::StrCat("The ", name, " cannot be ", done,
                                            ": ", because, "."));
}

absl::Status FileTooLarge(absl::string_view name) {
  return Refusal(Reason::kFileTooLarge,
                 absl::StrCat("The ", name,
                              " is larger than any such file can be; check "
                              "that it is the right one."));
}

}  // namespace commonwage
