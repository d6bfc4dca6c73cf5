// SPDX-License-Identifier: Apache-2.0
#include "base/file/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "absl/strings/str_cat.h"

#include "base/error.h"
#include "base/file/file_access.h"
#include "base/file/file_failure.h"
#include "base/status_macros.h"

namespace commonwage {
namespace {

constexpr size_t kFirstChunk = 4096;
constexpr size_t kLargestChunk = size_t{1} << 20;

}  // namespace

absl::StatusOr<InputFile> InputFile::Open(const NamedFile& file) {
  Descriptor opened(open(file.path.c_str(), O_RDONLY | O_NOCTTY | O_CLOEXEC));
  struct stat about {};
  if (!opened.ok() || fstat(opened.get(), &about) != 0) {
    return FileFailure(file.name, "read", errno);
  }
  if (S_ISDIR(about.st_mode)) {
    return FileFailure(file.name, "read", EISDIR);
  }
  return InputFile(file.name, std::move(opened));
}

absl::Status InputFile::CheckPrivate() const {
  if (!IsPrivate(file_.get())) {
    return Refusal(
        Reason::kFileTooOpen,
        absl::StrCat("Others may read or write the ", name_,
                     "; make it private first: chmod 0400 on the file."));
  }
  if (!IsOfThisAccount(file_.get())) {
    return Refusal(
        Reason::kFileOfAnother,
        absl::StrCat("The ", name_,
                     " belongs to another account, which could read and change "
                     "it; chown it to the account that runs this program."));
  }
  return absl::OkStatus();
}

absl::StatusOr<size_t> InputFile::Read(absl::Span<char> out) const {
  while (true) {
    const ssize_t got = read(file_.get(), out.data(), out.size());
    if (got >= 0) {
      return static_cast<size_t>(got);
    }
    if (errno != EINTR) {
      return FileFailure(name_, "read", errno);
    }
  }
}

absl::StatusOr<size_t> InputFile::Fill(absl::Span<char> out) const {
  size_t filled = 0;
  while (filled < out.size()) {
    COMMONWAGE_ASSIGN_OR_RETURN(const size_t got, Read(out.subspan(filled)));
    if (got == 0) {
      break;
    }
    filled += got;
  }
  return filled;
}

absl::StatusOr<std::string> ReadFile(const NamedFile& file, size_t max_bytes) {
  COMMONWAGE_ASSIGN_OR_RETURN(const InputFile input, InputFile::Open(file));
  std::string content;
  size_t chunk = kFirstChunk;
  while (true) {
    const size_t before = content.size();
    content.resize(before + chunk);
    COMMONWAGE_ASSIGN_OR_RETURN(
        const size_t got, input.Fill(absl::MakeSpan(content).subspan(before)));
    content.resize(before + got);
    if (content.size() > max_bytes) {
      return FileTooLarge(file.name);
    }
    if (got < chunk) {
      return content;
    }
    chunk = std::min(2 * chunk, kLargestChunk);
  }
}

}  // namespace commonwage
