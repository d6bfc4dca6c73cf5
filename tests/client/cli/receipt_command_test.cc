// SPDX-License-Identifier: Apache-2.0
// `commonwage receipt` as its owner uses it, and as anybody does who is shown
// the file.

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_replace.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file/input_file.h"
#include "base/file/kept_file.h"
#include "crypto/fingerprint.h"
#include "survey/frame.h"
#include "tests/client/cli/run_command.h"
#include "tests/client/grpc_front.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

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
using ::testing::Not;

class ReceiptCommandTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(ReplaceFile({passphrase_, "passphrase"}, "a passphrase\n"));
  }

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

  Outcome Submit() {
    return Run("submit", {"--now", "--answer", "platform=other", "--answer",
                          "region=south", "--answer", "hourly_pay=12.50"});
  }

  Outcome Check(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"receipt", "--check", file_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunCommand(arguments);
  }

  const TempDirectory directory_;
  const std::string wallet_ = directory_.File("wallet");
  const std::string passphrase_ = directory_.File("passphrase");
  const std::string file_ = directory_.File("receipt.json");
  const MadeRound round_ = MakeRound();
  const std::string receipt_key_words_ =
      crypto::FingerprintWords(round_.receipt_key.verify_key());
  const std::string survey_key_ =
      crypto::Fingerprint(round_.survey_key.verify_key());
  FakeServer server_{round_};
  GrpcFront front_{server_};
};

TEST_F(ReceiptCommandTest, TheOperatorsKeyIsShownOnFirstSightAndInTheList) {
  EXPECT_THAT(RunCommand({"rounds", "--server", front_.address()}).out,
              HasSubstr(receipt_key_words_));
  EXPECT_THAT(Submit().out, HasSubstr(receipt_key_words_));
  EXPECT_THAT(Run("withdraw").out, Not(HasSubstr(receipt_key_words_)));
}

TEST_F(ReceiptCommandTest, SomebodyElseChecksTheFileWithoutWalletOrServer) {
  ASSERT_EQ(Submit().exit_code, 0);
  ASSERT_EQ(Run("receipt", {"--out", file_}).exit_code, 0);
  std::filesystem::remove(wallet_);
  const Outcome checked = Check();
  EXPECT_EQ(checked.exit_code, 0) << checked.err;
  EXPECT_THAT(checked.out, HasSubstr("The receipt is valid"));
  EXPECT_THAT(checked.out, HasSubstr("has stored"));
  EXPECT_THAT(checked.out, HasSubstr(receipt_key_words_));
  EXPECT_THAT(checked.out,
              HasSubstr(absl::BytesToHexString(round_.manifest_hash.view())));
  EXPECT_EQ(Check({"--receipt-key", receipt_key_words_}).exit_code, 0);
  EXPECT_THAT(Check({"--json"}).out, HasSubstr("\"verified\": true"));

  const Outcome another = Check(
      {"--receipt-key", crypto::Fingerprint(round_.survey_key.verify_key())});
  EXPECT_EQ(another.exit_code, 1);
  EXPECT_THAT(another.err, HasSubstr("another key"));
  EXPECT_EQ(Check({"--receipt-key", "s3cret"}).exit_code, 2);
}

TEST_F(ReceiptCommandTest, AChangedFileIsRefused) {
  ASSERT_EQ(Submit().exit_code, 0);
  ASSERT_EQ(Run("receipt", {"--out", file_}).exit_code, 0);
  const std::string text = ReadFile({file_, "file"}, 1 << 20).value();
  // Neither the answer nor who gave it is in it.
  const auto frame = FrameView::Parse(server_.Seen().front());
  EXPECT_THAT(
      text,
      Not(HasSubstr(absl::Base64Escape(frame->header().pseudonym.view()))));
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{
           {"STORED", "WITHDRAWN"},
           {"\"sequence\": \"0\"", "\"sequence\": \"1\""}}) {
    const std::string changed = absl::StrReplaceAll(text, {{from, to}});
    ASSERT_NE(changed, text);
    ASSERT_OK(ReplaceFile({file_, "file"}, changed));
    const Outcome refused = Check();
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err, HasSubstr("its signature does not hold"));
  }
  for (const std::string& broken :
       {std::string(), text.substr(0, text.size() / 2), std::string("{}")}) {
    ASSERT_OK(ReplaceFile({file_, "file"}, broken));
    const Outcome refused = Check();
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err, HasSubstr("not a receipt file"));
  }
}

TEST_F(ReceiptCommandTest, AWithdrawalHasItsReceiptAndAnEmptyWalletHasNone) {
  ASSERT_EQ(Submit().exit_code, 0);
  ASSERT_EQ(Run("withdraw").exit_code, 0);
  ASSERT_EQ(Run("receipt", {"--out", file_}).exit_code, 0);
  EXPECT_THAT(Check().out, HasSubstr("has withdrawn and deleted"));

  std::filesystem::remove(wallet_);
  server_.failure = Refusal(Reason::kServerUnreachable, "It is down.");
  EXPECT_EQ(Submit().exit_code, 1);
  server_.failure = absl::OkStatus();
  server_.lose_answers = true;
  EXPECT_EQ(Submit().exit_code, 1);
  const Outcome none =
      RunCommand({"receipt", "--round", round_.Id(), "--wallet", wallet_,
                  "--passphrase-file", passphrase_, "--out", file_});
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_THAT(none.err, HasSubstr("no receipt for this round"));
  EXPECT_EQ(RunCommand({"receipt"}).exit_code, 2);
}

}  // namespace
}  // namespace commonwage::client::cli
