// SPDX-License-Identifier: Apache-2.0
#include "base/file/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <iostream>

#include "base/error.h"
#include "base/file/file_failure.h"

namespace commonwage {

void HoldStandardStreams() {
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(number, F_GETFD) < 0) {
      // The lowest free number is this one. The way round is wrong on purpose:
      // what is written fails, and is noticed.
      static_cast<void>(
          open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY));
    }
  }
}

absl::Status FlushStandardOutput() {
  errno = 0;
  std::cout.flush();
  const bool written = std::fflush(stdout) == 0 && std::cout.good();
  const int error_number = errno;
  if (written) {
    return absl::OkStatus();
  }
  if (error_number != 0) {
    return FileFailure("standard output", "written", error_number);
  }
  // An earlier part was lost, and nobody remembers why.
  return Refusal(Reason::kFileUnusable,
                 "The standard output could not be written whole: its disk is "
                 "full, or it was closed.");
}

}  // namespace commonwage
