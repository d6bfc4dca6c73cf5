// SPDX-License-Identifier: Apache-2.0
// A fresh directory that is gone when the test is.

#ifndef COMMONWAGE_TESTS_TESTING_TEMP_DIRECTORY_H_
#define COMMONWAGE_TESTS_TESTING_TEMP_DIRECTORY_H_

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "base/check.h"

namespace commonwage::testing {

// Owns a directory under the system's temporary one, readable by us alone.
class TempDirectory {
 public:
  TempDirectory() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "commonwage-test-XXXXXX")
            .string();
    COMMONWAGE_CHECK(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;
  ~TempDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::string& path() const { return path_; }
  // Returns the path of `name` inside.
  [[nodiscard]] std::string File(const std::string& name) const {
    return path_ + "/" + name;
  }

 private:
  std::string path_;
};

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_TESTING_TEMP_DIRECTORY_H_
