// SPDX-License-Identifier: Apache-2.0
// Published vectors and open data that the project may read but not carry.

#ifndef COMMONWAGE_TESTS_TESTING_SHARED_FILES_H_
#define COMMONWAGE_TESTS_TESTING_SHARED_FILES_H_

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

namespace commonwage::testing {

// Returns the path of `name`, such as "vectors/hpke.json", under the directory
// that COMMONWAGE_SHARED names, or else ../shared; nullopt if it is not there.
inline std::optional<std::string> SharedPath(const std::string& name) {
  const char* directory = std::getenv("COMMONWAGE_SHARED");
  std::string path =
      std::string(directory != nullptr ? directory : "../shared") + "/" + name;
  if (!std::ifstream(path).good()) {
    return std::nullopt;
  }
  return path;
}

// Returns the whole of `path`, or nullopt if it cannot be read.
inline std::optional<std::string> FileContents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file.good()) {
    return std::nullopt;
  }
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Returns the contents of the file at SharedPath(name).
inline std::optional<std::string> SharedFile(const std::string& name) {
  const std::optional<std::string> path = SharedPath(name);
  return path.has_value() ? FileContents(*path) : std::nullopt;
}

// What a program that is a test returns if it was skipped; CMake is told so.
inline constexpr int kSkippedExitCode = 77;

}  // namespace commonwage::testing

// Ends the test, saying loudly what was not there.
#define COMMONWAGE_SKIP_WITHOUT(name)                            \
  GTEST_SKIP() << "SKIPPED: " << (name)                          \
               << " is not there; set COMMONWAGE_SHARED to the " \
                  "directory that holds it"

#endif  // COMMONWAGE_TESTS_TESTING_SHARED_FILES_H_
