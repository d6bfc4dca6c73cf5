// SPDX-License-Identifier: Apache-2.0
// Looks for known byte strings in files and in the memory of processes.

#ifndef COMMONWAGE_TESTS_TESTING_NEEDLES_H_
#define COMMONWAGE_TESTS_TESTING_NEEDLES_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/strings/string_view.h"

namespace commonwage::testing {

// Many byte strings, sought at once. Each has a name, which several may share:
// "wage 17" in all its encodings.
class Needles {
 public:
  // `bytes` has at least four bytes.
  void Add(const std::string& name, absl::string_view bytes);

  // Adds every way in which a whole number could lie about: decimal text,
  // varint, 32 bits if it fits, and 64 bits, in both byte orders.
  void AddNumber(const std::string& name, uint64_t number);

  // Return the names found.
  [[nodiscard]] std::set<std::string> In(absl::string_view haystack) const;
  [[nodiscard]] std::set<std::string> InFile(const std::string& path) const;
  // In the files themselves and in their names.
  [[nodiscard]] std::set<std::string> InDirectory(
      const std::string& path) const;
  // In all readable memory behind `memory`, an open /proc/PID/mem.
  [[nodiscard]] std::set<std::string> InMemory(pid_t pid, int memory) const;

 private:
  struct Needle {
    std::string name;
    std::string bytes;
  };

  void Search(absl::string_view haystack, std::set<std::string>& found) const;

  // By their first four bytes.
  std::unordered_map<uint32_t, std::vector<Needle>> needles_;
  std::vector<char> filter_;  // Whether a needle may begin so.
};

// Opens the memory of a process that we started or own; -1 if that is refused.
int OpenMemory(pid_t pid);

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_TESTING_NEEDLES_H_
