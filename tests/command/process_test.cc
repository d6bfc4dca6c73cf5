// SPDX-License-Identifier: Apache-2.0
// What keeps a program's memory and files to itself.

#include "command/process.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "command/shielded_memory.h"

namespace commonwage::command {
namespace {

// In a process of its own, which cannot take it back.
TEST(ProcessTest, AHardenedProcessKeepsItsMemoryAndItsFilesToItself) {
  const pid_t child = fork();
  if (child == 0) {
    umask(0);
    const ShieldedMemory shield;
    KeepFilesPrivate();
    rlimit core = {.rlim_cur = 1, .rlim_max = 1};
    const bool is_hard = prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 &&
                         getrlimit(RLIMIT_CORE, &core) == 0 &&
                         core.rlim_cur == 0 && core.rlim_max == 0 &&
                         umask(0) == (S_IRWXG | S_IRWXO);
    _exit(is_hard ? 0 : 1);
  }
  int state = -1;
  ASSERT_EQ(waitpid(child, &state, 0), child);
  EXPECT_EQ(state, 0);
}

}  // namespace
}  // namespace commonwage::command
