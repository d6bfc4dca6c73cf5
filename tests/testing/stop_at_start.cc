// SPDX-License-Identifier: Apache-2.0
// Loaded into a program with LD_PRELOAD, stops it before its first line, so
// that its parent can open its memory before it closes itself to debuggers.

#include <csignal>

namespace {

__attribute__((constructor)) void StopAtStart() {
  static_cast<void>(std::raise(SIGSTOP));
}

}  // namespace
