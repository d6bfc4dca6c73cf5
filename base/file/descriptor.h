// SPDX-License-Identifier: Apache-2.0
// An open file of the system's, and writing to it.

#ifndef COMMONWAGE_BASE_FILE_DESCRIPTOR_H_
#define COMMONWAGE_BASE_FILE_DESCRIPTOR_H_

#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace commonwage {

// Closes what it holds when it goes. Move-only.
class Descriptor {
 public:
  // Takes what open() returned, which may be -1.
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&& other) noexcept
      : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor();

  [[nodiscard]] bool ok() const { return number_ >= 0; }
  [[nodiscard]] int get() const { return number_; }

 private:
  int number_;
};

// Writes all of `bytes`. Returns 0, or the system's error number.
int WriteAll(int descriptor, absl::string_view bytes);

// Whether the open file is the one that has the name `path`, which is taken
// from the open directory `directory` (AT_FDCWD: from where we are).
bool IsNamed(int descriptor, int directory, const std::string& path);

}  // namespace commonwage

#endif  // COMMONWAGE_BASE_FILE_DESCRIPTOR_H_
