// SPDX-License-Identifier: Apache-2.0
// On a terminal of its own, as a person sits at it.

#include "command/terminal.h"

#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/check.h"
#include "client/recovery_text.h"
#include "crypto/secret.h"
#include "crypto/sodium_random.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::command {
namespace {

using ::testing::HasSubstr;

constexpr absl::Duration kPatience = absl::Seconds(60);

using Ask = absl::FunctionRef<absl::StatusOr<crypto::SecretBytes>()>;

absl::StatusOr<crypto::SecretBytes> AskOnce() {
  return AskSecret("Secret", "nothing was typed");
}

absl::StatusOr<crypto::SecretBytes> AskWords() {
  return AskSecretText("Words", "nothing was typed",
                       client::IsWholeRecoveryText);
}

// A process that asks for a secret at a terminal, or through a pipe, and what
// it got.
class Asking {
 public:
  explicit Asking(Ask ask) {
    COMMONWAGE_CHECK(openpty(&screen_, &terminal_, nullptr, nullptr, nullptr) ==
                     0);
    Start(ask, terminal_);
  }
  Asking(Ask ask, absl::string_view piped) {
    std::array<int, 2> ends{};
    COMMONWAGE_CHECK(pipe(ends.data()) == 0);
    COMMONWAGE_CHECK(write(ends[1], piped.data(), piped.size()) ==
                     static_cast<ssize_t>(piped.size()));
    close(ends[1]);
    Start(ask, ends[0]);
    close(ends[0]);
  }
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;
  ~Asking() {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
    for (const int descriptor : {screen_, terminal_, answers_}) {
      if (descriptor >= 0) {
        close(descriptor);
      }
    }
  }

  // Waits until the terminal does not show what is typed, `times` times in all.
  void AwaitQuestion(size_t times = 1) {
    const absl::Time end = absl::Now() + kPatience;
    while ((questions_ < times || Shows()) && absl::Now() < end) {
      std::array<char, 256> shown{};
      const ssize_t got = read(screen_, shown.data(), shown.size());
      for (ssize_t i = 0; i < got; ++i) {
        if (shown[static_cast<size_t>(i)] == ':') {
          ++questions_;
        }
      }
      absl::SleepFor(absl::Milliseconds(5));
    }
    EXPECT_GE(questions_, times);
  }
  void Type(absl::string_view keys) const {
    COMMONWAGE_CHECK(write(screen_, keys.data(), keys.size()) ==
                     static_cast<ssize_t>(keys.size()));
  }
  // Whether the terminal shows what is typed.
  [[nodiscard]] bool Shows() const {
    termios settings = {};
    COMMONWAGE_CHECK(tcgetattr(terminal_, &settings) == 0);
    return (settings.c_lflag & static_cast<tcflag_t>(ECHO)) != 0;
  }
  void Signal(int signal) const { kill(process_, signal); }

  // Waits for its end. Returns what it was given, or the signal that ended it.
  std::string Wait() {
    std::string answer;
    std::array<char, 4096> chunk{};
    for (ssize_t got = 0;
         (got = read(answers_, chunk.data(), chunk.size())) > 0;) {
      answer.append(chunk.data(), static_cast<size_t>(got));
    }
    int status = 0;
    waitpid(process_, &status, 0);
    return WIFSIGNALED(status) ? absl::StrCat("signal ", WTERMSIG(status))
                               : answer;
  }

 private:
  void Start(Ask ask, int input) {
    std::array<int, 2> ends{};
    COMMONWAGE_CHECK(pipe(ends.data()) == 0);
    process_ = fork();
    COMMONWAGE_CHECK(process_ >= 0);
    if (process_ == 0) {
      setsid();
      ioctl(input, TIOCSCTTY, 0);
      dup2(input, STDIN_FILENO);
      if (terminal_ >= 0) {
        dup2(input, STDERR_FILENO);
      }
      close(ends[0]);
      const absl::StatusOr<crypto::SecretBytes> answer = ask();
      const std::string told = answer.ok()
                                   ? absl::StrCat("got ", answer->ExposeText())
                                   : std::string(answer.status().message());
      _exit(write(ends[1], told.data(), told.size()) > 0 ? 0 : 1);
    }
    close(ends[1]);
    answers_ = ends[0];
    if (screen_ >= 0) {
      fcntl(screen_, F_SETFL, O_NONBLOCK);
    }
  }

  int screen_ = -1;
  int terminal_ = -1;
  int answers_ = -1;
  pid_t process_ = -1;
  size_t questions_ = 0;
};

class TerminalTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK(crypto::InitCrypto()); }
};

TEST_F(TerminalTest, ASecretIsNotShownAndTheTerminalIsAsBefore) {
  Asking asking(AskOnce);
  asking.AwaitQuestion();
  asking.Type("open sesame\n");
  EXPECT_EQ(asking.Wait(), "got open sesame");
  EXPECT_TRUE(asking.Shows());
}

TEST_F(TerminalTest, WhateverEndsTheProgramTheTerminalShowsWhatIsTypedAgain) {
  Asking interrupted(AskOnce);
  interrupted.AwaitQuestion();
  interrupted.Type("open\x03");
  EXPECT_EQ(interrupted.Wait(), absl::StrCat("signal ", SIGINT));
  EXPECT_TRUE(interrupted.Shows());
  for (const int signal : {SIGTERM, SIGHUP, SIGQUIT}) {
    Asking asking(AskOnce);
    asking.AwaitQuestion();
    asking.Signal(signal);
    EXPECT_EQ(asking.Wait(), absl::StrCat("signal ", signal));
    EXPECT_TRUE(asking.Shows()) << signal;
  }
}

TEST_F(TerminalTest, AfterAStopItAsksAgain) {
  Asking asking(AskOnce);
  asking.AwaitQuestion();
  asking.Type("half\x1a");
  asking.AwaitQuestion(2);
  asking.Type("open sesame\n");
  EXPECT_EQ(asking.Wait(), "got open sesame");
  EXPECT_TRUE(asking.Shows());
}

TEST_F(TerminalTest, AnEmptyLineIsNoSecret) {
  Asking asking(AskOnce);
  asking.AwaitQuestion();
  asking.Type("\n");
  EXPECT_EQ(asking.Wait(), "nothing was typed");
  EXPECT_TRUE(asking.Shows());
}

TEST_F(TerminalTest, PastedWordsAreTakenWholeAndNoneIsLeftForTheShell) {
  std::string pasted;
  for (int i = 1; i <= 24; ++i) {
    absl::StrAppend(&pasted, i, ".about", i % 6 == 0 ? "\n" : " ");
  }
  Asking asking(AskWords);
  asking.AwaitQuestion();
  asking.Type(pasted);
  const std::string got = asking.Wait();
  EXPECT_THAT(got, HasSubstr("1.about"));
  EXPECT_THAT(got, HasSubstr("24.about"));
}

TEST_F(TerminalTest, FewerWordsEndWithAnEmptyLine) {
  Asking asking(AskWords);
  asking.AwaitQuestion();
  asking.Type("about above\n\n");
  EXPECT_THAT(asking.Wait(), HasSubstr("got about above"));
}

TEST_F(TerminalTest, APipeGivesALineAtATimeHoweverItEnds) {
  for (const char* piped : {"open sesame\nnext\n", "open sesame\r\nnext\r\n",
                            "\ufeffopen sesame\r\n", "open sesame"}) {
    EXPECT_EQ(Asking(AskOnce, piped).Wait(), "got open sesame");
  }
  EXPECT_EQ(Asking(AskOnce, "").Wait(), "nothing was typed");
  EXPECT_EQ(Asking(AskOnce, "\r\n").Wait(), "nothing was typed");
  const auto twice = [] {
    static_cast<void>(AskOnce());
    return AskOnce();
  };
  EXPECT_EQ(Asking(twice, "one\ntwo\nthree\n").Wait(), "got two");
}

}  // namespace
}  // namespace commonwage::command
