// SPDX-License-Identifier: Apache-2.0
// Files that commands hand out. One is whole or not there, nothing that was
// there is lost unless somebody said so, and nothing is written where there was
// nothing to write.
//
//   nothing, or a link to nothing   the file is made
//   a file, or a link to one        refused; with --force replaced, and a link
//                                   stays a link
//   a device such as /dev/null,     written into; it stays what it is
//   a FIFO
//   a directory, a socket, a disk   refused

#ifndef COMMONWAGE_BASE_FILE_OUTPUT_FILE_H_
#define COMMONWAGE_BASE_FILE_OUTPUT_FILE_H_

#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/file/descriptor.h"
#include "base/file/named_file.h"
#include "base/file/unfinished.h"

namespace commonwage {

// Who may read a file that we make, besides its owner.
enum class Readers { kOwner, kEverybody };

// What to do with a file that is there.
enum class IfThere { kRefuse, kReplace };

// The help of the flag --force, and what it means.
inline constexpr char kForceHelp[] = "Replace the file that is there";
inline IfThere IfThereWith(bool force) {
  return force ? IfThere::kReplace : IfThere::kRefuse;
}

// A file written from front to back beside its place, and put there by Commit.
// Without Commit nothing is left behind. Move-only.
class OutputFile {
 public:
  // Fails with ALREADY_EXISTS (FILE_EXISTS) if a file is there that is not to
  // be replaced; PERMISSION_DENIED (FILE_REFUSED) if it is read-only, or a pipe
  // of another account in a shared directory; FAILED_PRECONDITION (FILE_BUSY)
  // if another program is writing it, and as FileFailure says; so do Append and
  // Commit.
  static absl::StatusOr<OutputFile> Create(const NamedFile& file,
                                           Readers readers, IfThere if_there);

  // What is small is gathered, so not for a secret.
  absl::Status Append(absl::string_view bytes);

  // Syncs the file, puts it into its place in one step and syncs the directory.
  // Call it once, last.
  absl::Status Commit();

 private:
  friend absl::Status WriteOutput(const NamedFile& file,
                                  absl::string_view content, Readers readers,
                                  IfThere if_there);

  OutputFile(std::string name, Readers readers, IfThere if_there)
      : name_(std::move(name)), readers_(readers), if_there_(if_there) {}

  absl::Status Write(absl::string_view bytes);

  std::string name_;
  Readers readers_;
  IfThere if_there_;
  std::string buffer_;
  // One of the two.
  std::optional<UnfinishedFile> file_;
  std::optional<Descriptor> device_;
};

// Writes `content` as one such file.
absl::Status WriteOutput(const NamedFile& file, absl::string_view content,
                         Readers readers, IfThere if_there);

}  // namespace commonwage

#endif  // COMMONWAGE_BASE_FILE_OUTPUT_FILE_H_
