// SPDX-License-Identifier: Apache-2.0
#include "tests/testing/needles.h"

#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "base/bytes.h"
#include "base/check.h"
#include "tests/testing/shared_files.h"

namespace commonwage::testing {
namespace {

constexpr size_t kPrefix = 4;
constexpr size_t kChunk = size_t{64} << 10;
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

}  // namespace

void Needles::Add(const std::string& name, absl::string_view bytes) {
  COMMONWAGE_CHECK(bytes.size() >= kPrefix && bytes.size() <= kLongestNeedle);
  needles_[PrefixOf(bytes.data())].push_back({name, std::string(bytes)});
  filter_.resize(kFilterBits);
  filter_[FilterBit(PrefixOf(bytes.data()))] = 1;
}

void Needles::AddNumber(const std::string& name, uint64_t number) {
  std::vector<std::string> encodings = {absl::StrCat(number), Varint(number),
                                        ""};
  AppendUint64(encodings.back(), number);
  if (number <= UINT32_MAX) {
    encodings.emplace_back();
    AppendUint32(encodings.back(), static_cast<uint32_t>(number));
  }
  for (const std::string& encoding : encodings) {
    Add(name, encoding);
    Add(name, std::string(encoding.rbegin(), encoding.rend()));
  }
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

std::set<std::string> Needles::InMemory(pid_t pid, int memory) const {
  std::set<std::string> found;
  std::ifstream maps(absl::StrCat("/proc/", pid, "/maps"));
  std::string line;
  std::string chunk(kChunk + kLongestNeedle, '\0');
  size_t read_bytes = 0;
  while (std::getline(maps, line)) {
    std::istringstream fields(line);
    uint64_t begin = 0;
    uint64_t end = 0;
    char dash = 0;
    fields >> std::hex >> begin >> dash >> end;
    for (uint64_t at = begin; at < end; at += kChunk) {
      const size_t wanted = std::min<uint64_t>(chunk.size(), end - at);
      const ssize_t got =
          pread(memory, chunk.data(), wanted, static_cast<off_t>(at));
      const absl::string_view piece(
          chunk.data(), static_cast<size_t>(std::max<ssize_t>(got, 0)));
      read_bytes += piece.size();
      // Most of what is mapped has never been touched.
      if (piece.find_first_not_of('\0') != absl::string_view::npos) {
        Search(piece, found);
      }
    }
  }
  // A process has at least its code and its stack: else nothing was searched.
  COMMONWAGE_CHECK(read_bytes > (size_t{1} << 20));
  return found;
}

int OpenMemory(pid_t pid) {
  return open(absl::StrCat("/proc/", pid, "/mem").c_str(),
              O_RDONLY | O_CLOEXEC);
}

}  // namespace commonwage::testing
