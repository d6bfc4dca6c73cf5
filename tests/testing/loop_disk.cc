// SPDX-License-Identifier: Apache-2.0
#include "tests/testing/loop_disk.h"

#include <sys/mount.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"

#include "base/check.h"
#include "tests/testing/program.h"
#include "tests/testing/shared_files.h"

namespace commonwage::testing {
namespace {

constexpr uintmax_t kBytes = uintmax_t{32} << 20U;
constexpr size_t kBlockSize = 4096;

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
  // Blocks as large disks have them; a small one would get smaller ones.
  const ProgramResult made = RunProgram(
      {"mkfs.ext4", "-q", "-F", "-b", absl::StrCat(kBlockSize), image});
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
  const std::string device = FileContents(directory_.File("image")).value();
  COMMONWAGE_CHECK(device.size() == kBytes);
  const std::string empty(kBlockSize, '\0');
  std::string written;
  for (size_t at = 0; at < device.size(); at += kBlockSize) {
    if (device.compare(at, kBlockSize, empty) != 0) {
      written.append(device, at, kBlockSize);
    }
  }
  return written;
}

}  // namespace commonwage::testing
