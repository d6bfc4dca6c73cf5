// SPDX-License-Identifier: Apache-2.0
// What survives a loss of power: a file's content is on the disk before the
// file has its name, and the name before anybody is told. The calls of the C
// library are this program's own, which note what they are asked and pass it
// on.

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file/kept_file.h"
#include "base/file/output_directory.h"
#include "base/file/output_file.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace {

// What was asked of the system, in order. Of this file alone: C's functions
// take no argument of ours.
std::vector<std::string>& Calls() {
  static std::vector<std::string> calls;
  return calls;
}

template <typename Function>
Function Real(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

int fsync(int descriptor) {
  struct stat about {};
  fstat(descriptor, &about);
  Calls().emplace_back(S_ISDIR(about.st_mode) ? "sync directory" : "sync file");
  return Real<int (*)(int)>("fsync")(descriptor);
}

int renameat(int from_directory, const char* from, int to_directory,
             const char* to) noexcept {
  Calls().emplace_back("name");
  return Real<int (*)(int, const char*, int, const char*)>("renameat")(
      from_directory, from, to_directory, to);
}

int renameat2(int from_directory, const char* from, int to_directory,
              const char* to, unsigned int flags) noexcept {
  Calls().emplace_back("name");
  return Real<int (*)(int, const char*, int, const char*, unsigned int)>(
      "renameat2")(from_directory, from, to_directory, to, flags);
}

int rename(const char* from, const char* to) noexcept {
  Calls().emplace_back("name");
  return Real<int (*)(const char*, const char*)>("rename")(from, to);
}

int unlink(const char* path) noexcept {
  Calls().emplace_back("remove");
  return Real<int (*)(const char*)>("unlink")(path);
}

}  // extern "C"

namespace commonwage {
namespace {

using ::testing::ElementsAre;

class DurabilityTest : public ::testing::Test {
 protected:
  static std::vector<std::string> TakeCalls() {
    std::vector<std::string> taken;
    taken.swap(Calls());
    return taken;
  }

  testing::TempDirectory directory_;
  const NamedFile file_{directory_.File("file"), "test file"};
};

TEST_F(DurabilityTest, ANewFileIsOnTheDiskBeforeItHasItsName) {
  TakeCalls();
  ASSERT_OK(CreateFile(file_, "content", Mode::kReadOnly));
  EXPECT_THAT(TakeCalls(), ElementsAre("sync file", "name", "sync directory"));
}

TEST_F(DurabilityTest, SoIsOneThatReplacesAnother) {
  ASSERT_OK(ReplaceFile(file_, "old"));
  TakeCalls();
  ASSERT_OK(ReplaceFile(file_, "new"));
  EXPECT_THAT(TakeCalls(), ElementsAre("sync file", "name", "sync directory"));
}

TEST_F(DurabilityTest, SoIsACommandsOutput) {
  for (const IfThere if_there : {IfThere::kRefuse, IfThere::kReplace}) {
    TakeCalls();
    ASSERT_OK(WriteOutput(file_, "content", Readers::kEverybody, if_there));
    EXPECT_THAT(TakeCalls(),
                ElementsAre("sync file", "name", "sync directory"));
  }
}

TEST_F(DurabilityTest, MovingAndRemovingAreOnTheDiskToo) {
  ASSERT_OK(ReplaceFile(file_, "content"));
  TakeCalls();
  const NamedFile to{directory_.File("to"), "test file"};
  ASSERT_OK(MoveFile(file_, to));
  EXPECT_THAT(TakeCalls(), ElementsAre("name", "sync directory"));
  ASSERT_OK(RemoveFile(to));
  EXPECT_THAT(TakeCalls(), ElementsAre("remove", "sync directory"));
}

}  // namespace
}  // namespace commonwage
