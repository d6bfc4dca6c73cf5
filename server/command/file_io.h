// SPDX-License-Identifier: Apache-2.0
// Files that commands read and write. A file that we write is whole or not
// there; a message about a file says which one is meant, never its path.

#ifndef COMMONWAGE_SERVER_COMMAND_FILE_IO_H_
#define COMMONWAGE_SERVER_COMMAND_FILE_IO_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace commonwage::server::command {

// A path that a person gave, and what to call it in a message.
struct NamedPath {
  std::string path;
  std::string name;  // Such as "plan file".
};

// Who may read a file that we make, besides its owner.
enum class Readers { kOwner, kEverybody };

// Returns the content of a file.
//
// Fails with NOT_FOUND (FILE_NOT_FOUND), PERMISSION_DENIED (FILE_REFUSED),
// FAILED_PRECONDITION (FILE_UNUSABLE, such as a directory) or INVALID_ARGUMENT
// (FILE_TOO_LARGE) if it has more than `max_bytes`.
absl::StatusOr<std::string> ReadWholeFile(const NamedPath& file,
                                          size_t max_bytes);

// Puts `content` at the path in one step, replacing what was there, and syncs
// file and directory. Fails as OutputFile does.
absl::Status WriteWholeFile(const NamedPath& file, absl::string_view content,
                            Readers readers);

// Renames the file at `from` to the path, in the same directory tree, replacing
// what was there, and syncs the directory. Fails as OutputFile does.
absl::Status MoveIntoPlace(const std::string& from, const NamedPath& file);

// A file read from front to back. Move-only.
class InputFile {
 public:
  // Fails as ReadWholeFile does.
  static absl::StatusOr<InputFile> Open(const NamedPath& file);

  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  InputFile(InputFile&& other) noexcept
      : name_(std::move(other.name_)),
        descriptor_(std::exchange(other.descriptor_, -1)) {}
  InputFile& operator=(InputFile&&) = delete;
  ~InputFile();

  // Fills the front of `out` and returns how much: 0 only at the end.
  absl::StatusOr<size_t> Read(absl::Span<char> out);

 private:
  InputFile(std::string name, int descriptor)
      : name_(std::move(name)), descriptor_(descriptor) {}

  std::string name_;
  int descriptor_;
};

// A file written from front to back beside its place, and put there by Commit.
// Without Commit nothing is left behind. Move-only.
class OutputFile {
 public:
  // Fails with NOT_FOUND (FILE_NOT_FOUND) if there is no such directory,
  // PERMISSION_DENIED (FILE_REFUSED), RESOURCE_EXHAUSTED (DISK_FULL) or
  // FAILED_PRECONDITION (FILE_UNUSABLE); so do Append and Commit.
  static absl::StatusOr<OutputFile> Create(const NamedPath& file,
                                           Readers readers);

  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  OutputFile(OutputFile&& other) noexcept
      : file_(std::move(other.file_)),
        temporary_path_(std::exchange(other.temporary_path_, "")),
        buffer_(std::move(other.buffer_)),
        descriptor_(std::exchange(other.descriptor_, -1)) {}
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();

  absl::Status Append(absl::string_view bytes);

  // Puts what was appended on the disk, still beside its place.
  absl::Status Sync();

  // Syncs the file, renames it into place and syncs the directory. Call it
  // once, last.
  absl::Status Commit();

  // Leaves the file behind after a Commit that failed; returns its path.
  std::string Keep();

 private:
  OutputFile(NamedPath file, std::string temporary_path, int descriptor)
      : file_(std::move(file)),
        temporary_path_(std::move(temporary_path)),
        descriptor_(descriptor) {}

  absl::Status Flush();

  NamedPath file_;
  std::string temporary_path_;  // Empty once it is no longer ours to remove.
  std::string buffer_;
  int descriptor_;
};

}  // namespace commonwage::server::command

#endif  // COMMONWAGE_SERVER_COMMAND_FILE_IO_H_
