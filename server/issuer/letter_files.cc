// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/letter_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "server/issuer/issuer_store.h"
#include "server/issuer/letters.h"

namespace commonwage::server::issuer {
namespace {

constexpr absl::string_view kAllLetters = "all.html";

absl::Status InUse() {
  return Refusal(absl::StatusCode::kAlreadyExists, "DIRECTORY_IN_USE",
                 "There is something already where the letters are to be; it "
                 "was left as it is. Choose another directory.");
}

absl::Status Failure(int error_number) {
  constexpr absl::string_view kWhat = "The letters cannot be written: ";
  switch (error_number) {
    case EEXIST:
    case ENOTEMPTY:
    case ENOTDIR:
      return InUse();
    case ENOENT:
      return Refusal(absl::StatusCode::kNotFound, "FILE_NOT_FOUND",
                     absl::StrCat(kWhat,
                                  "the directory that theirs is to be in is "
                                  "not there; check the path."));
    case EACCES:
    case EPERM:
    case EROFS:
      return Refusal(absl::StatusCode::kPermissionDenied, "FILE_REFUSED",
                     absl::StrCat(kWhat,
                                  "this account may not do so there; check the "
                                  "permissions."));
    case ENOSPC:
    case EDQUOT:
      return Refusal(
          absl::StatusCode::kResourceExhausted, "DISK_FULL",
          absl::StrCat(kWhat, "the disk is full; make room and try again."));
    default:
      return Refusal(absl::StatusCode::kFailedPrecondition, "FILE_UNUSABLE",
                     absl::StrCat(kWhat, "the disk fails."));
  }
}

// A file that is not there yet, for its owner alone.
class NewFile {
 public:
  explicit NewFile(const std::string& path)
      : descriptor_(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                         S_IRUSR | S_IWUSR)) {}
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() {
    if (descriptor_ >= 0) {
      close(descriptor_);
    }
  }

  absl::Status Append(absl::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t put = write(descriptor_, bytes.data(), bytes.size());
      if (put < 0 && errno != EINTR) {
        return Failure(errno);
      }
      bytes.remove_prefix(static_cast<size_t>(std::max<ssize_t>(put, 0)));
    }
    return absl::OkStatus();
  }

 private:
  int descriptor_;
};

absl::Status WriteInto(const std::string& directory, const LetterTerms& terms,
                       absl::Span<const LetterCode> codes) {
  const std::string head = LetterHead(terms);
  const std::string foot = LetterFoot();
  NewFile all(absl::StrCat(directory, "/", kAllLetters));
  COMMONWAGE_RETURN_IF_ERROR(all.Append(head));
  for (size_t i = 0; i < codes.size(); ++i) {
    const std::string body = LetterBody(terms, codes[i]);
    NewFile letter(absl::StrFormat("%s/%04d.html", directory, i + 1));
    COMMONWAGE_RETURN_IF_ERROR(letter.Append(absl::StrCat(head, body, foot)));
    COMMONWAGE_RETURN_IF_ERROR(all.Append(body));
  }
  return all.Append(foot);
}

// Without slashes at its end, so that a name can be put beside it.
std::string WithoutSlashes(std::string path) {
  while (path.size() > 1 && path.back() == '/') {
    path.pop_back();
  }
  return path;
}

// Runs `sync`, fsync or syncfs, on a directory.
absl::Status Sync(const std::string& directory, int (*sync)(int)) {
  const int descriptor =
      open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) {
    return Failure(errno);
  }
  const absl::Cleanup close_it = [descriptor] { close(descriptor); };
  return sync(descriptor) == 0 ? absl::OkStatus() : Failure(errno);
}

absl::Status CheckPlace(const std::string& directory) {
  std::error_code error;
  const std::filesystem::file_status status =
      std::filesystem::symlink_status(directory, error);
  if (status.type() == std::filesystem::file_type::not_found) {
    return absl::OkStatus();
  }
  const bool empty = status.type() == std::filesystem::file_type::directory &&
                     std::filesystem::is_empty(directory, error);
  return empty && !error ? absl::OkStatus() : InUse();
}

}  // namespace

absl::StatusOr<LetterDirectory> LetterDirectory::Create(
    const std::string& path) {
  COMMONWAGE_RETURN_IF_ERROR(CheckPlace(path));
  const std::string place = WithoutSlashes(path);
  std::string beside = absl::StrCat(place, ".XXXXXX");
  // Nobody but the owner may enter what mkdtemp makes.
  if (mkdtemp(beside.data()) == nullptr) {
    return Failure(errno);
  }
  return LetterDirectory(place, beside);
}

LetterDirectory::~LetterDirectory() {
  if (!beside_.empty()) {
    std::error_code ignored;
    std::filesystem::remove_all(beside_, ignored);
  }
}

absl::Status LetterDirectory::Write(const LetterTerms& terms,
                                    absl::Span<const LetterCode> codes) {
  COMMONWAGE_RETURN_IF_ERROR(WriteInto(beside_, terms, codes));
  // The whole file system at once: thousands of files one by one take minutes.
  COMMONWAGE_RETURN_IF_ERROR(Sync(beside_, syncfs));
  // It takes the place of an empty directory, and of nothing else.
  if (std::rename(beside_.c_str(), path_.c_str()) != 0) {
    return Failure(errno);
  }
  beside_.clear();
  const std::string parent =
      std::filesystem::path(path_).parent_path().string();
  return Sync(parent.empty() ? "." : parent, fsync);
}

}  // namespace commonwage::server::issuer
