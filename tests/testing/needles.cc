// SPDX-License-Identifier: Apache-2.0
#include "tests/testing/needles.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"

#include "base/bytes.h"
#include "base/check.h"
#include "tests/testing/process_memory.h"
#include "tests/testing/shared_files.h"

namespace commonwage::testing {
namespace {

constexpr size_t kPrefix = 4;
constexpr size_t kLongestNeedle = 1024;

uint32_t PrefixOf(const char* bytes) {
  uint32_t prefix = 0;
  std::memcpy(&prefix, bytes, kPrefix);
  return prefix;
}

// Where a prefix lies in the filter: most places of a haystack are told from
// every needle without a look into the table.
constexpr size_t kFilterBits = size_t{1} << 20;

size_t FilterBit(uint32_t prefix) { return (prefix * 2654435761U) >> 12U; }

std::string Varint(uint64_t number) {
  std::string bytes;
  for (; number >= 0x80; number >>= 7) {
    bytes.push_back(static_cast<char>((number & 0x7f) | 0x80));
  }
  bytes.push_back(static_cast<char>(number));
  return bytes;
}

std::string Reversed(absl::string_view bytes) {
  return std::string(bytes.rbegin(), bytes.rend());
}

std::string BigEndian(uint64_t number) {
  std::string bytes;
  AppendUint64(bytes, number);
  return bytes;
}

uint64_t BitsOfReal(uint64_t number) {
  const auto real = static_cast<double>(number);
  uint64_t bits = 0;
  static_assert(sizeof bits == sizeof real);
  std::memcpy(&bits, &real, sizeof bits);
  return bits;
}

// The characters of base64 that `bytes` alone decide when `before` other bytes
// precede them in a group of three.
std::string Base64Inside(absl::string_view bytes, size_t before) {
  const std::string text =
      absl::Base64Escape(absl::StrCat(std::string(before, '\0'), bytes));
  const size_t first = (before * 8 + 5) / 6;
  const size_t end = (before + bytes.size()) * 8 / 6;
  return text.substr(first, end - first);
}

// The logarithm of n choose k.
double LogChoose(size_t n, size_t k) {
  const auto log_factorial = [](size_t m) {
    return std::lgamma(static_cast<double>(m) + 1);
  };
  return log_factorial(n) - log_factorial(k) - log_factorial(n - k);
}

}  // namespace

void Needles::Add(const std::string& name, absl::string_view bytes) {
  COMMONWAGE_CHECK(bytes.size() >= kPrefix && bytes.size() <= kLongestNeedle);
  needles_[PrefixOf(bytes.data())].push_back({name, std::string(bytes)});
  filter_.resize(kFilterBits);
  filter_[FilterBit(PrefixOf(bytes.data()))] = 1;
}

void Needles::AddEncoded(const std::string& name, absl::string_view bytes) {
  Add(name, bytes);
  const std::string hex = absl::BytesToHexString(bytes);
  Add(name, hex);
  Add(name, absl::AsciiStrToUpper(hex));
  for (size_t before = 0; before < 3; ++before) {
    const std::string base64 = Base64Inside(bytes, before);
    Add(name, base64);
    Add(name, absl::StrReplaceAll(base64, {{"+", "-"}, {"/", "_"}}));
  }
}

void Needles::AddNumber(const std::string& name, uint64_t number) {
  COMMONWAGE_CHECK(number >> 40U != 0);
  const std::string text = absl::StrCat(number);
  const std::string whole = BigEndian(number);
  const std::string real = BigEndian(BitsOfReal(number));
  const std::string with_point = absl::StrCat(
      text.substr(0, text.size() - 2), ".", text.substr(text.size() - 2));
  for (const std::string& encoding : {text, with_point, Varint(number), whole,
                                      Reversed(whole), real, Reversed(real)}) {
    AddEncoded(name, encoding);
  }
}

void Needles::AddLow32Bits(const std::string& name, uint64_t number) {
  const std::string low = BigEndian(number).substr(4);
  Add(name, low);
  Add(name, Reversed(low));
}

void Needles::Search(absl::string_view haystack,
                     std::set<std::string>& found) const {
  for (size_t i = 0; i + kPrefix <= haystack.size(); ++i) {
    const uint32_t prefix = PrefixOf(haystack.data() + i);
    if (filter_[FilterBit(prefix)] == 0) {
      continue;
    }
    const auto bucket = needles_.find(prefix);
    if (bucket == needles_.end()) {
      continue;
    }
    for (const Needle& needle : bucket->second) {
      if (haystack.substr(i, needle.bytes.size()) == needle.bytes) {
        found.insert(needle.name);
      }
    }
  }
}

std::set<std::string> Needles::In(absl::string_view haystack) const {
  std::set<std::string> found;
  Search(haystack, found);
  return found;
}

std::set<std::string> Needles::InFile(const std::string& path) const {
  return In(FileContents(path).value_or(""));
}

std::set<std::string> Needles::InDirectory(const std::string& path) const {
  std::set<std::string> found = In(path);
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(path)) {
    Search(entry.path().string(), found);
    if (entry.is_regular_file()) {
      found.merge(InFile(entry.path().string()));
    }
  }
  return found;
}

std::set<std::string> Needles::InMemory(const ProcessMemory& memory) const {
  std::set<std::string> found;
  memory.Visit(kLongestNeedle,
               [&](absl::string_view piece) { Search(piece, found); });
  return found;
}

double ChanceOfAtLeast(size_t ours, size_t our_count, size_t others,
                       size_t found) {
  const double all_ways = LogChoose(our_count + others, found);
  double chance = 0;
  for (size_t x = ours; x <= std::min(found, our_count); ++x) {
    if (found - x <= others) {
      chance += std::exp(LogChoose(our_count, x) +
                         LogChoose(others, found - x) - all_ways);
    }
  }
  return chance;
}

}  // namespace commonwage::testing
