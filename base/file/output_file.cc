// SPDX-License-Identifier: Apache-2.0
#include "base/file/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstddef>

#include "absl/strings/str_cat.h"

#include "base/error.h"
#include "base/file/file_failure.h"
#include "base/file/links.h"
#include "base/status_macros.h"

namespace commonwage {
namespace {

constexpr size_t kBufferSize = size_t{1} << 16;
constexpr mode_t kOwnerMode = S_IRUSR | S_IWUSR;
constexpr mode_t kEverybodyMode = kOwnerMode | S_IRGRP | S_IROTH;

enum class Place { kFree, kFile, kDevice };

absl::StatusOr<Place> PlaceOf(const NamedFile& file) {
  struct stat about {};
  if (stat(file.path.c_str(), &about) != 0) {
    return errno == ENOENT ? absl::StatusOr<Place>(Place::kFree)
                           : FileFailure(file.name, "written", errno);
  }
  if (S_ISREG(about.st_mode)) {
    return Place::kFile;
  }
  if (S_ISCHR(about.st_mode) || S_ISFIFO(about.st_mode)) {
    return Place::kDevice;
  }
  if (S_ISDIR(about.st_mode)) {
    return FileFailure(file.name, "written", EISDIR);
  }
  return Refusal(Reason::kFileUnusable,
                 absl::StrCat("The ", file.name,
                              " cannot be written: there is a disk or a socket "
                              "in its place; choose another name."));
}

absl::Status Exists(absl::string_view name) {
  return Refusal(
      Reason::kFileExists,
      absl::StrCat("There is a file already where the ", name,
                   " is to be, and it was left as it is; choose another name, "
                   "or say --force to replace it."));
}

absl::Status ReadOnly(absl::string_view name) {
  return Refusal(
      Reason::kFileRefused,
      absl::StrCat("The file that is there already where the ", name,
                   " is to be is read-only, as key files are, and is not "
                   "replaced, with --force neither; choose another name."));
}

}  // namespace

absl::StatusOr<OutputFile> OutputFile::Create(const NamedFile& file,
                                              Readers readers,
                                              IfThere if_there) {
  OutputFile output(file.name, readers, if_there);
  COMMONWAGE_ASSIGN_OR_RETURN(const Place place, PlaceOf(file));
  COMMONWAGE_ASSIGN_OR_RETURN(const std::string target, FollowLinks(file));
  if (place == Place::kDevice) {
    output.device_.emplace(
        open(file.path.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC));
    struct stat about {};
    if (!output.device_->ok() || fstat(output.device_->get(), &about) != 0) {
      return FileFailure(file.name, "written", errno);
    }
    // What is opened, not what was looked at before: a pipe that another
    // account has put there reads what was meant for nobody.
    if (IsTrap(target, about)) {
      return FileFailure(file.name, "written", EACCES);
    }
    return output;
  }
  if (place == Place::kFile && if_there == IfThere::kRefuse) {
    RemoveUnfinished(DirectoryOf(target));
    return Exists(file.name);
  }
  // As key files are: who meant another name loses nothing.
  struct stat there {};
  if (place == Place::kFile && stat(target.c_str(), &there) == 0 &&
      (there.st_mode & S_IWUSR) == 0) {
    return ReadOnly(file.name);
  }
  COMMONWAGE_ASSIGN_OR_RETURN(UnfinishedFile unfinished,
                              UnfinishedFile::Begin({target, file.name}));
  output.file_.emplace(std::move(unfinished));
  return output;
}

absl::Status OutputFile::Write(absl::string_view bytes) {
  const int failed =
      WriteAll(file_.has_value() ? file_->descriptor() : device_->get(), bytes);
  return failed == 0 ? absl::OkStatus() : FileFailure(name_, "written", failed);
}

absl::Status OutputFile::Append(absl::string_view bytes) {
  buffer_.append(bytes.data(), bytes.size());
  if (buffer_.size() < kBufferSize) {
    return absl::OkStatus();
  }
  COMMONWAGE_RETURN_IF_ERROR(Write(buffer_));
  buffer_.clear();
  return absl::OkStatus();
}

absl::Status OutputFile::Commit() {
  COMMONWAGE_RETURN_IF_ERROR(Write(buffer_));
  buffer_.clear();
  if (!file_.has_value()) {
    return absl::OkStatus();
  }
  const absl::Status placed = file_->PutInPlace(
      readers_ == Readers::kOwner ? kOwnerMode : kEverybodyMode,
      if_there_ == IfThere::kReplace ? Taking::kAnyFile : Taking::kFreePlace);
  return ReasonOf(placed) == Reason::kFileExists ? Exists(name_) : placed;
}

absl::Status WriteOutput(const NamedFile& file, absl::string_view content,
                         Readers readers, IfThere if_there) {
  COMMONWAGE_ASSIGN_OR_RETURN(OutputFile output,
                              OutputFile::Create(file, readers, if_there));
  COMMONWAGE_RETURN_IF_ERROR(output.Write(content));
  return output.Commit();
}

}  // namespace commonwage
