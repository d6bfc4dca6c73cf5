// SPDX-License-Identifier: Apache-2.0
// A directory of letters, ready to be printed.

#ifndef COMMONWAGE_SERVER_ISSUER_LETTER_FILES_H_
#define COMMONWAGE_SERVER_ISSUER_LETTER_FILES_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "server/issuer/issuer_store.h"
#include "server/issuer/letters.h"

namespace commonwage::server::issuer {

// A directory of mode 0700, with a file of mode 0600 for each letter: 0001.html
// and so on, so that no name tells a member, and all.html, to print them in one
// go. All of them or no directory: it is made beside its place. Move-only.
class LetterDirectory {
 public:
  // Makes it, before any code is drawn.
  //
  // Fails with ALREADY_EXISTS (DIRECTORY_IN_USE) if there is anything at `path`
  // but an empty directory, NOT_FOUND (FILE_NOT_FOUND), PERMISSION_DENIED
  // (FILE_REFUSED), RESOURCE_EXHAUSTED (DISK_FULL) or FAILED_PRECONDITION
  // (FILE_UNUSABLE); so does Write.
  static absl::StatusOr<LetterDirectory> Create(const std::string& path);

  LetterDirectory(const LetterDirectory&) = delete;
  LetterDirectory& operator=(const LetterDirectory&) = delete;
  LetterDirectory(LetterDirectory&& other) noexcept
      : path_(std::move(other.path_)),
        beside_(std::exchange(other.beside_, "")) {}
  LetterDirectory& operator=(LetterDirectory&&) = delete;
  ~LetterDirectory();

  // Writes the letters of `codes`, numbered in their order, syncs them and puts
  // the directory into its place. Call it once, last.
  absl::Status Write(const LetterTerms& terms,
                     absl::Span<const LetterCode> codes);

 private:
  LetterDirectory(std::string path, std::string beside)
      : path_(std::move(path)), beside_(std::move(beside)) {}

  std::string path_;
  std::string beside_;  // Empty once it is no longer ours to remove.
};

}  // namespace commonwage::server::issuer

#endif  // COMMONWAGE_SERVER_ISSUER_LETTER_FILES_H_
