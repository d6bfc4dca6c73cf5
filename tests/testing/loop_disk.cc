// SPDX-License-Identifier: Apache-2.0
#include "tests/testing/loop_disk.h"

#include <sys/mount.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>

#include "absl/memory/memory.h"

#include "base/check.h"
#include "tests/testing/program.h"
#include "tests/testing/shared_files.h"

namespace commonwage::testing {
namespace {

constexpr uintmax_t kBytes = uintmax_t{32} << 20U;

}  // namespace

std::unique_ptr<LoopDisk> LoopDisk::Mount(std::string& why_not) {
  if (geteuid() != 0) {
    why_not = "only root can mount a disk image";
    return nullptr;
  }
  auto disk = absl::WrapUnique(new LoopDisk());
  const std::string image = disk->directory_.File("image");
  const std::string mount = disk->directory_.File("mount");
  COMMONWAGE_CHECK(std::ofstream(image).good());
  std::filesystem::resize_file(image, kBytes);
  std::filesystem::create_directory(mount);
  const ProgramResult made = RunProgram({"mkfs.ext4", "-q", "-F", image});
  if (made.exit_code != 0) {
    why_not = "mkfs.ext4 did not run: " + made.err;
    return nullptr;
  }
  const ProgramResult mounted =
      RunProgram({"mount", "-t", "ext4", "-o", "loop", image, mount});
  if (mounted.exit_code != 0) {
    why_not = "there is no loop device to mount: " + mounted.err;
    return nullptr;
  }
  disk->mounted_ = true;
  return disk;
}

LoopDisk::~LoopDisk() {
  if (mounted_) {
    umount2(directory_.File("mount").c_str(), MNT_DETACH);
  }
}

std::string LoopDisk::UnmountAndRead() {
  COMMONWAGE_CHECK(umount(directory_.File("mount").c_str()) == 0);
  mounted_ = false;
  std::string device = FileContents(directory_.File("image")).value();
  COMMONWAGE_CHECK(device.size() == kBytes);
  return device;
}

}  // namespace commonwage::testing
