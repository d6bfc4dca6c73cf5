// SPDX-License-Identifier: Apache-2.0
// Promise 2, "over all rounds": the steward's vault is put back to a copy from
// before a round, and signs as if that round had never been: a round too many
// for the survey's cap, a raised cap, the same round anew. The vault cannot
// know. Whoever has seen what it signed before can, and each door refuses: the
// operator's host, the worker's device, the verifier. Who has seen nothing, or
// is kept from it, takes it without a word; the tests show that as well.

#include <signal.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/sodium_random.h"
#include "tests/testing/embedded_service.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::ProgramResult;

// A round as the vault is asked to make it. The sample plan's costs 285,000.
struct Wish {
  std::string round;
  int cap_micro_rho;
  int k = 10;
};

// What the vault makes, is put back from, and makes then.
struct Move {
  std::string name;
  Wish first;   // Before the copy.
  Wish second;  // After it: forgotten.
  Wish third;   // Of the vault that was put back.
  // What the doors say.
  std::string to_the_operator;
  std::string to_the_worker;
  std::string to_the_verifier;
};

const std::vector<Move>& Moves() {
  static const auto* const kMoves = new std::vector<Move>{
      {"ARoundTooMany",
       {"2026-q1", 570'000},
       {"2026-q2", 570'000},
       {"2026-q3", 570'000},
       "would cost 855000 micro-rho of privacy, and its cap is 570000",
       "(570000 micro-rho), and the rounds that were made pass it (855000)",
       "cost 855000 micro-rho together, and its privacy cap is 570000"},
      {"ARaisedCap",
       {"2026-q1", 1'600'000},
       {"2026-q2", 900'000},
       {"2026-q3", 1'600'000},
       "cap would rise to 1600000 micro-rho with round couriers.2026-q3",
       "round couriers.2026-q3 raises it",
       "Round couriers.2026-q3 raises the survey's privacy cap to 1600000"},
      {"TheSameRoundAnew",
       {"2026-q1", 1'600'000},
       {"2026-q2", 1'600'000, 10},
       {"2026-q2", 1'600'000, 5},
       "another manifest of this round already",
       "other rules for this round than before",
       "two different manifests of round couriers.2026-q2"},
  };
  return *kMoves;
}

class PutBackVaultTest : public ::testing::TestWithParam<Move> {
 protected:
  void SetUp() override {
    ASSERT_OK(crypto::InitCrypto());
    std::filesystem::copy(service_.File("online"), service_.File("fresh"),
                          std::filesystem::copy_options::recursive);
    std::filesystem::copy(service_.File("kek"), service_.File("fresh-kek"));
    Make("first", GetParam().first, 1);
    std::filesystem::copy(service_.File("vault"), service_.File("copy"),
                          std::filesystem::copy_options::recursive);
    Make("second", GetParam().second, 2);
    std::filesystem::remove_all(service_.File("vault"));
    std::filesystem::copy(service_.File("copy"), service_.File("vault"),
                          std::filesystem::copy_options::recursive);
    // Nothing keeps the vault from it.
    Make("third", GetParam().third, 3);
  }

  // Has the vault sign a round that is open from now on, as the `number`th.
  void Make(const std::string& name, const Wish& wish, int number) {
    std::ofstream(service_.File("plan.json")) << absl::StrReplaceAll(
        testing::SamplePlanJson(),
        {{"\"2026-q1\"", absl::StrCat("\"", wish.round, "\"")},
         {": 1600000", absl::StrCat(": ", wish.cap_micro_rho)},
         {"\"k\": 10", absl::StrCat("\"k\": ", wish.k)}});
    const absl::Time opens = absl::Now() - absl::Seconds(60 - number);
    const ProgramResult made = service_.Steward(
        {"round", "create", "--plan", service_.File("plan.json"),
         "--operator-key", service_.File("operator.key"), "--opens-at",
         absl::FormatTime(absl::RFC3339_sec, opens, absl::UTCTimeZone()),
         "--closes-at",
         absl::FormatTime(absl::RFC3339_sec, opens + absl::Hours(1),
                          absl::UTCTimeZone()),
         "--out", service_.File(name)});
    ASSERT_EQ(made.exit_code, 0) << made.err;
  }

  ProgramResult Import(const std::string& name) {
    return service_.Admin({"round", "import", service_.File(name)});
  }

  // An operator's host that has forgotten all but its keys, or a dishonest
  // operator's.
  void StartAfresh() {
    std::filesystem::remove_all(service_.File("online"));
    std::filesystem::remove(service_.File("kek"));
    std::filesystem::copy(service_.File("fresh"), service_.File("online"),
                          std::filesystem::copy_options::recursive);
    std::filesystem::copy(service_.File("fresh-kek"), service_.File("kek"));
  }

  ProgramResult Submit(const std::string& wallet, const Wish& wish) {
    return service_.Client({"submit", "--now", "--server", service_.server(),
                            "--round", absl::StrCat("couriers.", wish.round),
                            "--wallet", service_.File(wallet),
                            "--passphrase-file", service_.File("passphrase"),
                            "--survey-key", SurveyKey(), "--answer",
                            "platform=other", "--answer", "region=north",
                            "--answer", "hourly_pay=13.50"});
  }

  std::string SurveyKey() {
    const ProgramResult key =
        service_.Steward({"key", "show", "--survey", "couriers"});
    const std::vector<std::string> lines = absl::StrSplit(key.out, '\n');
    return lines[0].substr(lines[0].find(": ") + 2);
  }

  ProgramResult Verify(const std::vector<std::string>& names) {
    std::vector<std::string> arguments = {"verify", "--survey-key",
                                          SurveyKey()};
    for (const std::string& name : names) {
      arguments.push_back(service_.File(name));
    }
    return service_.Client(arguments);
  }

  testing::EmbeddedService service_{COMMONWAGE_BIN_DIR};
};

TEST_P(PutBackVaultTest, TheOperatorsHostThatHasTheForgottenRoundRefuses) {
  ASSERT_EQ(Import("first").exit_code, 0);
  ASSERT_EQ(Import("second").exit_code, 0);
  const std::string before = service_.Admin({"round", "status"}).out;
  const ProgramResult refused = Import("third");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, AllOf(HasSubstr(GetParam().to_the_operator),
                                 HasSubstr("Nothing was imported")));
  EXPECT_EQ(service_.Admin({"round", "status"}).out, before);
  // The fault that this test would see: a host that cannot compare.
  StartAfresh();
  EXPECT_EQ(Import("third").exit_code, 0);
}

TEST_P(PutBackVaultTest, TheDeviceThatHasSeenTheForgottenRoundRefuses) {
  ASSERT_EQ(Import("first").exit_code, 0);
  ASSERT_EQ(Import("second").exit_code, 0);
  service_.StartServer();
  const ProgramResult honest = Submit("worker", GetParam().second);
  ASSERT_EQ(honest.exit_code, 0) << honest.err;
  ASSERT_EQ(service_.StopServer(SIGTERM), 0);
  // An operator who joins in shows the third round alone.
  StartAfresh();
  ASSERT_EQ(Import("third").exit_code, 0);
  service_.StartServer();
  const ProgramResult refused = Submit("worker", GetParam().third);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err,
              AllOf(HasSubstr(GetParam().to_the_worker),
                    ::testing::ContainsRegex("[Nn]othing was sent")));
  // The fault that this test would see: a device without a memory.
  const ProgramResult newcomer = Submit("newcomer", GetParam().third);
  EXPECT_EQ(newcomer.exit_code, 0) << newcomer.err;
}

TEST_P(PutBackVaultTest, TheVerifierWhoIsShownAllThatWasSignedRefuses) {
  const ProgramResult honest = Verify({"first", "second"});
  EXPECT_EQ(honest.exit_code, 0) << honest.out;
  EXPECT_THAT(honest.out, AllOf(HasSubstr("570000 of "), HasSubstr(" left.")));
  const ProgramResult refused = Verify({"third", "second", "first"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr(GetParam().to_the_verifier));
  // The fault that this test would see: a round that is kept from them.
  const ProgramResult kept_from = Verify({"first", "third"});
  EXPECT_EQ(kept_from.exit_code, 0) << kept_from.out;
  EXPECT_THAT(kept_from.out, Not(HasSubstr("FAILS")));
}

INSTANTIATE_TEST_SUITE_P(EachMove, PutBackVaultTest,
                         ::testing::ValuesIn(Moves()),
                         [](const auto& move) { return move.param.name; });

}  // namespace
}  // namespace commonwage
