// SPDX-License-Identifier: Apache-2.0
// A directory of files that a command hands out: all of them or no directory.

#ifndef COMMONWAGE_BASE_FILE_OUTPUT_DIRECTORY_H_
#define COMMONWAGE_BASE_FILE_OUTPUT_DIRECTORY_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/file/descriptor.h"
#include "base/file/named_file.h"

namespace commonwage {

// A directory of mode 0700, made beside its place and put there by Commit.
// Without Commit nothing is left behind. Move-only.
class OutputDirectory {
 public:
  // Removes what killed programs left beside it, and makes it.
  //
  // Fails with ALREADY_EXISTS (DIRECTORY_IN_USE) if there is anything at the
  // path but an empty directory or a link to one, FAILED_PRECONDITION
  // (FILE_BUSY) if another program is making the same, and as FileFailure says;
  // so does all of this.
  static absl::StatusOr<OutputDirectory> Create(NamedFile directory);

  OutputDirectory(const OutputDirectory&) = delete;
  OutputDirectory& operator=(const OutputDirectory&) = delete;
  OutputDirectory(OutputDirectory&& other) noexcept;
  OutputDirectory& operator=(OutputDirectory&&) = delete;
  ~OutputDirectory();

  // Adds `content` to the file `name` in it, which is made if needed, mode
  // 0600.
  absl::Status Append(const std::string& name, absl::string_view content);

  // Syncs all that was written, and puts the directory into its place.
  absl::Status Commit();

 private:
  OutputDirectory(NamedFile place, std::string beside, Descriptor held)
      : place_(std::move(place)),
        beside_(std::move(beside)),
        held_(std::move(held)) {}

  NamedFile place_;
  std::string beside_;  // Empty once it is no longer ours to remove.
  Descriptor held_;     // The directory beside, locked.
};

}  // namespace commonwage

#endif  // COMMONWAGE_BASE_FILE_OUTPUT_DIRECTORY_H_
