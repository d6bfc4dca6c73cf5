// SPDX-License-Identifier: Apache-2.0
// A disk of its own, as a file: ext4 on a loop device, which root can mount and
// then read block by block, the ones that no file has any more included.

#ifndef COMMONWAGE_TESTS_TESTING_LOOP_DISK_H_
#define COMMONWAGE_TESTS_TESTING_LOOP_DISK_H_

#include <memory>
#include <string>

#include "tests/testing/temp_directory.h"

namespace commonwage::testing {

// A mounted disk; unmounted and gone when this goes.
class LoopDisk {
 public:
  // Returns nullptr, and sets `why_not`, where this account or machine cannot
  // mount one.
  static std::unique_ptr<LoopDisk> Mount(std::string& why_not);
  LoopDisk(const LoopDisk&) = delete;
  LoopDisk& operator=(const LoopDisk&) = delete;
  ~LoopDisk();

  // A path on the disk.
  [[nodiscard]] std::string File(const std::string& name) const {
    return directory_.File("mount") + "/" + name;
  }

  // Unmounts it and returns every block of the device that holds anything but
  // zeros, in their order. Aborts if a file on it is still open.
  std::string UnmountAndRead();

 private:
  LoopDisk() = default;

  TempDirectory directory_;
  bool mounted_ = false;
};

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_TESTING_LOOP_DISK_H_
