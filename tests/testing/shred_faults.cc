// SPDX-License-Identifier: Apache-2.0
#include "tests/testing/shred_faults.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "base/check.h"

namespace commonwage::testing {
namespace {

std::atomic<ShredFault> current_fault = ShredFault::kNone;

ssize_t RealPwrite(int descriptor, const void* bytes, size_t size, off_t at) {
  return syscall(SYS_pwrite64, descriptor, bytes, size, at);
}

std::string PathOf(int descriptor) {
  std::array<char, 4096> path{};
  const ssize_t length =
      readlink(absl::StrCat("/proc/self/fd/", descriptor).c_str(), path.data(),
               path.size());
  return length < 0 ? ""
                    : std::string(path.data(), static_cast<size_t>(length));
}

// Makes the change in a copy, renames that over the file, and lets `descriptor`
// be the copy.
void ReplaceFile(int descriptor, const std::string& path, const void* bytes,
                 size_t size, off_t at) {
  const off_t end = lseek(descriptor, 0, SEEK_END);
  std::vector<char> all(static_cast<size_t>(end));
  COMMONWAGE_CHECK(pread(descriptor, all.data(), all.size(), 0) == end);
  const std::string copy_path = path + ".new";
  const int copy =
      open(copy_path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  COMMONWAGE_CHECK(RealPwrite(copy, all.data(), all.size(), 0) == end);
  COMMONWAGE_CHECK(RealPwrite(copy, bytes, size, at) ==
                   static_cast<ssize_t>(size));
  COMMONWAGE_CHECK(fsync(copy) == 0);
  COMMONWAGE_CHECK(std::rename(copy_path.c_str(), path.c_str()) == 0);
  COMMONWAGE_CHECK(dup2(copy, descriptor) == descriptor);
  close(copy);
}

}  // namespace

void SetShredFault(ShredFault fault) { current_fault = fault; }

}  // namespace commonwage::testing

// The names that the system gives them are reserved.
// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name)
extern "C" ssize_t pwrite(int descriptor, const void* bytes, size_t size,
                          off_t at) {
  using commonwage::testing::ShredFault;
  const ShredFault fault = commonwage::testing::current_fault;
  const std::string path =
      fault == ShredFault::kNone ? "" : commonwage::testing::PathOf(descriptor);
  if (!absl::EndsWith(path, "/shred.key")) {
    return commonwage::testing::RealPwrite(descriptor, bytes, size, at);
  }
  if (fault == ShredFault::kReplacesTheFile) {
    commonwage::testing::ReplaceFile(descriptor, path, bytes, size, at);
  }
  return static_cast<ssize_t>(size);
}
