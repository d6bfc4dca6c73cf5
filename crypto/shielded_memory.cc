// SPDX-License-Identifier: Apache-2.0
#include "crypto/shielded_memory.h"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace commonwage::crypto {

ShieldedMemory::ShieldedMemory() {
  const rlimit none = {.rlim_cur = 0, .rlim_max = 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

ShieldedMemory::~ShieldedMemory() { prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); }

}  // namespace commonwage::crypto
