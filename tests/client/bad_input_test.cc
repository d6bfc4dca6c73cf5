// SPDX-License-Identifier: Apache-2.0
// Promise 8 for a worker: whatever goes wrong between their device, the union
// office and the server, the real programs say in one sentence what it is and
// what to do, and nothing is lost.

#include <signal.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/sodium_random.h"
#include "tests/testing/embedded_service.h"
#include "tests/testing/program.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using testing::FileContents;
using ::testing::HasSubstr;
using testing::ProgramResult;

class BadInputTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(crypto::InitCrypto());
    service_.CreateRound(
        {.plan_json = testing::SamplePlanJson(), .with_credentials = true});
    service_.StartServer();
    service_.WaitUntilOpen();
    codes_ = service_.MakeMembers(3);
    survey_key_ = service_.SurveyKey();
  }

  ProgramResult Run(const std::string& command,
                    const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {command,
                                          "--server",
                                          service_.server(),
                                          "--round",
                                          service_.round_id(),
                                          "--survey-key",
                                          survey_key_,
                                          "--wallet",
                                          service_.File(wallet_),
                                          "--passphrase-file",
                                          service_.File("passphrase")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return service_.Client(arguments);
  }

  ProgramResult Enrol(const std::string& code) {
    Save("code", code);
    return Run("enrol", {"--issuer", service_.issuer(), "--code-file",
                         service_.File("code")});
  }

  static std::vector<std::string> Answer(const std::string& pay) {
    return {"--answer",     "platform=fast-food", "--answer",
            "region=south", "--answer",           "hourly_pay=" + pay};
  }

  ProgramResult Submit() {
    std::vector<std::string> more = Answer("13.50");
    more.emplace_back("--now");
    return Run("submit", more);
  }

  ProgramResult Resume() {
    return service_.Client({"submit", "--resume", "--now", "--wallet",
                            service_.File(wallet_), "--passphrase-file",
                            service_.File("passphrase")});
  }

  void Save(const std::string& name, const std::string& content) {
    std::ofstream file(service_.File(name), std::ios::binary);
    file << content;
    ASSERT_TRUE(file.good());
  }

  // The program failed, and said `sentence`.
  static void Refused(const ProgramResult& result,
                      const std::string& sentence) {
    EXPECT_EQ(result.exit_code, 1) << result.out;
    EXPECT_THAT(result.err, HasSubstr(sentence));
  }

  static void Worked(const ProgramResult& result) {
    EXPECT_EQ(result.exit_code, 0) << result.err;
  }

  testing::EmbeddedService service_{COMMONWAGE_BIN_DIR};
  std::vector<std::string> codes_;
  std::string survey_key_;
  std::string wallet_ = "wallet";
};

TEST_F(BadInputTest, AtTheUnionOffice) {
  std::string mistyped = codes_[0];
  mistyped[0] = mistyped[0] == '7' ? '8' : '7';
  Refused(Enrol(mistyped), "typing error in the code");
  // Well typed, and on nobody's letter.
  Refused(Enrol("0000-000-0000-000"), "This code is not accepted");
  Worked(service_.Issuer({"members", "remove", "member-00001"}));
  Refused(Enrol(codes_[1]), "This code is not accepted");
  Refused(Submit(), "This round is for members. Enrol first");

  Worked(Enrol(codes_[0]));
  wallet_ = "second";
  Refused(Enrol(codes_[0]),
          "already given to you, on another device or wallet");

  wallet_ = "wallet";
  service_.issuer_program().Signal(SIGTERM);
  service_.issuer_program().Wait();
  wallet_ = "third";
  Refused(Enrol(codes_[2]),
          "The union office's server cannot be reached. Your "
          "code is not used up");
  // What the first wallet has needs no office any more.
  wallet_ = "wallet";
  Worked(Submit());
}

TEST_F(BadInputTest, AtTheServer) {
  Worked(Enrol(codes_[0]));
  Refused(Run("amend", Answer("14")), "no submission to amend");
  Refused(Run("withdraw"), "no submission to amend or withdraw");

  ASSERT_EQ(service_.StopServer(SIGTERM), 0);
  const ProgramResult down = Submit();
  Refused(down, "cannot be reached");
  EXPECT_THAT(down.err, HasSubstr("sealed and kept in the wallet"));
  service_.StartServer();
  service_.WaitUntilOpen();
  // An old copy of the wallet goes on where this one will have moved on.
  std::filesystem::copy(service_.File("wallet"), service_.File("old"));
  Worked(Resume());
  Worked(Run("amend", Answer("14")));
  wallet_ = "old";
  Refused(Resume(), "has a later answer of this wallet; that one stays");
  wallet_ = "wallet";
  Refused(Submit(), "`commonwage amend` changes the answer");

  Worked(Run("withdraw"));
  Refused(Run("withdraw"), "withdrawn, and that is final");
  Refused(Run("amend", Answer("15")), "withdrawn, and that is final");

  wallet_ = "late";
  Worked(Enrol(codes_[2]));
  std::vector<std::string> later = Answer("16");
  later.emplace_back("--no-wait");
  Worked(Run("submit", later));
  service_.CloseEarly();
  // A new server knows at once; a running one within a second.
  ASSERT_EQ(service_.StopServer(SIGTERM), 0);
  service_.StartServer();
  Refused(Resume(),
          "says that the round has closed. By its rules it closes at");
  const ProgramResult kept =
      service_.Client({"receipt", "--round", service_.round_id(), "--wallet",
                       service_.File(wallet_), "--passphrase-file",
                       service_.File("passphrase")});
  EXPECT_THAT(kept.out, HasSubstr("sealed and waits on this device"));
  wallet_ = "new";
  Refused(Enrol(codes_[1]), "This round is closed");
}

TEST_F(BadInputTest, OnTheDevice) {
  Worked(Enrol(codes_[0]));
  const ProgramResult shown =
      service_.Client({"recover", "--show", "--wallet", service_.File("wallet"),
                       "--passphrase-file", service_.File("passphrase")});
  Worked(shown);
  const size_t qr = shown.out.find("COMMONWAGE:");
  ASSERT_NE(qr, std::string::npos);
  std::string words = shown.out.substr(qr, shown.out.find('\n', qr) - qr);

  // A bit of the wallet flips.
  std::string bytes = FileContents(service_.File("wallet")).value();
  bytes[bytes.size() / 2] ^= 1;
  Save("wallet", bytes);
  Refused(Submit(), "`commonwage recover` makes a new wallet from your words");
  EXPECT_EQ(FileContents(service_.File("wallet")).value(), bytes);
  Save("wallet", bytes.substr(0, 20));
  Refused(Submit(), "not a whole wallet");

  // The words bring it back, and the same code the same credential.
  const auto recover = [&](const std::string& text) {
    Save("words", text);
    return service_.Client({"recover", "--wallet", service_.File("new"),
                            "--words-file", service_.File("words"),
                            "--passphrase-file", service_.File("passphrase")});
  };
  const size_t third = words.find(' ', words.find(' ') + 1) + 1;
  Refused(
      recover(absl::StrCat(words.substr(0, third), "XX", words.substr(third))),
      "Word 3 is not one of our recovery words");
  Refused(recover(words.substr(0, words.rfind(' '))),
          "recovery words are needed");
  Worked(recover(words));
  wallet_ = "new";
  Worked(Enrol(codes_[0]));
  Worked(Submit());
}

}  // namespace
}  // namespace commonwage
