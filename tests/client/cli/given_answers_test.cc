// SPDX-License-Identifier: Apache-2.0
// Ways for an answer into the program, and who else sees it on its way.

#include "client/cli/given_answers.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file/kept_file.h"
#include "tests/client/made_round.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::client::cli {
namespace {

using ::commonwage::testing::FileContents;
using ::commonwage::testing::MakeRound;
using ::commonwage::testing::TempDirectory;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;

class GivenAnswersTest : public ::testing::Test {
 protected:
  absl::StatusOr<GivenAnswers> FromFile(const std::string& content) {
    const std::string path = directory_.File("answers");
    EXPECT_OK(ReplaceFile({path, "answers"}, content));
    std::istringstream nothing;
    return ReadAnswers({.answers = {}, .file = path}, nothing);
  }

  const TempDirectory directory_;
};

TEST_F(GivenAnswersTest, AFileIsReadAsEditorsWriteIt) {
  const auto given = FromFile(
      "\xEF\xBB\xBF# my week\r\n\r\n platform = rides \r\nhourly_pay=17.50");
  ASSERT_OK(given);
  EXPECT_THAT(*given, ElementsAre(Pair("hourly_pay", "17.50"),
                                  Pair("platform", "rides")));
}

TEST_F(GivenAnswersTest, StandardInputIsAFileAsWell) {
  std::istringstream input("platform=rides\nhourly_pay=17.50\n");
  const auto given = ReadAnswers({.answers = {}, .file = "-"}, input);
  ASSERT_OK(given);
  EXPECT_EQ(given->size(), 2);
  std::istringstream endless(std::string(100'000, '#'));
  EXPECT_EQ(
      ReasonOf(ReadAnswers({.answers = {}, .file = "-"}, endless).status()),
      Reason::kWrongUse);
}

TEST_F(GivenAnswersTest, AnErrorNamesTheLineAndNotWhatIsInIt) {
  const absl::Status malformed =
      FromFile("platform=rides\nmy secret employer\n").status();
  EXPECT_EQ(ReasonOf(malformed), Reason::kWrongUse);
  EXPECT_THAT(std::string(malformed.message()),
              AllOf(HasSubstr("Line 2"), Not(HasSubstr("secret"))));
  EXPECT_EQ(ReasonOf(FromFile("pay=1\npay=2\n").status()), Reason::kWrongUse);
  EXPECT_EQ(ReasonOf(FromFile("# nothing yet\n").status()), Reason::kWrongUse);
  std::istringstream nothing;
  EXPECT_EQ(ReasonOf(ReadAnswers({.answers = {"pay=1"}, .file = "/nowhere/it"},
                                 nothing)
                         .status()),
            Reason::kFileNotFound);
}

TEST_F(GivenAnswersTest, AsksUntilEveryQuestionHasAnAnswerThatItTakes) {
  const Plan plan = MakeRound().manifest.plan;
  ASSERT_EQ(plan.dimensions.size(), 2);
  ASSERT_EQ(plan.measures.size(), 1);
  const std::vector<std::string>& platforms = plan.dimensions[0].values;
  const std::vector<std::string>& regions = plan.dimensions[1].values;
  std::istringstream in(absl::StrCat("0\nno such thing\n2\n", regions[0],
                                     "\na lot\n-3\n17.50\n"));
  std::ostringstream out;
  const auto given = AskForAnswers(plan, in, out);
  ASSERT_OK(given);
  EXPECT_EQ(given->at(plan.dimensions[0].id), platforms[1]);
  EXPECT_EQ(given->at(plan.dimensions[1].id), regions[0]);
  EXPECT_EQ(given->at(plan.measures[0].id), "17.50");
  EXPECT_THAT(out.str(), HasSubstr(absl::StrCat("2  ", platforms[1])));

  std::istringstream ends_early("1\n");
  EXPECT_EQ(ReasonOf(AskForAnswers(plan, ends_early, out).status()),
            Reason::kWrongUse);
}

TEST_F(GivenAnswersTest, WhatIsAnAnswerIsOverwrittenAndNothingElse) {
  std::vector<std::string> words = {"commonwage", "submit", "--answer",
                                    "pay=17.77",  "--now",  "--answer=a=b"};
  std::vector<char*> argv;
  for (std::string& word : words) {
    argv.push_back(word.data());
  }
  EXPECT_THAT(TakeArguments(static_cast<int>(argv.size()), argv.data()),
              ElementsAre("commonwage", "submit", "--answer", "pay=17.77",
                          "--now", "--answer=a=b"));
  EXPECT_THAT(words, ElementsAre("commonwage", "submit", "--answer",
                                 "xxxxxxxxx", "--now", "xxxxxxxxxxxx"));
}

// A server that takes connections and says nothing, so that whoever calls it
// waits.
class SilentServer {
 public:
  SilentServer() : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(socket_, any, size), 0);
    EXPECT_EQ(listen(socket_, 8), 0);
    EXPECT_EQ(getsockname(socket_, any, &size), 0);
    port_ = ntohs(address.sin_port);
  }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;
  ~SilentServer() { close(socket_); }

  [[nodiscard]] std::string Address() const {
    return absl::StrCat("127.0.0.1:", port_);
  }

 private:
  int socket_;
  int port_ = 0;
};

// What `ps` shows of a process, with NULs between the arguments.
std::string ArgumentsOf(pid_t process) {
  return FileContents(absl::StrCat("/proc/", process, "/cmdline")).value_or("");
}

TEST_F(GivenAnswersTest, TheWageIsNotInPsWhileTheProgramWaits) {
  const SilentServer server;
  const std::string address = server.Address();
  const std::string wallet = directory_.File("wallet");
  const pid_t process = fork();
  ASSERT_GE(process, 0);
  if (process == 0) {
    dup2(open("/dev/null", O_RDWR), STDIN_FILENO);
    dup2(STDIN_FILENO, STDERR_FILENO);
    execl(COMMONWAGE_PROGRAM, "commonwage", "submit", "--server",
          address.c_str(), "--round", "couriers.demo", "--wallet",
          wallet.c_str(), "--answer", "hourly_pay=17.77", nullptr);
    _exit(127);
  }
  const auto shows = [process](const std::string& text) {
    return ArgumentsOf(process).find(text) != std::string::npos;
  };
  const absl::Time patience = absl::Now() + absl::Seconds(60);
  while (!shows("xxxxxxxxxxxxxxxx") && absl::Now() < patience) {
    absl::SleepFor(absl::Milliseconds(5));
  }
  const std::string seen = ArgumentsOf(process);
  kill(process, SIGKILL);
  waitpid(process, nullptr, 0);
  EXPECT_THAT(seen, HasSubstr("--answer"));
  EXPECT_THAT(seen, Not(HasSubstr("17.77")));
}

TEST_F(GivenAnswersTest, OverwritesWhatTheParserKeepsOfAnAnswer) {
  CLI::App app;
  AnswerOptions options;
  options.AddTo(app);
  const char* const argv[] = {"commonwage", "--answer", "annual_pay=52000"};
  app.parse(3, argv);
  ASSERT_EQ(options.option->results().front(), "annual_pay=52000");
  const char* const kept = options.option->results().front().data();
  options.Wipe();
  EXPECT_EQ(options.answers.front(), "");
  EXPECT_EQ(options.option->results().front(), "");
  // Where it was, nothing of it is left.
  EXPECT_EQ(kept[1], '\0');

  GivenAnswers given = {{"annual_pay", "52000"}};
  WipeAnswers(given);
  EXPECT_EQ(given.at("annual_pay"), "");
}

}  // namespace
}  // namespace commonwage::client::cli
