// SPDX-License-Identifier: Apache-2.0
// Looks for known byte strings in files and in the memory of processes, and
// tells what is found from what chance alone would find.

#ifndef COMMONWAGE_TESTS_TESTING_NEEDLES_H_
#define COMMONWAGE_TESTS_TESTING_NEEDLES_H_

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/strings/string_view.h"

#include "tests/testing/process_memory.h"

namespace commonwage::testing {

// Many byte strings, sought at once. Each has a name, which several may share:
// "wage 17" in all its encodings.
class Needles {
 public:
  // `bytes` has at least four bytes.
  void Add(const std::string& name, absl::string_view bytes);

  // Adds `bytes` as they are, in hexadecimal digits, and in base64 wherever in
  // a longer text they begin. `bytes` has at least six bytes.
  void AddEncoded(const std::string& name, absl::string_view bytes);

  // Adds every way in which a whole number could lie about that tells at least
  // 40 of its bits: decimal text, with and without a point before the last two
  // digits, varint, 64 bits in both byte orders, as a whole and as a real
  // number; each as AddEncoded says. `number` has at least 40 bits.
  void AddNumber(const std::string& name, uint64_t number);

  // Adds the last 32 bits of a number in both byte orders. Four bytes are found
  // by chance: see ChanceOfAtLeast.
  void AddLow32Bits(const std::string& name, uint64_t number);

  // Return the names found.
  [[nodiscard]] std::set<std::string> In(absl::string_view haystack) const;
  [[nodiscard]] std::set<std::string> InFile(const std::string& path) const;
  // In the files themselves and in their names.
  [[nodiscard]] std::set<std::string> InDirectory(
      const std::string& path) const;
  // In all memory of a process.
  [[nodiscard]] std::set<std::string> InMemory(
      const ProcessMemory& memory) const;

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

// Returns how likely it is that `ours` or more of `found` hits fall on our
// numbers if each of our `our_count` and of `others` numbers is as likely to be
// hit as any other. It is so when all were drawn alike, and nobody whose bytes
// are searched has seen them: whatever those bytes are.
double ChanceOfAtLeast(size_t ours, size_t our_count, size_t others,
                       size_t found);

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_TESTING_NEEDLES_H_
