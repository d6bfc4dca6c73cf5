// SPDX-License-Identifier: Apache-2.0
#include "base/file/file_failure.h"

#include <cerrno>

#include "absl/strings/str_cat.h"

#include "base/error.h"

namespace commonwage {
namespace {

using absl::StatusCode;

struct Cause {
  StatusCode code;
  absl::string_view reason;
  absl::string_view because;
};

Cause CauseOf(int error_number) {
  switch (error_number) {
    case ENOENT:
      return {StatusCode::kNotFound, "FILE_NOT_FOUND",
              "there is no such file or directory; check the path"};
    case ENOTDIR:
      return {StatusCode::kNotFound, "FILE_NOT_FOUND",
              "a part of its path is no directory; check the path"};
    case EACCES:
    case EPERM:
      return {StatusCode::kPermissionDenied, "FILE_REFUSED",
              "this account may not do so; check the permissions of the file "
              "and of its directory"};
    case EROFS:
      return {StatusCode::kFailedPrecondition, "DISK_READ_ONLY",
              "its disk is read-only; make it writable, or choose another "
              "place"};
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return {StatusCode::kResourceExhausted, "DISK_FULL",
              "the disk is full; make room and try again"};
    case EMFILE:
    case ENFILE:
      return {StatusCode::kResourceExhausted, "TOO_MANY_FILES",
              "too many files are open; close other programs, or raise the "
              "limit"};
    case EIO:
      return {StatusCode::kUnavailable, "DISK_FAILED",
              "the disk did not do as asked; look into the system's log, then "
              "try again"};
    case EISDIR:
      return {StatusCode::kFailedPrecondition, "FILE_UNUSABLE",
              "it is a directory; choose another name"};
    case ELOOP:
      return {StatusCode::kFailedPrecondition, "FILE_UNUSABLE",
              "its links lead in a circle; check the path"};
    case ENAMETOOLONG:
      return {StatusCode::kFailedPrecondition, "FILE_UNUSABLE",
              "its name is too long; choose a shorter one"};
    default:
      return {StatusCode::kFailedPrecondition, "FILE_UNUSABLE", ""};
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
  return Refusal(
      cause.code, cause.reason,
      absl::StrCat("The ", name, " cannot be ", done, ": ", because, "."));
}

absl::Status FileTooLarge(absl::string_view name) {
  return Refusal(absl::StatusCode::kInvalidArgument, "FILE_TOO_LARGE",
                 absl::StrCat("The ", name,
                              " is larger than any such file can be; check "
                              "that it is the right one."));
}

}  // namespace commonwage
