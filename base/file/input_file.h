// SPDX-License-Identifier: Apache-2.0
// Files that are read: whole, with a limit, or from front to back into the
// caller's own buffer.

#ifndef COMMONWAGE_BASE_FILE_INPUT_FILE_H_
#define COMMONWAGE_BASE_FILE_INPUT_FILE_H_

#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "base/file/descriptor.h"
#include "base/file/named_file.h"

namespace commonwage {

// Returns the content of a file.
//
// Fails with INVALID_ARGUMENT (FILE_TOO_LARGE) if it has more than `max_bytes`,
// and as FileFailure says.
absl::StatusOr<std::string> ReadFile(const NamedFile& file, size_t max_bytes);

// A file read from front to back. Move-only.
class InputFile {
 public:
  // Fails as FileFailure says, as all of this does.
  static absl::StatusOr<InputFile> Open(const NamedFile& file);

  // Fails with FAILED_PRECONDITION: FILE_TOO_OPEN if others may read or write
  // the file, access lists included, or that cannot be found out;
  // FILE_OF_ANOTHER if it belongs to another account than this one and root,
  // which could change it at any time.
  [[nodiscard]] absl::Status CheckPrivate() const;

  // Fills the front of `out` and returns how much: 0 only at the end.
  [[nodiscard]] absl::StatusOr<size_t> Read(absl::Span<char> out) const;

  // Fills all of `out`, or as much as there is, and returns how much. No copy
  // of what is read is left anywhere else.
  [[nodiscard]] absl::StatusOr<size_t> Fill(absl::Span<char> out) const;

 private:
  InputFile(std::string name, Descriptor file)
      : name_(std::move(name)), file_(std::move(file)) {}

  std::string name_;
  Descriptor file_;
};

}  // namespace commonwage

#endif  // COMMONWAGE_BASE_FILE_INPUT_FILE_H_
