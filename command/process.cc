// SPDX-License-Identifier: Apache-2.0
#include "command/process.h"

#include <signal.h>
#include <sys/stat.h>

#include "base/check.h"

namespace commonwage::command {
namespace {

sigset_t SignalsToStop() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

}  // namespace

void KeepFilesPrivate() { umask(S_IRWXG | S_IRWXO); }

StopSignals::StopSignals() {
  // A terminal that goes away is no reason to stop serving.
  COMMONWAGE_CHECK(signal(SIGHUP, SIG_IGN) != SIG_ERR);
  const sigset_t signals = SignalsToStop();
  COMMONWAGE_CHECK(pthread_sigmask(SIG_BLOCK, &signals, nullptr) == 0);
}

// Not static: waiting makes sense only once they are held back.
// NOLINTNEXTLINE(readability-convert-member-functions-to-static)
void StopSignals::Wait() {
  const sigset_t signals = SignalsToStop();
  int received = 0;
  while (sigwait(&signals, &received) != 0) {
  }
}

}  // namespace commonwage::command
