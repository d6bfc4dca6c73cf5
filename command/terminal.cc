// SPDX-License-Identifier: Apache-2.0
#include "command/terminal.h"

#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <optional>

#include "absl/strings/strip.h"

#include "base/typed_text.h"
#include "command/report.h"

namespace commonwage::command {
namespace {

// Nobody types more.
constexpr size_t kMaxSecretSize = size_t{1} << 14U;

// What ends or stops a program that waits for its terminal.
constexpr std::array<int, 5> kSignals = {SIGINT, SIGTERM, SIGHUP, SIGQUIT,
                                         SIGTSTP};

// The one that came, or 0. A handler has nothing else to write to.
volatile sig_atomic_t caught_signal = 0;

void NoteSignal(int signal) { caught_signal = signal; }

// Keeps the terminal from showing what is typed, for the length of a scope.
// Signals wait for the end of it.
class Silence {
 public:
  Silence() {
    caught_signal = 0;
    struct sigaction note = {};
    note.sa_handler = NoteSignal;  // Without SA_RESTART: reading ends with it.
    sigemptyset(&note.sa_mask);
    for (size_t i = 0; i < kSignals.size(); ++i) {
      sigaction(kSignals[i], &note, &actions_[i]);
    }
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
      // What is typed and not read yet is a secret's, and not the shell's.
      while (tcsetattr(STDIN_FILENO, TCSAFLUSH, &*before_) != 0 &&
             errno == EINTR) {
      }
    }
    for (size_t i = 0; i < kSignals.size(); ++i) {
      sigaction(kSignals[i], &actions_[i], nullptr);
    }
  }

 private:
  std::optional<termios> before_;
  std::array<struct sigaction, kSignals.size()> actions_ = {};
};

// A text that grows inside guarded memory.
class SecretText {
 public:
  SecretText() : bytes_(kMaxSecretSize) {}

  [[nodiscard]] absl::string_view view() const {
    return bytes_.ExposeText().substr(0, size_);
  }
  // What there is no room for is left out.
  void Append(char c) {
    if (size_ < kMaxSecretSize) {
      bytes_.ExposeForWriting()[size_++] = static_cast<uint8_t>(c);
    }
  }

 private:
  crypto::SecretBytes bytes_;
  size_t size_ = 0;
};

enum class LineEnd { kNewline, kEndOfInput, kSignal };

// Adds the next line to `text`. Reads no further, so that the next question
// finds its answer.
LineEnd ReadLine(SecretText& text) {
  while (caught_signal == 0) {
    char c = 0;
    const ssize_t got = read(STDIN_FILENO, &c, 1);
    if (got == 0 || (got < 0 && errno != EINTR)) {
      return LineEnd::kEndOfInput;
    }
    if (got > 0 && c == '\n') {
      return LineEnd::kNewline;
    }
    if (got > 0) {
      text.Append(c);
    }
  }
  return LineEnd::kSignal;
}

// Reads lines up to the last one. Returns whether no signal came in between.
bool ReadText(SecretText& text,
              absl::FunctionRef<bool(absl::string_view)> is_whole) {
  while (true) {
    const size_t before = text.view().size();
    const LineEnd end = ReadLine(text);
    const bool empty =
        TrimTyped(text.view().substr(before)).empty() && before > 0;
    if (end != LineEnd::kNewline || empty || is_whole(text.view())) {
      return end != LineEnd::kSignal;
    }
    text.Append('\n');
  }
}

// Without what a terminal or a pipe of another system put around it.
absl::string_view WithoutMarks(absl::string_view text) {
  absl::ConsumePrefix(&text, kByteOrderMark);
  absl::ConsumeSuffix(&text, "\r");
  return text;
}

}  // namespace

bool IsTerminal() { return isatty(STDIN_FILENO) == 1; }

absl::StatusOr<crypto::SecretBytes> AskSecretText(
    absl::string_view prompt, absl::string_view remedy,
    absl::FunctionRef<bool(absl::string_view)> is_whole) {
  while (true) {
    SecretText text;
    bool done = false;
    if (IsTerminal()) {
      std::cerr << prompt << ": " << std::flush;
      const Silence silence;
      done = ReadText(text, is_whole);
      std::cerr << '\n' << std::flush;
    } else {
      done = ReadText(text, is_whole);
    }
    // One that came with the last key counts as well.
    if (!done || caught_signal != 0) {
      // Now that the terminal is as it was: ends the program, or stops it.
      kill(getpid(), caught_signal);
      caught_signal = 0;
      continue;
    }
    const absl::string_view typed = WithoutMarks(text.view());
    return typed.find_first_not_of("\r\n") == absl::string_view::npos
               ? WrongUse(remedy)
               : absl::StatusOr<crypto::SecretBytes>(
                     crypto::SecretBytes::From(typed));
  }
}

absl::StatusOr<crypto::SecretBytes> AskSecret(absl::string_view prompt,
                                              absl::string_view remedy) {
  return AskSecretText(prompt, remedy,
                       [](absl::string_view /*line*/) { return true; });
}

}  // namespace commonwage::command
