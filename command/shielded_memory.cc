// SPDX-License-Identifier: Apache-2.0
#include "command/shielded_memory.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include "base/check.h"

namespace commonwage::command {

ShieldedMemory::ShieldedMemory() {
  const rlimit no_core{0, 0};
  COMMONWAGE_CHECK(setrlimit(RLIMIT_CORE, &no_core) == 0);
  COMMONWAGE_CHECK(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0);
}

ShieldedMemory::~ShieldedMemory() { prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); }

}  // namespace commonwage::command
