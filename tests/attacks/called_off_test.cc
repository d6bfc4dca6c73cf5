// SPDX-License-Identifier: Apache-2.0
// Promise 2, "once", where a round was called off: what was answered is
// destroyed unread, on every machine. Whoever keeps an old copy of the vault,
// calls the round off, takes the loss back for a further round and then
// publishes the first one all the same, wins nothing: a release beats a
// cancellation at every door. And nobody but the steward calls a round off.

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/sodium_random.h"
#include "tests/testing/crowd.h"
#include "tests/testing/embedded_service.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::ProgramResult;

class CalledOffTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(crypto::InitCrypto());
    service_.CreateRound({.plan_json = testing::SamplePlanJson()});
    service_.StartServer();
    service_.WaitUntilOpen();
    std::filesystem::copy(service_.File("vault"), service_.File("vault-before"),
                          std::filesystem::copy_options::recursive);
  }

  ProgramResult Cancel(const std::string& out = "round.cancellation") {
    return service_.Steward({"round", "cancel", "--yes", "--round",
                             service_.round_id(), "--out", service_.File(out)});
  }
  ProgramResult ImportCancellation() {
    return service_.Admin(
        {"cancellation", "import", service_.File("round.cancellation")});
  }
  ProgramResult Take(const std::string& command, const std::string& wallet) {
    std::vector<std::string> arguments = {command,
                                          "--server",
                                          service_.server(),
                                          "--round",
                                          service_.round_id(),
                                          "--wallet",
                                          service_.File(wallet),
                                          "--passphrase-file",
                                          service_.File("passphrase")};
    if (command == "submit") {
      arguments.insert(arguments.end(),
                       {"--survey-key", service_.SurveyKey(), "--now",
                        "--answer", "platform=other", "--answer",
                        "region=north", "--answer", "hourly_pay=13.50"});
    }
    return service_.Client(arguments);
  }
  ProgramResult Verify(const std::vector<std::string>& names) {
    const ProgramResult key =
        service_.Steward({"key", "show", "--survey", "couriers"});
    const std::vector<std::string> lines = absl::StrSplit(key.out, '\n');
    std::vector<std::string> arguments = {
        "verify", "--survey-key", lines[0].substr(lines[0].find(": ") + 2)};
    for (const std::string& name : names) {
      arguments.push_back(service_.File(name));
    }
    return service_.Client(arguments);
  }
  // Until the running server has noticed.
  ProgramResult RoundsSaying(const std::string& words) {
    ProgramResult rounds;
    for (int i = 0; i < 100; ++i) {
      rounds = service_.Client({"rounds", "--server", service_.server()});
      if (rounds.out.find(words) != std::string::npos) {
        break;
      }
      absl::SleepFor(absl::Milliseconds(50));
    }
    return rounds;
  }
  void PutVaultBack() {
    std::filesystem::remove_all(service_.File("vault"));
    std::filesystem::copy(service_.File("vault-before"), service_.File("vault"),
                          std::filesystem::copy_options::recursive);
  }

  testing::EmbeddedService service_{COMMONWAGE_BIN_DIR};
};

TEST_F(CalledOffTest, EverybodyIsToldAndNothingIsLeft) {
  ASSERT_EQ(Take("submit", "early.wallet").exit_code, 0);
  const ProgramResult cancelled = Cancel();
  ASSERT_EQ(cancelled.exit_code, 0) << cancelled.err;
  EXPECT_THAT(cancelled.err, HasSubstr("who has answered or how many"));
  const ProgramResult imported = ImportCancellation();
  ASSERT_EQ(imported.exit_code, 0) << imported.err;
  EXPECT_THAT(imported.out, HasSubstr("destroyed unread"));
  EXPECT_FALSE(std::filesystem::exists(
      service_.File("online/inbox/" + service_.round_id() + ".db")));
  EXPECT_THAT(RoundsSaying("called off").out, HasSubstr("called off"));
  EXPECT_THAT(service_.Admin({"round", "status"}).out,
              HasSubstr(service_.round_id() + ": cancelled"));
  for (const char* command : {"withdraw", "receipt"}) {
    const ProgramResult told = Take(command, "early.wallet");
    EXPECT_THAT(told.out + told.err,
                HasSubstr("your answer was destroyed unread"))
        << command;
  }
  const ProgramResult late = Take("submit", "late.wallet");
  EXPECT_EQ(late.exit_code, 1);
  EXPECT_THAT(late.err, HasSubstr("called off"));
  EXPECT_FALSE(std::filesystem::exists(service_.File("late.wallet")));
  // The same file again, whatever was in the way.
  ASSERT_EQ(Cancel("again").exit_code, 0);
  EXPECT_EQ(testing::FileContents(service_.File("again")),
            testing::FileContents(service_.File("round.cancellation")));
  EXPECT_EQ(ImportCancellation().exit_code, 0);
  // Anybody can keep and check it.
  ASSERT_EQ(service_
                .Client({"download", "--server", service_.server(), "--round",
                         service_.round_id(), "--out", service_.File("kept")})
                .exit_code,
            0);
  const ProgramResult verified = Verify({"kept"});
  EXPECT_EQ(verified.exit_code, 0) << verified.err;
  EXPECT_THAT(verified.out, AllOf(HasSubstr("the round was called off"),
                                  HasSubstr("0 of 1600000 micro-rho spent")));
}

TEST_F(CalledOffTest, TheVaultThatCalledItOffNeverPublishesIt) {
  ASSERT_EQ(Cancel().exit_code, 0);
  service_.CloseEarly();
  service_.ExportInbox();
  const ProgramResult published = service_.Steward(
      {"publish", "--yes", "--inbox", service_.File("round.inbox"), "--out",
       service_.File("round.release")});
  EXPECT_EQ(published.exit_code, 1);
  EXPECT_THAT(published.err, HasSubstr("was called off"));
  EXPECT_FALSE(std::filesystem::exists(service_.File("round.release")));
}

TEST_F(CalledOffTest, ARestoredVaultThatPublishesItWinsNothing) {
  ASSERT_EQ(Take("submit", "early.wallet").exit_code, 0);
  service_.CloseEarly();
  service_.ExportInbox();
  ASSERT_EQ(Cancel().exit_code, 0);
  ASSERT_EQ(ImportCancellation().exit_code, 0);
  RoundsSaying("called off");
  EXPECT_THAT(Verify({"round.manifest", "round.cancellation"}).out,
              HasSubstr("0 of 1600000 micro-rho spent"));
  // With its shred.key of that time the old copy can still do it.
  PutVaultBack();
  service_.Publish();
  const ProgramResult both = Verify({"round.cancellation", "round.release"});
  EXPECT_EQ(both.exit_code, 1);
  EXPECT_THAT(both.out, AllOf(HasSubstr("The release counts, with its loss"),
                              HasSubstr("285000 of 1600000 micro-rho spent")));
  // The host counts it, too, and the round is called off no more.
  const ProgramResult imported =
      service_.Admin({"release", "import", service_.File("round.release")});
  EXPECT_EQ(imported.exit_code, 0) << imported.err;
  EXPECT_THAT(imported.err, HasSubstr("A release beats that"));
  EXPECT_THAT(RoundsSaying("published").out, Not(HasSubstr("called off")));
  const ProgramResult refused = ImportCancellation();
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("a release beats a cancellation"));
  // And so does a device that had been told.
  EXPECT_THAT(Take("receipt", "early.wallet").out,
              Not(HasSubstr("destroyed unread")));
}

TEST_F(CalledOffTest, AnOldVaultWithoutItsShredFileCallsNothingOff) {
  service_.CloseEarly();
  service_.ExportInbox();
  service_.Publish();
  std::filesystem::remove(service_.File("vault-before/shred.key"));
  std::filesystem::copy(service_.File("vault/shred.key"),
                        service_.File("vault-before/shred.key"));
  PutVaultBack();
  const ProgramResult cancelled = Cancel();
  EXPECT_EQ(cancelled.exit_code, 1);
  EXPECT_THAT(cancelled.err, HasSubstr("shred.key"));
  EXPECT_FALSE(std::filesystem::exists(service_.File("round.cancellation")));
}

TEST_F(CalledOffTest, NobodyElseCallsItOff) {
  testing::EmbeddedService stranger{COMMONWAGE_BIN_DIR};
  stranger.CreateRound({.plan_json = testing::SamplePlanJson()});
  ASSERT_EQ(
      stranger
          .Steward({"round", "cancel", "--yes", "--round", stranger.round_id(),
                    "--out", service_.File("round.cancellation")})
          .exit_code,
      0);
  const ProgramResult refused = ImportCancellation();
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("another manifest"));
  EXPECT_EQ(Take("submit", "a.wallet").exit_code, 0);
}

}  // namespace
}  // namespace commonwage
