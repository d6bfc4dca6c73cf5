// SPDX-License-Identifier: Apache-2.0
// The command as scripts use it: arguments in, text or JSON and an exit code
// out.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file/input_file.h"
#include "base/file/kept_file.h"
#include "client/cli/report.h"
#include "commonwage/v1/command_output.pb.h"
#include "crypto/fingerprint.h"
#include "tests/client/cli/run_command.h"
#include "tests/client/grpc_front.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

#include <google/protobuf/util/json_util.h>

namespace commonwage::client::cli {
namespace {

using ::commonwage::testing::FakeServer;
using ::commonwage::testing::GrpcFront;
using ::commonwage::testing::MadeRound;
using ::commonwage::testing::MakeRound;
using ::commonwage::testing::Outcome;
using ::commonwage::testing::RunCommand;
using ::commonwage::testing::TempDirectory;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class CommandsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(ReplaceFile({passphrase_, "passphrase"}, "a passphrase\n"));
  }

  // Runs a subcommand with server, round and wallet.
  Outcome Run(const std::string& subcommand,
              const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {
        subcommand, "--server", front_.address(),    "--round",  round_.Id(),
        "--wallet", wallet_,    "--passphrase-file", passphrase_};
    if (subcommand != "receipt") {
      arguments.insert(arguments.end(), {"--survey-key", survey_key_});
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunCommand(arguments);
  }

  static std::vector<std::string> Answer(const std::string& platform,
                                         const std::string& pay) {
    return {"--answer", "platform=" + platform, "--answer", "region=south",
            "--answer", "hourly_pay=" + pay};
  }

  Outcome SubmitNow(const std::string& platform, const std::string& pay) {
    std::vector<std::string> more = Answer(platform, pay);
    more.emplace_back("--now");
    return Run("submit", more);
  }

  template <typename Message>
  static Message FromJson(const std::string& json) {
    Message message;
    EXPECT_TRUE(
        google::protobuf::util::JsonStringToMessage(json, &message).ok())
        << json;
    return message;
  }

  const TempDirectory directory_;
  const std::string wallet_ = directory_.File("wallet");
  const std::string passphrase_ = directory_.File("passphrase");
  const MadeRound round_ = MakeRound();
  const std::string survey_key_ =
      crypto::Fingerprint(round_.survey_key.verify_key());
  FakeServer server_{round_};
  GrpcFront front_{server_};
};

TEST_F(CommandsTest, RoundsAreListedWithTheirKeyAndWhoMayAnswer) {
  const Outcome outcome = RunCommand({"rounds", "--server", front_.address()});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("couriers.2026-q1"));
  EXPECT_THAT(outcome.out, HasSubstr("unverified"));
  EXPECT_THAT(
      outcome.out,
      HasSubstr(crypto::FingerprintWords(round_.survey_key.verify_key())));
  EXPECT_THAT(outcome.err, IsEmpty());

  const Outcome json =
      RunCommand({"rounds", "--server", front_.address(), "--json"});
  const auto list = FromJson<v1::ListRoundsResponse>(json.out);
  ASSERT_EQ(list.rounds_size(), 1);
  EXPECT_EQ(list.rounds(0).name(), "rounds/couriers.2026-q1");
  EXPECT_THAT(json.out, HasSubstr("\"signed_manifest\""));
}

TEST_F(CommandsTest, RoundsAreListedNewestFirstWhateverTheServersOrder) {
  server_.other_rounds = {
      MakeRound({.round = "2025-q4", .later = -absl::Hours(24 * 90)})
          .ToProto(v1::ROUND_STATE_PUBLISHED)};
  const Outcome outcome = RunCommand({"rounds", "--server", front_.address()});
  EXPECT_LT(outcome.out.find("couriers.2026-q1"),
            outcome.out.find("couriers.2025-q4"));
  EXPECT_THAT(outcome.out, HasSubstr("couriers.2025-q4"));
}

TEST_F(CommandsTest, ARoundOfASurveyThatBreaksItsPromiseIsListedAsSuch) {
  server_.other_rounds = {MakeRound({.round = "2026-q2",
                                     .later = absl::Hours(24 * 90),
                                     .cap_micro_rho = 1'600'001})
                              .ToProto(v1::ROUND_STATE_CREATED)};
  EXPECT_THAT(RunCommand({"rounds", "--server", front_.address()}).out,
              HasSubstr("round couriers.2026-q2 raises it"));
  const Outcome refused = SubmitNow("other", "12.50");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("Do not answer; nothing was sent."));
  EXPECT_THAT(server_.Seen(), IsEmpty());
}

TEST_F(CommandsTest, ARoundNamesWhatGroupsAreUsuallyComparedWith) {
  const std::string asked =
      "platform: bolt-bike, fast-food, other, undisclosed";
  const auto questions = [&] {
    return RunCommand(
               {"rounds", "--server", front_.address(), "--round", round_.Id()})
        .out;
  };
  EXPECT_THAT(questions(), HasSubstr(asked + "\n"));
  const MadeRound with_base = MakeRound({.platform_base = "fast-food"});
  server_.shown_round = with_base.ToProto(v1::ROUND_STATE_OPEN);
  EXPECT_THAT(questions(),
              HasSubstr(asked + " (usually compared with: fast-food)\n"));
}

TEST_F(CommandsTest, ARoundThatCannotBeTrustedIsNotShownAsOne) {
  server_.shown_round = round_.ToProto(v1::ROUND_STATE_OPEN);
  server_.shown_round->mutable_signed_manifest()->clear_signatures();
  const Outcome outcome = RunCommand({"rounds", "--server", front_.address()});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("cannot be trusted"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("open until")));
}

TEST_F(CommandsTest, OneLifeOfAnAnswerFromSubmitToWithdraw) {
  const Outcome submitted = SubmitNow("other", "12.50");
  EXPECT_EQ(submitted.exit_code, 0) << submitted.err;
  EXPECT_THAT(submitted.out, HasSubstr("These words are the wallet"));
  EXPECT_THAT(submitted.out, HasSubstr("unverified"));
  EXPECT_THAT(submitted.out, HasSubstr("Your answer is stored"));
  EXPECT_THAT(submitted.out, Not(HasSubstr("12.50")));

  EXPECT_EQ(SubmitNow("other", "13").exit_code, 1);

  std::vector<std::string> amend = Answer("fast-food", "14");
  amend.emplace_back("--json");
  const Outcome amended = Run("amend", amend);
  EXPECT_EQ(amended.exit_code, 0) << amended.err;
  const auto report = FromJson<v1::ReceiptReport>(amended.out);
  EXPECT_EQ(report.status(), "stored");
  EXPECT_TRUE(report.verified());
  EXPECT_EQ(report.sequence(), 1U);

  EXPECT_THAT(Run("receipt").out, HasSubstr("the receipt is valid"));

  const Outcome withdrawn = Run("withdraw", {"--json"});
  EXPECT_EQ(withdrawn.exit_code, 0) << withdrawn.err;
  EXPECT_EQ(FromJson<v1::ReceiptReport>(withdrawn.out).status(), "withdrawn");
  EXPECT_EQ(Run("withdraw").exit_code, 1);
}

TEST_F(CommandsTest, AnAnswerWaitsInTheWalletAndIsResumed) {
  // The sample round is long over by the real clock, which is what the command
  // goes by; the server says that it is open. So the delay cannot be measured.
  std::vector<std::string> later = Answer("other", "12.50");
  later.emplace_back("--no-wait");
  const Outcome refused = Run("submit", later);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("clock"));
  EXPECT_THAT(server_.Seen(), SizeIs(0));

  server_.lose_answers = true;
  const Outcome lost = SubmitNow("other", "12.50");
  EXPECT_EQ(lost.exit_code, 1);
  EXPECT_THAT(lost.err, HasSubstr("submit --resume"));
  server_.lose_answers = false;
  const Outcome resumed =
      RunCommand({"submit", "--resume", "--wallet", wallet_,
                  "--passphrase-file", passphrase_, "--json"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_EQ(FromJson<v1::ReceiptReport>(resumed.out).status(), "stored");
}

TEST_F(CommandsTest, ARefusedFirstAnswerMakesNoWallet) {
  const auto refused = [&](const Outcome& outcome) {
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.out, IsEmpty());
    EXPECT_FALSE(ReadFile({wallet_, "wallet"}, 1 << 20).ok());
  };
  refused(SubmitNow("no-such-platform", "12.50"));
  for (const v1::RoundState state :
       {v1::ROUND_STATE_CREATED, v1::ROUND_STATE_CLOSED}) {
    server_.state = state;
    refused(SubmitNow("other", "12.50"));
  }
  server_.state = v1::ROUND_STATE_OPEN;
  server_.shown_round =
      MakeRound({.round = "2026-q2"}).ToProto(v1::ROUND_STATE_OPEN);
  refused(SubmitNow("other", "12.50"));
  server_.shown_round.reset();
  server_.failure = Refusal(Reason::kServerUnreachable, "It is down.");
  const Outcome away = SubmitNow("other", "12.50");
  refused(away);
  EXPECT_THAT(away.err, HasSubstr("Your answer was not kept"));
}

TEST_F(CommandsTest, AMissedAnswerIsToldWhenItIsTriedAndAtTheReceipt) {
  server_.refusal = Refusal(Reason::kRoundClosed, "Closed.");
  const Outcome late = SubmitNow("other", "12.50");
  EXPECT_EQ(late.exit_code, 1);
  EXPECT_THAT(late.err, HasSubstr("so it is not counted"));
  const Outcome receipt =
      RunCommand({"receipt", "--round", round_.Id(), "--wallet", wallet_,
                  "--passphrase-file", passphrase_});
  EXPECT_EQ(receipt.exit_code, 0);
  EXPECT_THAT(receipt.out, HasSubstr("so it is not counted"));
}

TEST_F(CommandsTest, WordsBringAWalletBack) {
  ASSERT_EQ(SubmitNow("other", "12.50").exit_code, 0);
  const Outcome shown = RunCommand({"recover", "--show", "--wallet", wallet_,
                                    "--passphrase-file", passphrase_});
  ASSERT_EQ(shown.exit_code, 0);
  const size_t start = shown.out.find("COMMONWAGE:");
  ASSERT_NE(start, std::string::npos);
  const std::string qr =
      shown.out.substr(start, shown.out.find('\n', start) - start);
  const std::string words_file = directory_.File("words");
  ASSERT_OK(ReplaceFile({words_file, "words"}, qr));

  const std::string other = directory_.File("other");
  const Outcome recovered =
      RunCommand({"recover", "--wallet", other, "--words-file", words_file,
                  "--passphrase-file", passphrase_});
  EXPECT_EQ(recovered.exit_code, 0) << recovered.err;
  // A wallet of words alone knows no survey.
  std::vector<std::string> amend = {
      "amend",    "--server", front_.address(),    "--round",  round_.Id(),
      "--wallet", other,      "--passphrase-file", passphrase_};
  for (const std::string& part : Answer("fast-food", "15")) {
    amend.push_back(part);
  }
  EXPECT_THAT(RunCommand(amend).err, HasSubstr("does not know the survey"));
  amend.insert(amend.end(), {"--survey-key", survey_key_});
  EXPECT_EQ(RunCommand(amend).exit_code, 0);
  EXPECT_THAT(server_.Stored(), SizeIs(1));
}

TEST_F(CommandsTest, WordsComeBackAsTheyWerePrinted) {
  ASSERT_EQ(SubmitNow("other", "12.50").exit_code, 0);
  const std::string shown =
      RunCommand({"recover", "--show", "--wallet", wallet_, "--passphrase-file",
                  passphrase_})
          .out;
  const size_t begin = shown.find("  1.");
  ASSERT_NE(begin, std::string::npos);
  const std::string printed =
      shown.substr(begin, shown.find("\n\n", begin) - begin);
  ASSERT_THAT(printed, HasSubstr("\n  7."));
  const std::string words_file = directory_.File("words");
  for (const std::string& kept :
       {printed, absl::StrCat("\ufeff", absl::StrReplaceAll(
                                            printed, {{"\n", "\r\n"},
                                                      {" ", "\u00a0"}}))}) {
    ASSERT_OK(ReplaceFile({words_file, "words"}, kept));
    const std::string other = directory_.File(absl::StrCat(kept.size()));
    const Outcome recovered =
        RunCommand({"recover", "--wallet", other, "--words-file", words_file,
                    "--passphrase-file", passphrase_});
    EXPECT_EQ(recovered.exit_code, 0) << recovered.err;
    EXPECT_EQ(RunCommand({"recover", "--show", "--wallet", other,
                          "--passphrase-file", passphrase_})
                  .out,
              shown);
  }
}

TEST_F(CommandsTest, ThePassphraseOfAWalletCanBeChanged) {
  ASSERT_EQ(SubmitNow("other", "12.50").exit_code, 0);
  const std::string next = directory_.File("next");
  const auto change = [&](const std::string& content) {
    EXPECT_OK(ReplaceFile({next, "passphrase"}, content));
    return RunCommand({"passphrase", "change", "--wallet", wallet_,
                       "--passphrase-file", passphrase_,
                       "--new-passphrase-file", next, "--json"});
  };
  const Outcome refused = change("zanzi\r\n");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("too short"));
  EXPECT_THAT(refused.err, Not(HasSubstr("zanzi")));
  const Outcome changed = change("zanzibar\r\n");
  EXPECT_EQ(changed.exit_code, 0) << changed.err;
  EXPECT_TRUE(FromJson<v1::PassphraseReport>(changed.out).changed());
  EXPECT_EQ(Run("receipt").exit_code, 1);
  EXPECT_EQ(RunCommand({"recover", "--show", "--wallet", wallet_,
                        "--passphrase-file", next})
                .exit_code,
            0);
}

TEST_F(CommandsTest, AWrongRecoveryWordIsNamedByItsPosition) {
  const std::string words_file = directory_.File("words");
  std::string words = "zzzzz";
  for (int i = 0; i < 23; ++i) {
    words = "abandon " + words;
  }
  ASSERT_OK(ReplaceFile({words_file, "words"}, words));
  const Outcome outcome =
      RunCommand({"recover", "--wallet", wallet_, "--words-file", words_file,
                  "--passphrase-file", passphrase_});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("24"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("zzzzz")));
}

TEST_F(CommandsTest, FaultyAnswersAreNamedPerQuestionAndNotRepeated) {
  const Outcome outcome = SubmitNow("my-secret-employer", "a lot");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("platform"));
  EXPECT_THAT(outcome.err, HasSubstr("hourly_pay"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("secret-employer")));
  EXPECT_THAT(outcome.err, Not(HasSubstr("a lot")));
}

TEST_F(CommandsTest, WrongUseIsExitCodeTwoAndNotRepeated) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{
           {},
           {"nonsense"},
           {"rounds"},
           {"submit", "--wallet", wallet_},
           {"submit", "--round", "a.b", "--wallet", wallet_},
           {"join", "--wallet", wallet_},
           {"join", "s3cret", "--file", "s3cret", "--wallet", wallet_},
           {"stats", "--server", "127.0.0.1:1"},
           {"rounds", "--server", "127.0.0.1:1", "--s3cret"},
           {"submit", "--server", "127.0.0.1:1", "--round", "a.b", "--wallet",
            wallet_, "--answer", "s3cret"},
           {"rounds", "--server", "127.0.0.1:1", "--round", "s3cret"},
           {"submit", "--server", "127.0.0.1:1", "--round", "s3cret",
            "--wallet", wallet_},
           {"verify", "directory", "--survey-key", "abcd"},
           {"verify"}}) {
    const Outcome outcome = RunCommand(arguments);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("commonwage: "));
    EXPECT_THAT(outcome.err, Not(HasSubstr("s3cret")));
    EXPECT_THAT(outcome.out, IsEmpty());
  }
}

TEST_F(CommandsTest, EverySubcommandHasHelp) {
  for (const char* subcommand :
       {"rounds", "join", "submit", "amend", "withdraw", "receipt", "enrol",
        "recover", "stats", "compare", "trend", "download", "verify"}) {
    const Outcome outcome = RunCommand({subcommand, "--help"});
    EXPECT_EQ(outcome.exit_code, 0) << subcommand;
    EXPECT_THAT(outcome.out, HasSubstr("--json")) << subcommand;
  }
}

TEST_F(CommandsTest, AServerThatIsDownIsOneSentence) {
  const Outcome outcome = RunCommand({"rounds", "--server", "127.0.0.1:1"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("cannot be reached"));
}

TEST_F(CommandsTest, StatsAskForWhatWasAskedAndPrintIntervalsFirst) {
  v1::ReleaseReference& release = *server_.summary.mutable_release();
  release.set_name("releases/couriers.2026-q1");
  release.set_currency("EUR");
  release.set_period("HOUR");
  release.set_minor_unit_exponent(2);
  release.set_k(10);
  release.set_admission(v1::ADMISSION_OPEN);
  v1::CellSummary& shown = *server_.summary.add_cells();
  v1::CellCoordinate& coordinate = *shown.add_key();
  coordinate.set_dimension("platform");
  coordinate.add_values("fast-food");
  shown.set_citation("couriers.2026-q1 sha256:00 platform fast-food");
  for (const auto& [p, value] :
       {std::pair{0.1, 800.0}, {0.5, 1250.0}, {0.9, 1900.0}}) {
    v1::QuantileEstimate& quantile = *shown.mutable_figures()->add_quantiles();
    quantile.set_p(p);
    quantile.mutable_wage()->set_value(value);
    quantile.mutable_wage()->mutable_interval()->set_low(value - 20);
    quantile.mutable_wage()->mutable_interval()->set_high(value + 20);
    quantile.mutable_wage()->set_quality(v1::QUALITY_GOOD);
  }
  v1::CellSummary& withheld = *server_.summary.add_cells();
  *withheld.add_key() = coordinate;
  withheld.mutable_key(0)->set_values(0, "other");
  withheld.mutable_withheld();

  const Outcome outcome =
      RunCommand({"stats", "--server", front_.address(), "--round", round_.Id(),
                  "--by", "platform", "--where", "platform=fast-food,other",
                  "--share-below", "9.5"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("12.30 – 12.70   12.50"));
  EXPECT_THAT(outcome.out, HasSubstr("withheld"));
  EXPECT_THAT(outcome.out, HasSubstr("Unverified"));
  EXPECT_THAT(outcome.out, HasSubstr("counts, k and privacy\nare per answer"));
  EXPECT_THAT(outcome.out, HasSubstr("k = 10"));
  EXPECT_THAT(outcome.out, HasSubstr("Cite a row as: couriers.2026-q1"));
  EXPECT_LT(outcome.out.find("12.30 – 12.70"), outcome.out.find("good"));
  EXPECT_THAT(outcome.out,
              HasSubstr("           p10                          p90\n"
                        "fast-food    7.80 – 8.20   8.00  good   18.80 – 19.20 "
                        " 19.00  good\n"));

  const v1::SummarizeRequest asked = server_.LastSummarize();
  EXPECT_EQ(asked.name(), "releases/couriers.2026-q1");
  EXPECT_THAT(asked.by(), ::testing::ElementsAre("platform"));
  ASSERT_EQ(asked.where_size(), 1);
  EXPECT_THAT(asked.where(0).values(),
              ::testing::ElementsAre("fast-food", "other"));
  EXPECT_THAT(asked.statistics().shares_below(), ::testing::ElementsAre(950));
  EXPECT_THAT(asked.statistics().quantiles(),
              ::testing::ElementsAre(0.1, 0.5, 0.9));
}

TEST_F(CommandsTest, CombineTakesSeveralDimensionsWholeOrAsWhereLists) {
  const auto run = [&](const std::vector<std::string>& combine) {
    std::vector<std::string> arguments = {
        "stats",           "--server",  front_.address(),
        "--round",         round_.Id(), "--by",
        "platform,region", "--where",   "platform=fast-food,other"};
    for (const std::string& dimension : combine) {
      arguments.insert(arguments.end(), {"--combine", dimension});
    }
    return RunCommand(arguments);
  };
  EXPECT_EQ(run({"platform"}).exit_code, 0);
  EXPECT_TRUE(server_.LastSummarize().where(0).combine());
  EXPECT_EQ(server_.LastSummarize().where_size(), 1);
  EXPECT_EQ(run({"platform", "region"}).exit_code, 0);
  EXPECT_TRUE(server_.LastSummarize().where(0).combine());
  EXPECT_TRUE(server_.LastSummarize().where(1).combine());
  EXPECT_EQ(server_.LastSummarize().where(1).dimension(), "region");
  EXPECT_EQ(server_.LastSummarize().where(1).values_size(), 0);

  const Outcome misspelt = run({"platform", "s3cret"});
  EXPECT_EQ(misspelt.exit_code, 2);
  EXPECT_THAT(misspelt.err, HasSubstr("--combine"));
  EXPECT_THAT(misspelt.err, Not(HasSubstr("s3cret")));
  EXPECT_THAT(misspelt.out, IsEmpty());
}

TEST_F(CommandsTest, JsonIsTheServersAnswerInSnakeCase) {
  server_.summary.mutable_release()->set_minor_unit_exponent(2);
  const Outcome outcome =
      RunCommand({"stats", "--server", front_.address(), "--round", round_.Id(),
                  "--by", "platform", "--json"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("\"minor_unit_exponent\": 2"));
  EXPECT_THAT(outcome.err, IsEmpty());
}

TEST_F(CommandsTest, CompareAndTrendAsk) {
  server_.gap.mutable_withheld();
  const Outcome compared = RunCommand(
      {"compare", "--server", front_.address(), "--round", round_.Id(), "--by",
       "platform,region", "--a", "platform=other,region=north", "--base",
       "region=south", "--quantile", "0.9"});
  EXPECT_EQ(compared.exit_code, 0);
  EXPECT_THAT(compared.out, HasSubstr("withheld"));
  EXPECT_EQ(server_.LastCompare().a_size(), 2);
  ASSERT_EQ(server_.LastCompare().base_size(), 1);
  EXPECT_EQ(server_.LastCompare().base(0).values(0), "south");
  EXPECT_EQ(server_.LastCompare().quantile(), 0.9);
  // Without a base the plan's is asked for; --b is another word for it.
  const std::vector<std::string> without = {
      "compare",  "--server", front_.address(), "--round", round_.Id(), "--by",
      "platform", "--a",      "platform=other"};
  EXPECT_EQ(RunCommand(without).exit_code, 0);
  EXPECT_EQ(server_.LastCompare().base_size(), 0);
  EXPECT_EQ(server_.LastCompare().quantile(), 0.5);
  std::vector<std::string> with = without;
  with.insert(with.end(), {"--b", "platform=fast-food"});
  EXPECT_EQ(RunCommand(with).exit_code, 0);
  EXPECT_EQ(server_.LastCompare().base(0).values(0), "fast-food");

  v1::TrendPoint& point = *server_.trend.add_points();
  point.set_name("releases/couriers.2026-q1");
  point.mutable_withheld();
  const Outcome followed =
      RunCommand({"trend", "--server", front_.address(), "--survey", "couriers",
                  "--by", "platform", "--where", "platform=other"});
  EXPECT_EQ(followed.exit_code, 0);
  EXPECT_THAT(followed.out, HasSubstr("\n2026-q1  withheld"));
  EXPECT_EQ(server_.LastTrend().survey(), "couriers");
  EXPECT_EQ(server_.LastTrend().cell_size(), 1);
}

TEST(ReportTest, TheHourOfSendingIsSaidFromItsStartToItsEnd) {
  const absl::Time time = absl::FromCivil(
      absl::CivilMinute(2026, 11, 22, 23, 33), absl::UTCTimeZone());
  EXPECT_EQ(HourInWords(time), "between 2026-11-22 23:00 and 00:00 UTC");
}

}  // namespace
}  // namespace commonwage::client::cli
