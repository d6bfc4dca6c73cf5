// SPDX-License-Identifier: Apache-2.0
#include "client/cli/terminal.h"

#include <termios.h>
#include <unistd.h>

#include <iostream>
#include <optional>

#include "client/cli/command_line.h"

namespace commonwage::client::cli {
namespace {

// Keeps the terminal from showing what is typed, for the length of a scope.
class Silence {
 public:
  Silence() {
    termios settings = {};
    if (tcgetattr(STDIN_FILENO, &settings) == 0) {
      before_ = settings;
      settings.c_lflag &= ~static_cast<tcflag_t>(ECHO);
      tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings);
    }
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;
  ~Silence() {
    if (before_.has_value()) {
      tcsetattr(STDIN_FILENO, TCSAFLUSH, &*before_);
    }
  }

 private:
  std::optional<termios> before_;
};

}  // namespace

bool IsTerminal() { return isatty(STDIN_FILENO) == 1; }

absl::StatusOr<crypto::SecretBytes> AskSecret(absl::string_view prompt,
                                              absl::string_view remedy) {
  std::string line;
  if (IsTerminal()) {
    std::cerr << prompt << ": " << std::flush;
    const Silence silence;
    std::getline(std::cin, line);
    std::cerr << '\n';
  } else {
    std::getline(std::cin, line);
  }
  if (line.empty()) {
    return WrongUse(remedy);
  }
  crypto::SecretBytes secret = crypto::SecretBytes::From(line);
  crypto::Wipe(line);
  return secret;
}

}  // namespace commonwage::client::cli
