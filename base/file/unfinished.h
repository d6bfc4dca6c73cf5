// SPDX-License-Identifier: Apache-2.0
// Files and directories that are being made beside their place, under the name
// of the place and a suffix of ours. Who makes one holds a lock on it, which
// the system takes away when the program ends, however it ends: so the next
// program that writes in the directory knows what a killed one left, and
// removes it.

#ifndef COMMONWAGE_BASE_FILE_UNFINISHED_H_
#define COMMONWAGE_BASE_FILE_UNFINISHED_H_

#include <sys/types.h>

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/file/descriptor.h"
#include "base/file/named_file.h"

namespace commonwage {

inline constexpr absl::string_view kUnfinishedSuffix = ".commonwage-unfinished";

// What may be there where a file goes.
enum class Taking { kFreePlace, kAnyFile };

// A file beside its place, for its owner alone. Removed when it goes, unless it
// was put into its place. Move-only.
class UnfinishedFile {
 public:
  // Removes what killed programs left in the directory, and makes the file.
  // `target` is no link (FollowLinks).
  //
  // Fails as FileFailure says; with FAILED_PRECONDITION (FILE_BUSY) if another
  // program is making the same file.
  static absl::StatusOr<UnfinishedFile> Begin(NamedFile target);

  UnfinishedFile(const UnfinishedFile&) = delete;
  UnfinishedFile& operator=(const UnfinishedFile&) = delete;
  UnfinishedFile(UnfinishedFile&& other) noexcept;
  UnfinishedFile& operator=(UnfinishedFile&&) = delete;
  ~UnfinishedFile();

  [[nodiscard]] int descriptor() const { return file_.get(); }

  // Gives the file `mode`, syncs it, puts it into its place in one step, and
  // syncs the directory. Nothing can come between the look whether the place is
  // free and the step: it is the system's own. Call it once, last.
  //
  // Fails with ALREADY_EXISTS (FILE_EXISTS) if the place is to be free and is
  // not, and as FileFailure says.
  absl::Status PutInPlace(mode_t mode, Taking taking);

 private:
  UnfinishedFile(NamedFile target, Descriptor directory, Descriptor file)
      : target_(std::move(target)),
        directory_(std::move(directory)),
        file_(std::move(file)) {}

  [[nodiscard]] std::string Name() const;

  NamedFile target_;
  Descriptor directory_;
  Descriptor file_;
  bool ours_to_remove_ = true;
};

// Returns the error that another program is making the same thing.
absl::Status BeingMade(absl::string_view name);

// Removes what killed programs of this account left in `directory`, files and
// directories. What cannot be removed stays, and is found again.
void RemoveUnfinished(const std::string& directory);

// Renames `from` to `to` in the open directory `directory`, where nothing may
// have that name yet. Returns 0, or the system's error number (EEXIST).
int MoveToFreeName(int directory, const std::string& from,
                   const std::string& to);

}  // namespace commonwage

#endif  // COMMONWAGE_BASE_FILE_UNFINISHED_H_
