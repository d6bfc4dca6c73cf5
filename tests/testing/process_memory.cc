// SPDX-License-Identifier: Apache-2.0
#include "tests/testing/process_memory.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"

#include "base/check.h"

namespace commonwage::testing {
namespace {

constexpr size_t kPiece = size_t{64} << 10;
// A sanitizer's shadow and what it reserves are larger, and next to all of that
// was never touched; a program of ours maps no such thing.
constexpr uint64_t kLargestMapping = uint64_t{1} << 30;

std::string ReadFromStart(int descriptor) {
  std::string text;
  std::array<char, 4096> buffer{};
  COMMONWAGE_CHECK(lseek(descriptor, 0, SEEK_SET) == 0);
  for (ssize_t got = 0;
       (got = read(descriptor, buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<size_t>(got));
  }
  return text;
}

}  // namespace

ProcessMemory::ProcessMemory(pid_t pid)
    : memory_(open(absl::StrCat("/proc/", pid, "/mem").c_str(),
                   O_RDONLY | O_CLOEXEC)),
      maps_(open(absl::StrCat("/proc/", pid, "/maps").c_str(),
                 O_RDONLY | O_CLOEXEC)) {
  COMMONWAGE_CHECK(memory_ >= 0 && maps_ >= 0);
}

ProcessMemory::~ProcessMemory() {
  close(memory_);
  close(maps_);
}

uint64_t ProcessMemory::Visit(
    size_t overlap, const std::function<void(absl::string_view)>& visit) const {
  std::istringstream maps(ReadFromStart(maps_));
  std::string line;
  std::string piece(kPiece + overlap, '\0');
  uint64_t visited = 0;
  while (std::getline(maps, line)) {
    std::istringstream fields(line);
    uint64_t begin = 0;
    uint64_t end = 0;
    char dash = 0;
    fields >> std::hex >> begin >> dash >> end;
    if (end - begin > kLargestMapping) {
      continue;
    }
    for (uint64_t at = begin; at < end; at += kPiece) {
      const size_t wanted = std::min<uint64_t>(piece.size(), end - at);
      const ssize_t got =
          pread(memory_, piece.data(), wanted, static_cast<off_t>(at));
      const absl::string_view there(
          piece.data(), static_cast<size_t>(std::max<ssize_t>(got, 0)));
      // Most of what is mapped has never been touched.
      if (there.find_first_not_of('\0') != absl::string_view::npos) {
        visited += std::min(there.size(), kPiece);
        visit(there);
      }
    }
  }
  COMMONWAGE_CHECK(visited > (size_t{1} << 20));
  return visited;
}

}  // namespace commonwage::testing
