// SPDX-License-Identifier: Apache-2.0
#include "server/admin/round_life.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "artefacts/signed_manifest.h"
#include "crypto/fingerprint.h"
#include "crypto/key_file.h"
#include "server/admin/inbox_export.h"
#include "storage/catalogue/catalogue.h"
#include "storage/keyring.h"
#include "survey/domain_labels.h"
#include "tests/server/admin/host_directory.h"
#include "tests/server/steward/vault_round.h"
#include "tests/testing/sign_files.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::admin {
namespace {

using ::testing::AllOf;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::VaultRound;

constexpr char kRound[] = "couriers.2026-q1";

class RoundLifeTest : public ::testing::Test {
 protected:
  std::string ManifestFile() const {
    return round_.created().file.SerializeAsString();
  }

  void Import() {
    AdminHost host = online_.Open();
    ASSERT_OK(ImportRound(host, ManifestFile(), ""));
  }

  void Submit(const std::vector<std::string>& frames) {
    AdminHost host = online_.Open();
    testing::StoreAll(host, kRound, frames);
  }

  absl::StatusOr<StepResult> Close(bool early = false) {
    AdminHost host = online_.Open();
    return CloseRound(host, kRound, early, round_.clock());
  }

  absl::StatusOr<std::string> Export() {
    AdminHost host = online_.Open();
    std::string file;
    const auto result = ExportInbox(
        host, kRound,
        [&file](absl::string_view bytes) {
          absl::StrAppend(&file, bytes);
          return absl::OkStatus();
        },
        nullptr);
    if (!result.ok()) {
      return result.status();
    }
    return file;
  }

  absl::StatusOr<StepResult> Return(const std::string& release_file) {
    AdminHost host = online_.Open();
    return ImportRelease(host, release_file);
  }

  v1::RoundState State() {
    AdminHost host = online_.Open();
    return (*RoundStatus(host, kRound, round_.clock()))[0].state();
  }

  testing::HostDirectory online_;
  VaultRound round_{{.plan = testing::SamplePlan()},
                    *online_.Open().ReceiptKey()};
};

TEST_F(RoundLifeTest, GoesFromManifestToReleaseAndErasesOnTheWay) {
  round_.clock().Set(testing::BeforeOpening());
  Import();
  EXPECT_EQ(State(), v1::ROUND_STATE_CREATED);
  round_.clock().Set(testing::DuringRound());
  EXPECT_EQ(State(), v1::ROUND_STATE_OPEN);
  Submit(round_.Frames(80));
  round_.clock().Set(testing::AfterClose());
  ASSERT_OK(Close());
  EXPECT_EQ(State(), v1::ROUND_STATE_CLOSED);
  const auto inbox = Export();
  ASSERT_OK(inbox);
  const auto published = round_.Publish(*inbox);
  ASSERT_OK(published);
  EXPECT_EQ(published->report.counted(), 80);
  ASSERT_OK(Return(published->file.SerializeAsString()));
  EXPECT_EQ(State(), v1::ROUND_STATE_ERASED);

  AdminHost host = online_.Open();
  EXPECT_FALSE((*host.keyring().Find(storage::kInboxKey, kRound)).has_value());
  EXPECT_FALSE(std::filesystem::exists(host.directory().inbox_path(kRound)));
  const auto release = host.catalogue().FindRelease(kRound);
  ASSERT_OK(release);
  EXPECT_EQ((*release)->bytes, published->file.release());
}

TEST_F(RoundLifeTest, StepsThatAreRepeatedChangeNothing) {
  Import();
  {
    AdminHost host = online_.Open();
    const auto again = ImportRound(host, ManifestFile(), "");
    ASSERT_OK(again);
    EXPECT_TRUE(again->repeated);
  }
  Submit(round_.Frames(3));
  ASSERT_OK(Close());
  const auto closed_again = Close();
  ASSERT_OK(closed_again);
  EXPECT_TRUE(closed_again->repeated);
  const auto first = Export();
  const auto second = Export();
  ASSERT_OK(first);
  EXPECT_EQ(*first, *second);
  const std::string release = round_.Publish(*first)->file.SerializeAsString();
  ASSERT_OK(Return(release));
  const auto returned_again = Return(release);
  ASSERT_OK(returned_again);
  EXPECT_TRUE(returned_again->repeated);
  // The manifest does not bring an erased round back either.
  Import();
  EXPECT_EQ(State(), v1::ROUND_STATE_ERASED);
  AdminHost host = online_.Open();
  EXPECT_FALSE((*host.keyring().Find(storage::kInboxKey, kRound)).has_value());
}

TEST_F(RoundLifeTest, ClosesBeforeItsTimeOnlyWhenToldToAndSaysSo) {
  Import();
  round_.clock().Set(testing::DuringRound());
  EXPECT_THAT(Close(), HasReason(Reason::kRoundNotClosed));
  ASSERT_OK(Close(/*early=*/true));
  const auto inbox = Export();
  ASSERT_OK(inbox);
  const auto published = round_.Publish(*inbox);
  ASSERT_OK(published);
  EXPECT_TRUE(ParseRelease(published->file.release())->closed_early);
  EXPECT_OK(Return(published->file.SerializeAsString()));
}

TEST_F(RoundLifeTest, EarlyAfterTheClosingTimeIsNotEarly) {
  Import();
  ASSERT_OK(Close(/*early=*/true));
  const auto published = round_.Publish(*Export());
  ASSERT_OK(published);
  EXPECT_FALSE(ParseRelease(published->file.release())->closed_early);
}

TEST_F(RoundLifeTest, StoresNothingAfterTheClose) {
  Import();
  Submit(round_.Frames(1));
  AdminHost host = online_.Open();
  const auto collector = host.OpenInbox(kRound);
  ASSERT_OK(collector);
  ASSERT_OK(CloseRound(host, kRound, false, round_.clock()));
  const auto late = testing::Store(**collector, round_.Frame());
  ASSERT_OK(late);
  EXPECT_EQ(*late, storage::Acceptance::kClosed);
}

TEST_F(RoundLifeTest, ExportsOnlyWhatIsClosedAndNotYetErased) {
  Import();
  EXPECT_THAT(Export(), HasReason(Reason::kRoundNotClosed));
  ASSERT_OK(Close());
  const auto inbox = Export();
  ASSERT_OK(inbox);
  ASSERT_OK(Return(round_.Publish(*inbox)->file.SerializeAsString()));
  EXPECT_THAT(Export(), HasReason(Reason::kRoundPublished));
}

TEST_F(RoundLifeTest, ALostInboxIsNoEmptyRound) {
  Import();
  Submit(round_.Frames(2));
  const std::string file =
      online_.Open().directory().inbox_path(kRound).string();
  const std::string kept = online_.File("kept");
  std::filesystem::rename(file, kept);
  const auto refused = Close();
  EXPECT_THAT(refused, testing::StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(refused, HasReason(Reason::kInboxMissing));
  EXPECT_THAT(std::string(refused.status().message()),
              AllOf(HasSubstr(kRound), HasSubstr("from a backup")));
  EXPECT_EQ(State(), v1::ROUND_STATE_OPEN);
  EXPECT_FALSE(std::filesystem::exists(file));

  std::filesystem::rename(kept, file);
  ASSERT_OK(Close());
  std::filesystem::rename(file, kept);
  EXPECT_THAT(Export(), HasReason(Reason::kInboxMissing));
  EXPECT_EQ(State(), v1::ROUND_STATE_CLOSED);
  EXPECT_FALSE(std::filesystem::exists(file));
  std::filesystem::rename(kept, file);
  EXPECT_EQ(round_.Publish(*Export())->report.counted(), 2);
}

TEST_F(RoundLifeTest, DoesNotCloseOverAnOlderCopyOfAnInbox) {
  Import();
  Submit(round_.Frames(2));
  {
    AdminHost host = online_.Open();
    const auto commits = (*host.OpenInbox(kRound))->CountCommits();
    ASSERT_OK(host.catalogue().NoteInboxCommits(kRound, *commits + 1));
  }
  EXPECT_THAT(Close(), HasReason(Reason::kInboxRolledBack));
  EXPECT_EQ(State(), v1::ROUND_STATE_OPEN);
  AdminHost host = online_.Open();
  EXPECT_FALSE(*(*host.OpenInbox(kRound))->IsClosed());
}

TEST_F(RoundLifeTest, ALostKeyOfAnInboxIsNoEmptyRoundEither) {
  Import();
  {
    AdminHost host = online_.Open();
    ASSERT_OK(
        host.keyring().Destroy(storage::kInboxKey, kRound, online_.random()));
  }
  EXPECT_THAT(Close(), HasReason(Reason::kInboxMissing));
  EXPECT_EQ(State(), v1::ROUND_STATE_OPEN);
}

TEST_F(RoundLifeTest, StatusNamesWhatIsWrongAndWhatCanBeDone) {
  Import();
  const auto status = [&] {
    AdminHost host = online_.Open();
    return RoundStatus(host, kRound, round_.clock()).value().front();
  };
  EXPECT_EQ(status().damage(), "");
  const std::string file =
      online_.Open().directory().inbox_path(kRound).string();
  std::filesystem::rename(file, online_.File("kept"));
  EXPECT_THAT(status().damage(), HasSubstr("missing"));
  EXPECT_THAT(status().next_step(),
              AllOf(HasSubstr("backup"), HasSubstr("round set-aside")));
  EXPECT_FALSE(std::filesystem::exists(file));

  std::ofstream(file) << std::string(8192, 'x');
  EXPECT_NE(status().damage(), "");
  std::filesystem::rename(online_.File("kept"), file);
  EXPECT_EQ(status().damage(), "");
}

TEST_F(RoundLifeTest, ARoundThatIsSetAsideStaysAsItIsUntilThatIsTakenBack) {
  Import();
  Submit(round_.Frames(2));
  const auto set_aside = [&](bool undo) {
    AdminHost host = online_.Open();
    return SetRoundAside(host, kRound, undo);
  };
  ASSERT_OK(set_aside(false));
  EXPECT_TRUE(set_aside(false)->repeated);
  EXPECT_THAT(Close(), HasReason(Reason::kRoundSetAside));
  ASSERT_OK(set_aside(true));
  ASSERT_OK(Close());
  const auto inbox = Export();
  ASSERT_OK(inbox);
  const std::string release = round_.Publish(*inbox)->file.SerializeAsString();

  ASSERT_OK(set_aside(false));
  EXPECT_THAT(Export(), HasReason(Reason::kRoundSetAside));
  EXPECT_THAT(Return(release), HasReason(Reason::kRoundSetAside));
  {
    AdminHost host = online_.Open();
    const auto status = *RoundStatus(host, kRound, round_.clock());
    EXPECT_TRUE(status[0].set_aside());
    EXPECT_THAT(status[0].next_step(), HasSubstr("--undo"));
  }
  ASSERT_OK(set_aside(true));
  EXPECT_TRUE(set_aside(true)->repeated);
  ASSERT_OK(Return(release));
  EXPECT_THAT(set_aside(false), HasReason(Reason::kRoundState));
}

TEST_F(RoundLifeTest, StatusNamesAClockFarAheadOfWhatTheServerNoted) {
  Import();
  const auto next_step = [&] {
    AdminHost host = online_.Open();
    return RoundStatus(host, kRound, round_.clock())->front().next_step();
  };
  round_.clock().Set(testing::AfterClose());
  EXPECT_THAT(next_step(), Not(HasSubstr("clock")));
  {
    AdminHost host = online_.Open();
    ASSERT_OK(host.catalogue().NoteTime(testing::DuringRound()));
  }
  EXPECT_THAT(next_step(), AllOf(HasSubstr("clock"), HasSubstr("round close")));
}

TEST_F(RoundLifeTest, KnowsNoOtherRounds) {
  AdminHost host = online_.Open();
  EXPECT_THAT(CloseRound(host, "no.such", false, round_.clock()),
              HasReason(Reason::kUnknownRound));
  EXPECT_THAT(RoundStatus(host, "no.such", round_.clock()),
              HasReason(Reason::kUnknownRound));
  EXPECT_TRUE(RoundStatus(host, "", round_.clock())->empty());
}

TEST_F(RoundLifeTest, ComparesTheFingerprintThatTheStewardTold) {
  AdminHost host = online_.Open();
  const auto stranger = crypto::SigningKey::Generate(round_.random());
  EXPECT_THAT(ImportRound(host, ManifestFile(),
                          crypto::Fingerprint(stranger.verify_key())),
              HasReason(Reason::kSurveyKeyDiffers));
  EXPECT_TRUE(host.catalogue().ListRounds()->empty());
  const auto imported =
      ImportRound(host, ManifestFile(),
                  crypto::FingerprintWords(round_.created().survey_key));
  ASSERT_OK(imported);
  EXPECT_EQ(imported->survey_key, round_.created().survey_key);
}

TEST_F(RoundLifeTest, RefusesAManifestOfTheSurveyByAnotherKey) {
  Import();
  VaultRound stranger;
  AdminHost host = online_.Open();
  EXPECT_THAT(
      ImportRound(host, stranger.created().file.SerializeAsString(), ""),
      HasReason(Reason::kSurveyKeyDiffers));
}

// The survey's key signed it, and beside that stands what nobody signed.
TEST_F(RoundLifeTest, RefusesFilesWithOneGoodAndOneBadSignature) {
  const auto other = crypto::SigningKey::Generate(round_.random());
  v1::SignedManifest manifest = round_.created().file;
  testing::AddBadSignature(manifest, other, kManifestSignatureLabel,
                           manifest.manifest());
  {
    AdminHost host = online_.Open();
    EXPECT_THAT(ImportRound(host, manifest.SerializeAsString(), ""),
                HasReason(Reason::kStewardSignatureRefused));
    EXPECT_TRUE(host.catalogue().ListRounds()->empty());
  }
  Import();
  ASSERT_OK(Close());
  const auto inbox = Export();
  ASSERT_OK(inbox);
  const v1::SignedRelease file = round_.Publish(*inbox)->file;
  v1::SignedRelease release = file;
  testing::AddBadSignature(release, other, kReleaseSignatureLabel,
                           release.release());
  EXPECT_THAT(Return(release.SerializeAsString()),
              HasReason(Reason::kStewardSignatureRefused));
  EXPECT_EQ(State(), v1::ROUND_STATE_CLOSED);
  EXPECT_OK(Return(file.SerializeAsString()));
}

TEST_F(RoundLifeTest, RefusesASecondManifestForTheSameRound) {
  Import();
  Manifest other = round_.manifest();
  other.code_version = "other";
  const auto key = round_.vault().SigningKeyOf("couriers", round_.random());
  AdminHost host = online_.Open();
  EXPECT_THAT(ImportRound(host,
                          artefacts::SignManifest(WriteManifest(other), *key)
                              .SerializeAsString(),
                          ""),
              HasReason(Reason::kTwoManifests));
}

// What a vault signs that was put back to before the round that the host has.
class PutBackVaultTest : public RoundLifeTest {
 protected:
  PutBackVaultTest() { Import(); }

  // Signs a round of the same survey as that vault would, which knows nothing
  // of the first one.
  std::string Forgetful(const std::string& round, absl::Duration later,
                        int64_t cap_micro_rho, int64_t root_micro_rho) {
    Manifest manifest = round_.manifest();
    Plan& plan = manifest.plan;
    plan.round = round;
    plan.opens_at += later;
    plan.closes_at += later;
    plan.survey_cap_micro_rho = cap_micro_rho;
    plan.marginals[0].micro_loss_per_level[0] = root_micro_rho;
    const auto key = round_.vault().SigningKeyOf("couriers", round_.random());
    return artefacts::SignManifest(WriteManifest(manifest), *key)
        .SerializeAsString();
  }

  absl::StatusOr<StepResult> TryImport(const std::string& file) {
    AdminHost host = online_.Open();
    return ImportRound(host, file, "");
  }

  // Tries, and sees that nothing has changed.
  absl::Status Refused(const std::string& file) {
    absl::Status status = TryImport(file).status();
    AdminHost host = online_.Open();
    EXPECT_EQ(host.catalogue().ListRounds()->size(), 1U);
    EXPECT_FALSE(std::filesystem::exists(
        host.directory().inbox_path("couriers.second")));
    return status;
  }

  static constexpr int64_t kCap = 1'600'000;  // The sample plan's.
  static constexpr int64_t kRoot = 50'000;    // Of 285,000 in all.
  static constexpr absl::Duration kQuarter = absl::Hours(24 * 90);
};

TEST_F(PutBackVaultTest, ASecondRoundOverTheCapIsRefused) {
  // 285,000 + 1,315,000 is the cap. One level alone takes 2^20 at most.
  const absl::Status refused =
      Refused(Forgetful("second", kQuarter, kCap - 500'000, kRoot + 530'001));
  EXPECT_THAT(refused, HasReason(Reason::kPrivacyCapExceeded));
  EXPECT_THAT(std::string(refused.message()),
              AllOf(HasSubstr("1100001"), HasSubstr("1100000"),
                    HasSubstr("Nothing was imported")));
  EXPECT_OK(TryImport(
      Forgetful("second", kQuarter, kCap - 500'000, kRoot + 530'000)));
}

TEST_F(PutBackVaultTest, ARaisedCapIsRefused) {
  const absl::Status refused =
      Refused(Forgetful("second", kQuarter, kCap + 1, kRoot));
  EXPECT_THAT(refused, HasReason(Reason::kPrivacyCapRaised));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("couriers.second"));
  // A round of long ago that promised less makes the one that is here a raise.
  EXPECT_THAT(Refused(Forgetful("second", -kQuarter, kCap - 1, kRoot)),
              HasReason(Reason::kPrivacyCapRaised));
}

TEST_F(PutBackVaultTest, ALowerCapThatTheRoundsKeepToIsImported) {
  EXPECT_OK(TryImport(Forgetful("second", kQuarter, 570'000, kRoot)));
  EXPECT_THAT(TryImport(Forgetful("third", 2 * kQuarter, 570'000, kRoot)),
              HasReason(Reason::kPrivacyCapExceeded));
}

TEST_F(PutBackVaultTest, TheSameRoundMadeAnewIsRefused) {
  EXPECT_THAT(
      Refused(Forgetful("2026-q1", absl::ZeroDuration(), kCap, kRoot + 1)),
      HasReason(Reason::kTwoManifests));
  EXPECT_TRUE(TryImport(ManifestFile())->repeated);
}

TEST_F(PutBackVaultTest, OtherSurveysHaveAccountsOfTheirOwn) {
  Plan plan = testing::SamplePlan();
  plan.survey = "cooks";
  plan.marginals[0].micro_loss_per_level[0] = kRoot + 900'000;
  const VaultRound other({.plan = plan}, *online_.Open().ReceiptKey());
  EXPECT_OK(TryImport(other.created().file.SerializeAsString()));
}

TEST_F(RoundLifeTest, RefusesReleasesOfOthersAndKeepsTheSubmissions) {
  Import();
  Submit(round_.Frames(2));
  ASSERT_OK(Close());
  // A stranger's vault, a round of the same name.
  VaultRound stranger;
  const auto foreign = stranger.Publish(stranger.Inbox({}));
  ASSERT_OK(foreign);
  EXPECT_THAT(Return(foreign->file.SerializeAsString()),
              HasReason(Reason::kReleaseOfAnotherManifest));
  // The right manifest, and a release that a stranger signed.
  const auto inbox = Export();
  v1::SignedRelease forged = round_.Publish(*inbox)->file;
  const auto key = crypto::SigningKey::Generate(round_.random());
  const std::string& digest = forged.counted_inbox().digest();
  EXPECT_THAT(Return(testing::SignRelease(forged.release(), forged.manifest(),
                                          digest, key)
                         .SerializeAsString()),
              HasReason(Reason::kStewardSignatureRefused));
  // The same, with the manifest signed anew as well.
  EXPECT_THAT(
      Return(testing::SignRelease(
                 forged.release(),
                 artefacts::SignManifest(forged.manifest().manifest(), key),
                 digest, key)
                 .SerializeAsString()),
      HasReason(Reason::kSurveyKeyDiffers));
  EXPECT_EQ(State(), v1::ROUND_STATE_CLOSED);
  EXPECT_OK(Export());
}

TEST_F(RoundLifeTest, RefusesAManifestThatNamesAnotherReceiptKey) {
  const VaultRound stranger;
  AdminHost host = online_.Open();
  const auto refused =
      ImportRound(host, stranger.created().file.SerializeAsString(), "");
  EXPECT_THAT(refused, HasReason(Reason::kReceiptKeyDiffers));
  EXPECT_THAT(std::string(refused.status().message()),
              HasSubstr("receipt-key --out"));
  EXPECT_TRUE(host.catalogue().ListRounds()->empty());
}

// Whoever can have another inbox counted must not have this one erased.
TEST_F(RoundLifeTest, KeepsTheInboxUntilTheReleaseNamesIt) {
  Import();
  Submit(round_.Frames(3));
  ASSERT_OK(Close());
  const auto published = round_.Publish(round_.Inbox({}));
  ASSERT_OK(published);
  const v1::SignedRelease file = published->file;
  const auto expect_kept = [&](const v1::SignedRelease& release,
                               Reason reason) {
    EXPECT_THAT(Return(release.SerializeAsString()), HasReason(reason));
    EXPECT_EQ(State(), v1::ROUND_STATE_CLOSED);
    AdminHost host = online_.Open();
    EXPECT_FALSE(host.catalogue().FindRelease(kRound)->has_value());
  };
  // Whether it was exported or not.
  expect_kept(file, Reason::kReleaseOfAnotherInbox);
  const auto inbox = Export();
  ASSERT_OK(inbox);
  expect_kept(file, Reason::kReleaseOfAnotherInbox);

  // Nor does the word of another help who signed all three, and signed alone
  // that it was this inbox.
  const auto stranger = crypto::SigningKey::Generate(round_.random());
  v1::SignedRelease theirs = testing::SignRelease(
      file.release(),
      artefacts::SignManifest(file.manifest().manifest(), stranger),
      inbox->substr(inbox->size() - kInboxTrailerSize, kInboxDigestSize),
      stranger);
  theirs.mutable_signatures()->MergeFrom(file.signatures());
  theirs.mutable_manifest()->mutable_signatures()->MergeFrom(
      file.manifest().signatures());
  expect_kept(theirs, Reason::kSurveyKeyDiffers);
  EXPECT_EQ(*Export(), *inbox);
}

// What was exported was counted, so its loss here is no reason to keep a
// release from everybody.
TEST_F(RoundLifeTest, TakesTheReleaseOfAnExportedInboxThatIsLost) {
  Import();
  Submit(round_.Frames(3));
  ASSERT_OK(Close());
  const auto published = round_.Publish(*Export());
  ASSERT_OK(published);
  std::filesystem::remove(online_.Open().directory().inbox_path(kRound));
  EXPECT_OK(Return(published->file.SerializeAsString()));
  EXPECT_EQ(State(), v1::ROUND_STATE_ERASED);
}

TEST_F(RoundLifeTest, RefusesAReleaseBeforeTheClose) {
  Import();
  const auto published = round_.Publish(round_.Inbox({}));
  ASSERT_OK(published);
  EXPECT_THAT(Return(published->file.SerializeAsString()),
              HasReason(Reason::kRoundState));
}

TEST_F(RoundLifeTest, RefusesAReleaseThatHidesAnEarlyClose) {
  Import();
  round_.clock().Set(testing::DuringRound());
  ASSERT_OK(Close(/*early=*/true));
  round_.clock().Set(testing::AfterClose());
  const auto published = round_.Publish(round_.Inbox({}));
  ASSERT_OK(published);
  EXPECT_THAT(Return(published->file.SerializeAsString()),
              HasReason(Reason::kReleaseDoesNotFit));
}

// The whole data directory of mid-round, kept by somebody, with the key file of
// today.
TEST_F(RoundLifeTest, AnOldCopyOfTheDirectoryDoesNotOpenAnErasedRound) {
  Import();
  Submit(round_.Frames(2));
  const std::string copy = online_.File("copy");
  std::filesystem::copy(online_.data(), copy,
                        std::filesystem::copy_options::recursive);
  std::filesystem::permissions(copy, std::filesystem::perms::owner_all);
  const std::string old_kek = online_.File("old-kek");
  std::filesystem::copy(online_.kek(), old_kek);
  ASSERT_OK(Close());
  ASSERT_OK(Return(round_.Publish(*Export())->file.SerializeAsString()));
  EXPECT_THAT(
      AdminHost::Open(copy, online_.kek(), Access::kLook, round_.random()),
      HasReason(Reason::kKekWrong));
  // Nor with the old key file, if the copy is a backup as it should be, without
  // shred.key; nor with the one of today.
  const std::string shred_file = copy + "/shred.key";
  std::filesystem::remove(shred_file);
  const auto open_from_copy = [&] {
    auto host = AdminHost::Open(copy, old_kek, Access::kLook, round_.random());
    EXPECT_OK(host);
    return host->OpenInbox(kRound).status();
  };
  EXPECT_THAT(open_from_copy(), HasReason(Reason::kShredFileMissing));
  std::filesystem::copy(online_.data() + "/shred.key", shred_file);
  EXPECT_THAT(open_from_copy(), HasReason(Reason::kInboxMissing));
  EXPECT_OK(AdminHost::Open(online_.data(), online_.kek(), Access::kLook,
                            round_.random()));
}

}  // namespace
}  // namespace commonwage::server::admin
