// SPDX-License-Identifier: Apache-2.0
// Devices for tests that write where a device is.

#ifndef COMMONWAGE_TESTS_TESTING_DEVICES_H_
#define COMMONWAGE_TESTS_TESTING_DEVICES_H_

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace commonwage::testing {

enum class Device { kNull, kFull };

// Puts a device at `path`. Root gets a node of its own: what is tested, when
// it is broken, replaces the node, and the system's /dev/null is everybody's.
// Others get a link to the system's, which they cannot replace. False if no
// node can be made and used there.
inline bool PutDevice(const std::string& path, Device device) {
  std::filesystem::remove(path);
  if (geteuid() != 0) {
    std::filesystem::create_symlink(
        device == Device::kNull ? "/dev/null" : "/dev/full", path);
    return true;
  }
  const dev_t number = makedev(1, device == Device::kNull ? 3 : 7);
  if (mknod(path.c_str(), S_IFCHR | 0600, number) != 0) {
    return false;
  }
  const int opened = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (opened >= 0) {
    close(opened);
  }
  return opened >= 0;
}

}  // namespace commonwage::testing

// Ends the test, saying loudly what cannot be had.
#define COMMONWAGE_PUT_DEVICE(path, device)                                 \
  do {                                                                      \
    if (!::commonwage::testing::PutDevice((path),                           \
                                          ::commonwage::testing::device)) { \
      GTEST_SKIP() << "SKIPPED: no device can be made in the temporary "    \
                      "directory";                                          \
    }                                                                       \
  } while (false)

#endif  // COMMONWAGE_TESTS_TESTING_DEVICES_H_
