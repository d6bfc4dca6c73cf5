// SPDX-License-Identifier: Apache-2.0
// `commonwage download` and `verify`: one release, and several rounds together.

#include <string>
#include <vector>

#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "artefacts/release_files.h"
#include "base/file/kept_file.h"
#include "commonwage/v1/command_output.pb.h"
#include "crypto/fingerprint.h"
#include "tests/client/cli/run_command.h"
#include "tests/client/grpc_front.h"
#include "tests/client/made_release.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

#include <google/protobuf/util/json_util.h>

namespace commonwage::client::cli {
namespace {

using ::commonwage::testing::DrawMadeRelease;
using ::commonwage::testing::FakeServer;
using ::commonwage::testing::GrpcFront;
using ::commonwage::testing::MadeRound;
using ::commonwage::testing::MakeRound;
using ::commonwage::testing::Outcome;
using ::commonwage::testing::RunCommand;
using ::commonwage::testing::SignRelease;
using ::commonwage::testing::TempDirectory;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class VerifyCommandTest : public ::testing::Test {
 protected:
  template <typename Message>
  static Message FromJson(const std::string& json) {
    Message message;
    EXPECT_TRUE(
        google::protobuf::util::JsonStringToMessage(json, &message).ok())
        << json;
    return message;
  }

  const TempDirectory directory_;
  const MadeRound round_ = MakeRound();
  FakeServer server_{round_};
  GrpcFront front_{server_};
};

TEST_F(VerifyCommandTest, ADownloadedReleaseIsVerifiedFromItsFilesAlone) {
  const Release release = DrawMadeRelease(round_);
  server_.release_bytes = SignRelease(release, round_).SerializeAsString();
  const std::string out = directory_.File("release");
  const Outcome downloaded =
      RunCommand({"download", "--server", front_.address(), "--round",
                  round_.Id(), "--out", out});
  EXPECT_EQ(downloaded.exit_code, 0) << downloaded.err;

  const std::string fingerprint =
      crypto::Fingerprint(round_.survey_key.verify_key());
  EXPECT_THAT(downloaded.out, HasSubstr(fingerprint));
  const Outcome verified =
      RunCommand({"verify", out, "--survey-key", fingerprint});
  EXPECT_EQ(verified.exit_code, 0) << verified.err;
  EXPECT_THAT(verified.out, HasSubstr("is genuine"));

  ASSERT_OK(ReplaceFile({out + "/RELEASE.bin", "release"},
                        WriteRelease(release) + "x"));
  const Outcome refused =
      RunCommand({"verify", out, "--survey-key", fingerprint, "--json"});
  EXPECT_EQ(refused.exit_code, 1);
  const auto report = FromJson<v1::VerifyReport>(refused.out);
  EXPECT_FALSE(report.ok());
  EXPECT_THAT(report.checks(), SizeIs(2));
}

TEST_F(VerifyCommandTest, ACancellationIsVerifiedAndAReleaseBeatsIt) {
  const std::string fingerprint =
      crypto::Fingerprint(round_.survey_key.verify_key());
  const std::string off = directory_.File("off");
  ASSERT_OK(ReplaceFile({off, "cancellation"},
                        round_.Cancellation().SerializeAsString()));
  const Outcome alone =
      RunCommand({"verify", off, "--survey-key", fingerprint, "--json"});
  EXPECT_EQ(alone.exit_code, 0) << alone.err;
  const auto report = FromJson<v1::VerifyReport>(alone.out);
  EXPECT_TRUE(report.cancelled());
  EXPECT_EQ(report.accounts(0).spent_micro_rho(), 0);
  EXPECT_TRUE(report.accounts(0).rounds(0).cancelled());

  const std::string release = directory_.File("release");
  ASSERT_OK(artefacts::WriteReleaseFiles(
      release, SignRelease(DrawMadeRelease(round_), round_), IfThere::kRefuse));
  const Outcome both =
      RunCommand({"verify", off, release, "--survey-key", fingerprint});
  EXPECT_EQ(both.exit_code, 1);
  EXPECT_THAT(both.out, HasSubstr("285000 of 1600000 micro-rho spent"));
  EXPECT_THAT(both.err, HasSubstr("the cancellation does not"));
}

TEST_F(VerifyCommandTest, SeveralRoundsAreVerifiedTogetherAgainstTheirCap) {
  const std::string fingerprint =
      crypto::Fingerprint(round_.survey_key.verify_key());
  const auto write = [&](const std::string& name, const MadeRound& round) {
    ASSERT_OK(ReplaceFile({directory_.File(name), "manifest"},
                          round.ToProto(v1::ROUND_STATE_CREATED)
                              .signed_manifest()
                              .SerializeAsString()));
  };
  const std::string release = directory_.File("release");
  ASSERT_OK(artefacts::WriteReleaseFiles(
      release, SignRelease(DrawMadeRelease(round_), round_), IfThere::kRefuse));
  write("second", MakeRound({.round = "2026-q2", .later = absl::Hours(1)}));
  write("third", MakeRound({.round = "2026-q3",
                            .later = absl::Hours(2),
                            .cap_micro_rho = 800'000}));

  const Outcome two = RunCommand({"verify", release, directory_.File("second"),
                                  "--survey-key", fingerprint});
  EXPECT_EQ(two.exit_code, 0) << two.err;
  EXPECT_THAT(two.out,
              HasSubstr("The manifest of couriers.2026-q2 is genuine"));
  EXPECT_THAT(two.out, HasSubstr("570000 of 1600000 micro-rho spent, 1030000 "
                                 "left"));

  const std::vector<std::string> all = {"verify",
                                        release,
                                        directory_.File("second"),
                                        directory_.File("third"),
                                        "--survey-key",
                                        fingerprint};
  const Outcome three = RunCommand(all);
  EXPECT_EQ(three.exit_code, 1);
  EXPECT_THAT(three.out, HasSubstr("855000 of 800000 micro-rho spent, 0 left"));
  EXPECT_THAT(three.err, HasSubstr("cost 855000 micro-rho together"));

  std::vector<std::string> as_json = all;
  as_json.emplace_back("--json");
  const Outcome json = RunCommand(as_json);
  EXPECT_EQ(json.exit_code, 1);
  const auto report = FromJson<v1::VerifyReport>(json.out);
  EXPECT_FALSE(report.ok());
  EXPECT_EQ(report.survey_key(), fingerprint);
  ASSERT_THAT(report.rounds(), SizeIs(3));
  EXPECT_TRUE(report.rounds(0).ok());
  EXPECT_FALSE(report.rounds(0).manifest_alone());
  EXPECT_TRUE(report.rounds(2).manifest_alone());
  ASSERT_THAT(report.accounts(), SizeIs(1));
  EXPECT_EQ(report.accounts(0).left_micro_rho(), 0);
  EXPECT_THAT(report.accounts(0).rounds(), SizeIs(3));
  EXPECT_THAT(report.accounts(0).faults(),
              ::testing::ElementsAre("PRIVACY_CAP_EXCEEDED"));
}

}  // namespace
}  // namespace commonwage::client::cli
