// SPDX-License-Identifier: Apache-2.0
// Aborts on states that cannot happen: broken entropy, a corrupted ledger. Weak
// noise or a second release is worse than downtime. Never for input, however
// hostile: that gets an absl::Status.

#ifndef COMMONWAGE_BASE_CHECK_H_
#define COMMONWAGE_BASE_CHECK_H_

#include <cstdio>
#include <cstdlib>

namespace commonwage {

// Prints where and what, never a value, and aborts.
[[noreturn]] inline void CheckFailed(const char* condition, const char* file,
                                     int line) {
  std::fprintf(stderr, "%s:%d: check failed: %s\n", file, line, condition);
  std::abort();
}

}  // namespace commonwage

// Aborts the process unless `condition` holds, in every kind of build.
#define COMMONWAGE_CHECK(condition)   \
  ((condition) ? static_cast<void>(0) \
               : ::commonwage::CheckFailed(#condition, __FILE__, __LINE__))

#endif  // COMMONWAGE_BASE_CHECK_H_
