// SPDX-License-Identifier: Apache-2.0
// The real programs of operator and steward in turn.

#include <stdlib.h>

#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "artefacts/signed_manifest.h"
#include "base/file/kept_file.h"
#include "command/times.h"
#include "commonwage/v1/command_output.pb.h"
#include "crypto/key_file.h"
#include "crypto/sodium_random.h"
#include "server/admin/admin_host.h"
#include "tests/command/run_program.h"
#include "tests/server/admin/host_directory.h"
#include "tests/server/steward/frame_builder.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"

#include <google/protobuf/util/json_util.h>

namespace commonwage::server::admin {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::ProgramResult;

constexpr char kRound[] = "couriers.2026-q1";

class AdminCliTest : public ::testing::Test {
 protected:
  AdminCliTest() {
    Put("passphrase", "correct horse battery\n");
    Put("plan.json", testing::SamplePlanJson());
  }

  ProgramResult Admin(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(),
                     {"--data", File("data"), "--kek", File("kek")});
    return testing::RunProgram(COMMONWAGE_ADMIN, arguments);
  }
  ProgramResult Steward(std::vector<std::string> arguments) const {
    arguments.insert(
        arguments.end(),
        {"--vault", File("vault"), "--passphrase-file", File("passphrase")});
    return testing::RunProgram(COMMONWAGE_STEWARD, arguments);
  }

  std::string File(const std::string& name) const {
    return directory_.File(name);
  }
  void Put(const std::string& name, const std::string& content) const {
    ASSERT_OK(ReplaceFile({File(name), "test file"}, content));
  }

  void MakeAndImportRound() const {
    // In whole seconds: a fraction can hold any number that a test looks for.
    const absl::Time now =
        absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()));
    ASSERT_EQ(Admin({"init"}).exit_code, 0);
    ASSERT_EQ(Admin({"receipt-key", "--out", File("operator.key")}).exit_code,
              0);
    ASSERT_EQ(Steward({"init"}).exit_code, 0);
    ASSERT_EQ(Steward({"round", "create", "--plan", File("plan.json"),
                       "--operator-key", File("operator.key"), "--opens-at",
                       command::TimeText(now), "--closes-at",
                       command::TimeText(now + absl::Hours(1)), "--out",
                       File("manifest")})
                  .exit_code,
              0);
    const ProgramResult imported = Admin({"round", "import", File("manifest")});
    ASSERT_EQ(imported.exit_code, 0) << imported.err;
  }

  // Puts `count` submissions where the collector would.
  void Submit(size_t count) const {
    const auto checked =
        artefacts::ReadSignedManifest(*testing::FileContents(File("manifest")));
    ASSERT_OK(checked);
    crypto::SodiumRandom random;
    auto host =
        AdminHost::Open(File("data"), File("kek"), Access::kChange, random);
    ASSERT_OK(host);
    std::vector<std::string> frames;
    for (size_t i = 0; i < count; ++i) {
      frames.push_back(testing::DraftOf({{1, 2}, {1111}}, checked->manifest,
                                        checked->hash, random)
                           .Build(checked->manifest, random));
    }
    testing::StoreAll(*host, kRound, frames);
  }

  // Publishes what was exported, as the steward does whom the operator called.
  ProgramResult Publish() const {
    return Steward({"publish", "--yes", "--expect",
                    testing::WordsOfInbox(
                        testing::FileContents(File("inbox")).value_or("")),
                    "--inbox", File("inbox"), "--out", File("release")});
  }

  v1::RoundStatusReport Status() const {
    const ProgramResult result =
        Admin({"round", "status", "--round", kRound, "--json"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    v1::RoundStatusReport report;
    EXPECT_TRUE(
        google::protobuf::util::JsonStringToMessage(result.out, &report).ok());
    return report;
  }

  testing::TempDirectory directory_;
};

TEST_F(AdminCliTest, LeadsARoundThroughItsLife) {
  MakeAndImportRound();
  EXPECT_EQ(Status().state(), v1::ROUND_STATE_OPEN);
  Submit(40);
  const ProgramResult not_over = Admin({"round", "close", "--round", kRound});
  EXPECT_EQ(not_over.exit_code, 1);
  EXPECT_THAT(not_over.err, HasSubstr("--early"));
  const ProgramResult not_closed =
      Admin({"inbox", "export", "--round", kRound, "--out", File("inbox")});
  EXPECT_EQ(not_closed.exit_code, 1);
  EXPECT_FALSE(testing::FileContents(File("inbox")).has_value());

  ASSERT_EQ(Admin({"round", "close", "--round", kRound, "--early"}).exit_code,
            0);
  EXPECT_EQ(Status().state(), v1::ROUND_STATE_CLOSED);
  const ProgramResult exported = Admin({"inbox", "export", "--round", kRound,
                                        "--out", File("inbox"), "--progress"});
  ASSERT_EQ(exported.exit_code, 0) << exported.err;
  EXPECT_THAT(exported.err, HasSubstr("100 %"));
  EXPECT_THAT(exported.out, AllOf(HasSubstr("40 submissions"),
                                  HasSubstr(testing::WordsOfInbox(
                                      *testing::FileContents(File("inbox"))))));
  const ProgramResult published = Publish();
  ASSERT_EQ(published.exit_code, 0) << published.err;
  EXPECT_THAT(published.out, HasSubstr("40 submissions counted, 0 dropped"));

  const std::string old_key = *testing::FileContents(File("kek"));
  const ProgramResult returned = Admin({"release", "import", File("release")});
  ASSERT_EQ(returned.exit_code, 0) << returned.err;
  EXPECT_EQ(Status().state(), v1::ROUND_STATE_ERASED);
  EXPECT_NE(testing::FileContents(File("kek")), old_key);
  EXPECT_THAT(returned.out, HasSubstr("the key file holds a new key"));
  const ProgramResult again = Admin({"release", "import", File("release")});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr("nothing has changed"));
  const ProgramResult listed = Admin({"round", "status"});
  EXPECT_THAT(listed.out, HasSubstr("couriers.2026-q1: published"));
}

TEST_F(AdminCliTest, TellsProgramsTheSameAsJson) {
  MakeAndImportRound();
  Submit(3);
  const auto step = [this](std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    const ProgramResult result = Admin(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    v1::StepReport report;
    EXPECT_TRUE(
        google::protobuf::util::JsonStringToMessage(result.out, &report).ok());
    EXPECT_EQ(report.round_id(), kRound);
    EXPECT_EQ(report.survey_key().size(), 49U);
    return report.done_before();
  };
  EXPECT_TRUE(step({"round", "import", File("manifest")}));
  EXPECT_FALSE(step({"round", "close", "--round", kRound, "--early"}));
  EXPECT_TRUE(step({"round", "close", "--round", kRound, "--early"}));
  const ProgramResult exported = Admin(
      {"inbox", "export", "--round", kRound, "--out", File("inbox"), "--json"});
  v1::InboxExportReport report;
  ASSERT_TRUE(
      google::protobuf::util::JsonStringToMessage(exported.out, &report).ok());
  EXPECT_EQ(report.round_id(), kRound);
  EXPECT_EQ(report.submissions(), 3U);
  EXPECT_EQ(report.inbox_words(),
            testing::WordsOfInbox(*testing::FileContents(File("inbox"))));
  ASSERT_EQ(Publish().exit_code, 0);
  EXPECT_FALSE(step({"release", "import", File("release")}));
  EXPECT_TRUE(step({"release", "import", File("release")}));
}

// Who closes a round because of how many have answered lets the answers decide
// about the release: nothing that the operator runs before the close may tell.
TEST_F(AdminCliTest, SaysTheSameBeforeTheCloseHoweverManyHaveAnswered) {
  MakeAndImportRound();
  Put("junk", "no release");
  const auto say_all = [this] {
    std::string said;
    for (const std::vector<std::string>& command :
         std::vector<std::vector<std::string>>{
             {"round", "status"},
             {"round", "status", "--json"},
             {"round", "status", "--round", kRound},
             {"round", "status", "--round", kRound, "--json"},
             {"round", "import", File("manifest")},
             {"round", "import", File("manifest"), "--json"},
             {"round", "close", "--round", kRound},
             {"round", "close", "--round", kRound, "--json"},
             {"inbox", "export", "--round", kRound, "--out", File("out")},
             {"inbox", "export", "--round", kRound, "--out", File("out"),
              "--progress", "--json"},
             {"release", "import", File("junk")},
             {"receipt-key", "--json"}}) {
      const ProgramResult result = Admin(command);
      absl::StrAppend(&said, result.exit_code, "\n", result.out, result.err);
    }
    return said;
  };
  const std::string nobody = say_all();
  Submit(1);
  const std::string one = say_all();
  Submit(400);
  const std::string many = say_all();
  EXPECT_EQ(one, nobody);
  EXPECT_EQ(many, nobody);
  EXPECT_THAT(nobody, Not(HasSubstr("400")));
  EXPECT_FALSE(testing::FileContents(File("out")).has_value());
  // Nor does the close itself.
  const ProgramResult closed =
      Admin({"round", "close", "--round", kRound, "--early"});
  EXPECT_THAT(closed.out,
              ::testing::StartsWith("Round couriers.2026-q1 is closed; export "
                                    "its inbox next.\nSurvey key: "));
}

TEST_F(AdminCliTest, RefusesWrongUseWith2AndRepeatsNothing) {
  const std::vector<std::vector<std::string>> wrong_uses = {
      {},
      {"zanzibar"},
      {"round"},
      {"round", "close"},
      {"round", "import"},
      {"inbox", "export", "--round", "zanzibar"},
      {"round", "status", "zanzibar"},
  };
  for (const std::vector<std::string>& arguments : wrong_uses) {
    const ProgramResult result = Admin(arguments);
    EXPECT_EQ(result.exit_code, 2) << result.err;
    EXPECT_THAT(result.err, AllOf(HasSubstr("commonwage-admin: "),
                                  Not(HasSubstr("zanzibar"))));
  }
  const ProgramResult inside = testing::RunProgram(
      COMMONWAGE_ADMIN,
      {"init", "--data", File("data"), "--kek", File("data/kek")});
  EXPECT_EQ(inside.exit_code, 2);
  EXPECT_THAT(inside.err, HasSubstr("outside the data directory"));
}

TEST_F(AdminCliTest, RefusesTheWrongKeyAndUnknownRoundsWith1) {
  MakeAndImportRound();
  EXPECT_EQ(Admin({"init"}).exit_code, 1);
  const ProgramResult unknown =
      Admin({"round", "close", "--round", "zanzibar.1"});
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_THAT(unknown.err, Not(HasSubstr("zanzibar")));
  const ProgramResult no_fingerprint =
      Admin({"round", "import", File("manifest"), "--survey-key", "zanzibar"});
  EXPECT_EQ(no_fingerprint.exit_code, 2);
  EXPECT_THAT(no_fingerprint.err, Not(HasSubstr("zanzibar")));
  Put("other-kek", std::string(64, 'a') + "\n");
  const ProgramResult wrong_key = testing::RunProgram(
      COMMONWAGE_ADMIN,
      {"round", "status", "--data", File("data"), "--kek", File("other-kek")});
  EXPECT_EQ(wrong_key.exit_code, 1);
  EXPECT_THAT(wrong_key.err, HasSubstr("key-encryption key"));
}

TEST_F(AdminCliTest, RefusesFilesThatAreNotWhatTheyShouldBe) {
  MakeAndImportRound();
  Put("junk", "zanzibar");
  for (const auto& step : std::vector<std::vector<std::string>>{
           {"round", "import", File("junk")},
           {"release", "import", File("junk")},
           {"release", "import", File("manifest")},
           {"round", "import", File("missing")}}) {
    const ProgramResult result = Admin(step);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, Not(HasSubstr("zanzibar")));
  }
  EXPECT_EQ(Status().state(), v1::ROUND_STATE_OPEN);
}

// A key file as the system hands one over at each start: in memory, and never
// another one.
class HandedOverKey {
 public:
  HandedOverKey() {
    std::string pattern = "/dev/shm/commonwage-test-XXXXXX";
    if (mkdtemp(pattern.data()) != nullptr) {
      directory_ = pattern;
    }
  }
  HandedOverKey(const HandedOverKey&) = delete;
  HandedOverKey& operator=(const HandedOverKey&) = delete;
  ~HandedOverKey() {
    std::error_code ignored;
    if (!directory_.empty()) {
      std::filesystem::remove_all(directory_, ignored);
    }
  }

  // "" where there is no such place.
  [[nodiscard]] std::string path() const {
    return directory_.empty() ? "" : directory_ + "/kek";
  }

 private:
  std::string directory_;
};

TEST_F(AdminCliTest, AKeyFileThatCannotBeReplacedBlocksNoErasure) {
  const HandedOverKey key;
  if (key.path().empty()) {
    GTEST_SKIP() << "SKIPPED: there is no /dev/shm";
  }
  crypto::SodiumRandom random;
  ASSERT_OK(crypto::CreateKeyFile(key.path(), random));
  std::filesystem::create_symlink(key.path(), File("kek"));
  const std::string content = *testing::FileContents(key.path());
  const ProgramResult made = Admin({"init"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(made.out, AllOf(HasSubstr("shred.key where it lies, and rests on "
                                        "that alone"),
                              HasSubstr("cannot be given another key")));
  std::filesystem::remove_all(File("data"));

  MakeAndImportRound();
  Submit(2);
  Admin({"round", "close", "--round", kRound, "--early"});
  Admin({"inbox", "export", "--round", kRound, "--out", File("inbox")});
  Publish();
  const ProgramResult returned = Admin({"release", "import", File("release")});
  ASSERT_EQ(returned.exit_code, 0) << returned.err;
  EXPECT_THAT(returned.out, HasSubstr("shred.key, which erasure rests on "
                                      "alone"));
  EXPECT_EQ(Status().state(), v1::ROUND_STATE_ERASED);
  EXPECT_EQ(*testing::FileContents(key.path()), content);

  const ProgramResult rotated = Admin({"rotate"});
  EXPECT_EQ(rotated.exit_code, 1);
  EXPECT_THAT(rotated.err, HasSubstr("cannot be given another key"));
  EXPECT_EQ(*testing::FileContents(key.path()), content);
}

TEST_F(AdminCliTest, RotatesTheKeyFile) {
  MakeAndImportRound();
  const std::string old_key = *testing::FileContents(File("kek"));
  ASSERT_EQ(Admin({"rotate"}).exit_code, 0);
  EXPECT_NE(testing::FileContents(File("kek")), old_key);
  EXPECT_EQ(Status().state(), v1::ROUND_STATE_OPEN);
}

}  // namespace
}  // namespace commonwage::server::admin
