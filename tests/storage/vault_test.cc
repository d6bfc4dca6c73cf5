// SPDX-License-Identifier: Apache-2.0
#include "storage/vault/vault.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file/input_file.h"
#include "base/file/kept_file.h"
#include "base/file/private_directory.h"
#include "crypto/sodium_random.h"
#include "storage/database.h"
#include "storage/destroyable_key.h"
#include "storage/migrations.h"
#include "storage/shred_file.h"
#include "storage/statement.h"
#include "storage/vault/vault_key.h"
#include "storage/vault/vault_schema.h"
#include "tests/storage/sample_submission.h"
#include "tests/testing/decrypted_pages.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::storage {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using testing::SampleBytes;
using testing::SampleKey;
using testing::StatusIs;

constexpr crypto::PassphraseCost kCheap = {1, 8192};

NewVaultRound MakeRound(const std::string& round, int64_t loss, int64_t cap) {
  NewVaultRound made;
  made.survey = "pay";
  made.id = "pay." + round;
  made.manifest.bytes = "manifest of " + made.id;
  made.manifest.signatures = {{*crypto::VerifyKey::From(SampleBytes(1, 32)),
                               *crypto::Signature::From(SampleBytes(2, 64))}};
  made.manifest_hash =
      *ManifestHash::From(crypto::Sha256("test", made.manifest.bytes).view());
  made.loss_micro_rho = loss;
  made.cap_micro_rho = cap;
  return made;
}

VaultRelease MakeRelease(const std::string& bytes) {
  return {{bytes, MakeRound("any", 0, 0).manifest.signatures}, "inbox"};
}

std::function<absl::StatusOr<VaultRelease>()> Draws(const std::string& bytes) {
  return [bytes] { return MakeRelease(bytes); };
}

absl::StatusOr<VaultRelease> MustNotDraw() {
  ADD_FAILURE() << "a second draw";
  return absl::InternalError("a second draw");
}

absl::StatusOr<Vault> OpenFile(const std::string& path,
                               absl::Duration patience = absl::Seconds(60)) {
  // Vaults of several threads and processes fill entries of one file.
  static crypto::SodiumRandom random;
  OpenOptions options;
  options.create = true;
  options.busy_timeout = patience;
  return Vault::OpenDatabase(path, SampleKey(1), random, options);
}

bool Holds(const std::string& pages, const std::string& needle) {
  return pages.find(needle) != std::string::npos;
}

class VaultTest : public ::testing::Test {
 protected:
  // The row of a round's key, as the database holds it.
  std::string WrappedKeyOf(const std::string& round_id) const {
    absl::StatusOr<Database> database = Database::Open(path_, SampleKey(1));
    EXPECT_OK(database);
    absl::StatusOr<Statement> find = database->Prepare(
        "SELECT opening_key FROM round_key WHERE round_id = ?");
    EXPECT_OK(find);
    EXPECT_TRUE(find->BindText(1, round_id).Step().value());
    return std::string(find->Blob(0));
  }
  // Whether a row, of whatever copy, gives a key with the shred file of now.
  bool UnwrapsNow(const std::string& round_id,
                  const std::string& wrapped) const {
    return UnwrapDestroyable(ShredFile(shred_file_path_), round_id, wrapped)
        .value()
        .has_value();
  }
  LedgerBalance Balance() { return vault_.BalanceOf("pay").value().value(); }
  absl::Status CreateRound(const std::string& round, int64_t loss,
                           int64_t cap) {
    return vault_.CreateRound(MakeRound(round, loss, cap), SampleKey(50));
  }

  testing::TempDirectory directory_;
  std::string path_ = directory_.File("vault.db");
  std::string shred_file_path_ = directory_.File("shred.key");
  testing::SeededRandom random_{4};
  Vault vault_ = OpenFile(path_).value();
};

TEST(VaultDirectoryTest, LeavesNothingBehindIfItCannotBeMade) {
  const testing::TempDirectory directory;
  const std::string path = directory.File("vault");
  testing::SeededRandom random(1);
  const crypto::SecretBytes passphrase = crypto::SecretBytes::From("any horse");
  // Fails once the directory is there.
  constexpr crypto::PassphraseCost kTooDear = {1, uint64_t{1} << 60U};
  EXPECT_THAT(Vault::Create(path, passphrase, random, kTooDear),
              HasReason(Reason::kOutOfMemory));
  EXPECT_FALSE(std::filesystem::exists(path));
  std::filesystem::create_directory(path);
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  EXPECT_THAT(Vault::Create(path, passphrase, random, kTooDear),
              HasReason(Reason::kOutOfMemory));
  EXPECT_TRUE(std::filesystem::is_empty(path));
  EXPECT_OK(Vault::Create(path, passphrase, random, kCheap));
}

TEST(VaultDirectoryTest, APassphraseIsChangedUnderAProgramThatGoesOn) {
  const testing::TempDirectory directory;
  const std::string path = directory.File("vault");
  testing::SeededRandom random(1);
  const crypto::SecretBytes first = crypto::SecretBytes::From("right horse");
  const crypto::SecretBytes next = crypto::SecretBytes::From("left horse");
  absl::StatusOr<Vault> vault = Vault::Create(path, first, random, kCheap);
  ASSERT_OK(vault);
  const auto key = vault->SigningKeyOf("pay", random);
  ASSERT_OK(key);
  EXPECT_THAT(ChangeVaultPassphrase(path, next, next, random, kCheap),
              HasReason(Reason::kPassphraseRefused));
  ASSERT_OK(ChangeVaultPassphrase(path, first, next, random, kCheap));

  ASSERT_OK(vault->CreateRound(MakeRound("q1", 100, 1000), SampleKey(50)));
  EXPECT_THAT(Vault::Open(path, first, random, kCheap),
              HasReason(Reason::kPassphraseRefused));
  absl::StatusOr<Vault> opened = Vault::Open(path, next, random, kCheap);
  ASSERT_OK(opened);
  EXPECT_EQ(opened->SigningKeyOf("pay", random)->verify_key(),
            key->verify_key());
  EXPECT_TRUE(opened->FindRound("pay.q1")->has_value());
}

TEST(VaultDirectoryTest, AKeyFileThatWasAlteredOrCutOpensNothing) {
  const testing::TempDirectory directory;
  const std::string path = directory.File("vault");
  testing::SeededRandom random(1);
  const crypto::SecretBytes passphrase = crypto::SecretBytes::From("any horse");
  ASSERT_OK(Vault::Create(path, passphrase, random, kCheap));
  const std::string file = path + "/" + kVaultKeyFile;
  const std::string whole = testing::FileContents(file).value();
  EXPECT_EQ(whole.size(), 88U);
  for (size_t i = 0; i < whole.size(); ++i) {
    std::string altered = whole;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    ASSERT_OK(ReplaceFile({file, "file"}, altered));
    EXPECT_THAT(Vault::Open(path, passphrase, random, kCheap),
                HasReason(Reason::kPassphraseRefused));
  }
  ASSERT_OK(ReplaceFile({file, "file"}, whole.substr(0, 87)));
  EXPECT_THAT(Vault::Open(path, passphrase, random, kCheap),
              HasReason(Reason::kVaultMissing));
  ASSERT_OK(ReplaceFile({file, "file"}, whole));
  EXPECT_OK(Vault::Open(path, passphrase, random, kCheap));
}

TEST(VaultDirectoryTest, OpensUnderItsPassphraseOnly) {
  const testing::TempDirectory directory;
  const std::string path = directory.File("vault");
  testing::SeededRandom random(1);
  const crypto::SecretBytes right = crypto::SecretBytes::From("right horse");
  const crypto::SecretBytes wrong = crypto::SecretBytes::From("wrong horse");
  EXPECT_THAT(Vault::Open(path, right, random, kCheap),
              HasReason(Reason::kVaultMissing));
  {
    absl::StatusOr<Vault> made = Vault::Create(path, right, random, kCheap);
    ASSERT_OK(made);
    ASSERT_OK(made->CreateRound(MakeRound("1", 10, 100), SampleKey(50)));
  }
  EXPECT_THAT(Vault::Create(path, right, random, kCheap),
              HasReason(Reason::kDirectoryInUse));
  const absl::Status refused =
      Vault::Open(path, wrong, random, kCheap).status();
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(refused, HasReason(Reason::kPassphraseRefused));
  absl::StatusOr<Vault> opened = Vault::Open(path, right, random, kCheap);
  ASSERT_OK(opened);
  EXPECT_TRUE(opened->FindRound("pay.1").value().has_value());
  ASSERT_EQ(chmod(path.c_str(), 0750), 0);
  EXPECT_THAT(Vault::Open(path, right, random, kCheap),
              HasReason(Reason::kDirectoryTooOpen));
}

TEST(VaultDirectoryTest, IsMadeAnewIfItsMakingWasCutShort) {
  const testing::TempDirectory directory;
  testing::SeededRandom random(3);
  const std::filesystem::path path = directory.File("vault");
  const crypto::SecretBytes passphrase =
      crypto::SecretBytes::From("correct horse");
  ASSERT_OK(MakePrivateDirectory({path, "directory"}));
  ASSERT_OK(ReplaceFile({path / "salt", "file"}, std::string(16, 's')));
  ASSERT_OK(ReplaceFile({path / "init.unfinished", "file"}, "\n"));
  EXPECT_THAT(Vault::Open(path, passphrase, random, kCheap),
              HasReason(Reason::kInitUnfinished));
  ASSERT_OK(Vault::Create(path, passphrase, random, kCheap));
  EXPECT_OK(Vault::Open(path, passphrase, random, kCheap));
  EXPECT_THAT(Vault::Create(path, passphrase, random, kCheap),
              HasReason(Reason::kDirectoryInUse));
}

TEST_F(VaultTest, KeepsOneSigningKeyPerSurvey) {
  const auto first = vault_.SigningKeyOf("pay", random_);
  const auto again = vault_.SigningKeyOf("pay", random_);
  const auto other = vault_.SigningKeyOf("hours", random_);
  ASSERT_OK(first);
  ASSERT_OK(again);
  ASSERT_OK(other);
  EXPECT_EQ(first->verify_key(), again->verify_key());
  EXPECT_NE(first->verify_key(), other->verify_key());
  absl::StatusOr<Vault> reopened = OpenFile(path_);
  ASSERT_OK(reopened);
  EXPECT_EQ(reopened->SigningKeyOf("pay", random_)->verify_key(),
            first->verify_key());
}

TEST_F(VaultTest, GivesBackARoundAndTheKeyThatOpensIt) {
  ASSERT_OK(vault_.SigningKeyOf("pay", random_));
  const NewVaultRound round = MakeRound("1", 10, 100);
  ASSERT_OK(vault_.CreateRound(round, SampleKey(50)));
  const std::optional<VaultRound> found = vault_.FindRound("pay.1").value();
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->manifest, round.manifest);
  EXPECT_EQ(found->manifest_hash, round.manifest_hash);
  EXPECT_EQ(found->survey, "pay");
  EXPECT_EQ(found->loss_micro_rho, 10);
  EXPECT_FALSE(found->released);
  EXPECT_EQ(vault_.FindRoundByManifest(round.manifest_hash).value()->id,
            "pay.1");
  EXPECT_FALSE(vault_.FindRoundByManifest(ManifestHash()).value().has_value());
  EXPECT_TRUE(vault_.OpeningKeyOf("pay.1")->Equals(SampleKey(50)));
  EXPECT_THAT(vault_.OpeningKeyOf("pay.2"), HasReason(Reason::kUnknownRound));
}

TEST_F(VaultTest, NeverReplacesARound) {
  ASSERT_OK(CreateRound("1", 10, 100));
  EXPECT_THAT(vault_.CreateRound(MakeRound("1", 10, 100), SampleKey(51)),
              HasReason(Reason::kRoundExists));
  EXPECT_TRUE(vault_.OpeningKeyOf("pay.1")->Equals(SampleKey(50)));
}

TEST_F(VaultTest, RefusesAPlanOverTheCapWithTheAmounts) {
  ASSERT_OK(CreateRound("1", 300, 1000));
  ASSERT_OK(vault_.ReleaseOnce("pay.1", Draws("a")));
  ASSERT_OK(CreateRound("2", 200, 1000));
  const absl::Status status = CreateRound("3", 501, 1000);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(status, HasReason(Reason::kPrivacyCapExceeded));
  EXPECT_THAT(
      std::string(status.message()),
      ::testing::AllOf(HasSubstr("asks for 501 micro-rho"),
                       HasSubstr("cap of 1000"), HasSubstr("300 are spent"),
                       HasSubstr("200 reserved"), HasSubstr("500 left")));
  EXPECT_FALSE(vault_.FindRound("pay.3").value().has_value());
  EXPECT_OK(CreateRound("3", 500, 1000));
  EXPECT_OK(CreateRound("4", 0, 1000));
  EXPECT_THAT(CreateRound("5", 1, 1000),
              HasReason(Reason::kPrivacyCapExceeded));
}

TEST_F(VaultTest, AnAmountThatWouldOverflowIsRefusedLikeAnyOther) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  ASSERT_OK(CreateRound("1", kMax, kMax));
  EXPECT_THAT(CreateRound("2", 1, kMax),
              HasReason(Reason::kPrivacyCapExceeded));
  EXPECT_THAT(CreateRound("2", kMax, kMax),
              HasReason(Reason::kPrivacyCapExceeded));
  EXPECT_THAT(CreateRound("2", -1, kMax),
              HasReason(Reason::kPrivacyLossNegative));
}

TEST_F(VaultTest, TheCapIsOnlyEverLowered) {
  ASSERT_OK(CreateRound("1", 100, 1000));
  EXPECT_THAT(CreateRound("2", 100, 1001),
              HasReason(Reason::kPrivacyCapRaised));
  EXPECT_EQ(Balance().cap, 1000);
  ASSERT_OK(CreateRound("2", 100, 400));
  EXPECT_EQ(Balance().cap, 400);
  EXPECT_THAT(CreateRound("3", 100, 1000),
              HasReason(Reason::kPrivacyCapRaised));
  // A plan that is refused does not lower it either.
  EXPECT_THAT(CreateRound("3", 100, 200),
              HasReason(Reason::kPrivacyCapExceeded));
  EXPECT_EQ(Balance().cap, 400);
}

TEST_F(VaultTest, NothingIsLeftUnderALoweredCapAndNeverLess) {
  ASSERT_OK(CreateRound("1", 600, 1000));
  const absl::Status status = CreateRound("2", 1, 500);
  EXPECT_THAT(status, HasReason(Reason::kPrivacyCapExceeded));
  EXPECT_THAT(std::string(status.message()), HasSubstr("and 0 left"));
  EXPECT_EQ((LedgerBalance{.cap = 500, .spent = 300, .reserved = 300}.left()),
            0);
  EXPECT_EQ(Balance().left(), 400);
}

TEST_F(VaultTest, ListsTheRoundsOfASurveyInTheOrderTheyWereMade) {
  ASSERT_OK(CreateRound("2", 100, 1000));
  ASSERT_OK(CreateRound("1", 100, 1000));
  ASSERT_OK(vault_.ReleaseOnce("pay.1", Draws("drawn")));
  const auto rounds = vault_.RoundsOf("pay");
  ASSERT_OK(rounds);
  ASSERT_EQ(rounds->size(), 2U);
  EXPECT_EQ((*rounds)[0].id, "pay.2");
  EXPECT_FALSE((*rounds)[0].released);
  EXPECT_EQ((*rounds)[1].manifest, MakeRound("1", 100, 1000).manifest);
  EXPECT_TRUE((*rounds)[1].released);
  EXPECT_TRUE(vault_.RoundsOf("hours").value().empty());
}

TEST_F(VaultTest, SurveysHaveAccountsOfTheirOwn) {
  ASSERT_OK(CreateRound("1", 100, 100));
  NewVaultRound other = MakeRound("1", 100, 100);
  other.survey = "hours";
  other.id = "hours.1";
  other.manifest_hash = ManifestHash();
  EXPECT_OK(vault_.CreateRound(other, SampleKey(50)));
  EXPECT_FALSE(vault_.BalanceOf("unknown").value().has_value());
}

TEST_F(VaultTest, DrawsOnceAndReturnsThatForEver) {
  ASSERT_OK(CreateRound("1", 100, 1000));
  EXPECT_EQ(vault_.ReleaseOnce("pay.1", Draws("drawn")).value(),
            MakeRelease("drawn"));
  EXPECT_EQ(vault_.ReleaseOnce("pay.1", MustNotDraw).value(),
            MakeRelease("drawn"));
  absl::StatusOr<Vault> reopened = OpenFile(path_);
  ASSERT_OK(reopened);
  EXPECT_EQ(reopened->ReleaseOnce("pay.1", MustNotDraw).value(),
            MakeRelease("drawn"));
  EXPECT_TRUE(reopened->FindRound("pay.1").value()->released);
}

TEST_F(VaultTest, ChargesTheLedgerWithTheRelease) {
  ASSERT_OK(CreateRound("1", 100, 1000));
  EXPECT_EQ(Balance().reserved, 100);
  EXPECT_EQ(Balance().spent, 0);
  ASSERT_OK(vault_.ReleaseOnce("pay.1", Draws("drawn")));
  ASSERT_OK(vault_.ReleaseOnce("pay.1", MustNotDraw));
  EXPECT_EQ(Balance().reserved, 0);
  EXPECT_EQ(Balance().spent, 100);
}

TEST_F(VaultTest, ADrawThatFailsChangesNothing) {
  ASSERT_OK(CreateRound("1", 100, 1000));
  EXPECT_THAT(
      vault_.ReleaseOnce("pay.1", [] { return absl::CancelledError("no"); }),
      StatusIs(absl::StatusCode::kCancelled));
  EXPECT_EQ(Balance().spent, 0);
  EXPECT_OK(vault_.OpeningKeyOf("pay.1"));
  EXPECT_OK(vault_.ReleaseOnce("pay.1", Draws("drawn")));
}

TEST_F(VaultTest, ReleasesNothingOfARoundItDoesNotKnow) {
  EXPECT_THAT(vault_.ReleaseOnce("pay.1", MustNotDraw),
              HasReason(Reason::kUnknownRound));
}

TEST_F(VaultTest, TheOpeningKeyIsOnNoPageAndItsEntryIsGoneOnceReleased) {
  ASSERT_OK(CreateRound("1", 100, 1000));
  ASSERT_OK(vault_.CreateRound(MakeRound("2", 100, 1000), SampleKey(51)));
  const std::string key(SampleKey(50).ExposeText());
  const std::string wrapped = WrappedKeyOf("pay.1");
  EXPECT_FALSE(Holds(testing::DecryptedPages(path_, SampleKey(1)), key));
  EXPECT_TRUE(Holds(testing::DecryptedPages(path_, SampleKey(1)), wrapped));
  ASSERT_OK(vault_.ReleaseOnce("pay.1", Draws("drawn")));
  EXPECT_THAT(vault_.OpeningKeyOf("pay.1"),
              HasReason(Reason::kRoundKeyDestroyed));
  EXPECT_FALSE(Holds(testing::DecryptedPages(path_, SampleKey(1)), wrapped));
  EXPECT_FALSE(UnwrapsNow("pay.1", wrapped));
  EXPECT_TRUE(vault_.OpeningKeyOf("pay.2")->Equals(SampleKey(51)));
}

TEST_F(VaultTest, AnOldCopyOfTheDatabaseDoesNotBringADestroyedKeyBack) {
  ASSERT_OK(CreateRound("1", 100, 1000));
  const std::string old = directory_.File("old.db");
  {
    absl::StatusOr<Database> database = Database::Open(path_, SampleKey(1));
    ASSERT_OK(database);
    ASSERT_OK(database->CheckpointTruncate());
  }
  std::filesystem::copy_file(path_, old);
  {
    absl::StatusOr<Vault> copy = OpenFile(old);
    ASSERT_OK(copy);
    EXPECT_TRUE(copy->OpeningKeyOf("pay.1")->Equals(SampleKey(50)));
  }
  ASSERT_OK(vault_.ReleaseOnce("pay.1", Draws("drawn")));
  absl::StatusOr<Vault> copy = OpenFile(old);
  ASSERT_OK(copy);
  EXPECT_FALSE(copy->FindRound("pay.1").value()->released);
  EXPECT_THAT(copy->OpeningKeyOf("pay.1"), HasReason(Reason::kRoundKeyLost));
}

TEST_F(VaultTest, SaysSoIfTheShredFileIsMissingAsAfterARestore) {
  ASSERT_OK(CreateRound("1", 100, 1000));
  std::filesystem::remove(shred_file_path_);
  EXPECT_THAT(vault_.OpeningKeyOf("pay.1"),
              HasReason(Reason::kShredFileMissing));
  // The vault goes on with new rounds.
  ASSERT_OK(vault_.CreateRound(MakeRound("2", 100, 1000), SampleKey(51)));
  EXPECT_TRUE(vault_.OpeningKeyOf("pay.2")->Equals(SampleKey(51)));
  EXPECT_THAT(vault_.OpeningKeyOf("pay.1"), HasReason(Reason::kRoundKeyLost));
}

TEST_F(VaultTest, TheNextOpeningDestroysWhatACrashAfterTheCommitLeft) {
  ASSERT_OK(CreateRound("1", 100, 1000));
  const std::string wrapped = WrappedKeyOf("pay.1");
  {
    absl::StatusOr<Database> database = Database::Open(path_, SampleKey(1));
    ASSERT_OK(database);
    ASSERT_OK(
        database->Execute("INSERT INTO release (round_id, release, signatures) "
                          "VALUES ('pay.1', x'00', x'')"));
  }
  EXPECT_TRUE(UnwrapsNow("pay.1", wrapped));
  // Whether it is destroyed yet or not, it is not given out.
  EXPECT_THAT(vault_.OpeningKeyOf("pay.1"),
              HasReason(Reason::kRoundKeyDestroyed));
  ASSERT_OK(OpenFile(path_));
  EXPECT_FALSE(UnwrapsNow("pay.1", wrapped));
  EXPECT_FALSE(Holds(testing::DecryptedPages(path_, SampleKey(1)), wrapped));
}

TEST_F(VaultTest, AKeyThatCouldNotBeDestroyedIsToldAndDestroyedByRepeating) {
  ASSERT_OK(CreateRound("1", 100, 1000));
  const std::string wrapped = WrappedKeyOf("pay.1");
  const std::string aside = directory_.File("aside");
  std::filesystem::rename(shred_file_path_, aside);
  std::filesystem::create_directory(shred_file_path_);
  EXPECT_FALSE(vault_.ReleaseOnce("pay.1", Draws("drawn")).ok());
  EXPECT_FALSE(vault_.ReleaseOnce("pay.1", MustNotDraw).ok());
  std::filesystem::remove(shred_file_path_);
  std::filesystem::rename(aside, shred_file_path_);
  EXPECT_EQ(vault_.ReleaseOnce("pay.1", MustNotDraw).value(),
            MakeRelease("drawn"));
  EXPECT_FALSE(UnwrapsNow("pay.1", wrapped));
}

TEST(VaultVersionTest, AVaultWithAKeyInTheClearIsRefused) {
  const testing::TempDirectory directory;
  const std::string path = directory.File("vault.db");
  OpenOptions options;
  options.create = true;
  absl::StatusOr<Database> database =
      Database::Open(path, SampleKey(1), options);
  ASSERT_OK(database);
  ASSERT_OK(Migrate(*database, absl::MakeSpan(kVaultSchema).first(1)));
  ASSERT_OK(database->Execute(
      "INSERT INTO survey VALUES ('pay', NULL, 1);"
      "INSERT INTO round VALUES ('pay.1', 'pay', x'', x'', x'00', 1);"
      "INSERT INTO round_key VALUES ('pay.1', zeroblob(32))"));
  EXPECT_FALSE(OpenFile(path).ok());
  ASSERT_OK(database->Execute("DELETE FROM round_key"));
  EXPECT_OK(OpenFile(path));
}

TEST_F(VaultTest, TheSchemaItselfForbidsWhatTheCodeNeverDoes) {
  ASSERT_OK(CreateRound("1", 100, 1000));
  ASSERT_OK(vault_.ReleaseOnce("pay.1", Draws("drawn")));
  absl::StatusOr<Database> database = Database::Open(path_, SampleKey(1));
  ASSERT_OK(database);
  for (const char* sql :
       {"UPDATE release SET release = x'00'", "DELETE FROM release",
        "UPDATE ledger SET micro_rho = 0", "DELETE FROM ledger",
        "UPDATE survey SET cap_micro_rho = 1001",
        "UPDATE survey SET cap_micro_rho = NULL", "DELETE FROM round",
        "UPDATE round SET loss_micro_rho = 0",
        "UPDATE release SET inbox_digest = x'00'",
        "INSERT INTO release SELECT * FROM release"}) {
    EXPECT_FALSE(database->Execute(sql).ok()) << sql;
  }
}

TEST_F(VaultTest, PublishersInManyThreadsGetOneDraw) {
  ASSERT_OK(CreateRound("1", 100, 1000));
  constexpr int kPublishers = 8;
  std::vector<std::string> results(kPublishers);
  std::vector<std::thread> publishers;
  for (int i = 0; i < kPublishers; ++i) {
    publishers.emplace_back([this, i, &results] {
      absl::StatusOr<Vault> mine = OpenFile(path_);
      ASSERT_OK(mine);
      const absl::StatusOr<VaultRelease> release =
          mine->ReleaseOnce("pay.1", Draws("drawn by " + std::to_string(i)));
      ASSERT_OK(release);
      results[static_cast<size_t>(i)] = release->release.bytes;
    });
  }
  for (std::thread& publisher : publishers) {
    publisher.join();
  }
  EXPECT_EQ(std::set<std::string>(results.begin(), results.end()).size(), 1U);
  EXPECT_EQ(Balance().spent, 100);
}

TEST_F(VaultTest, APublisherIsToldWhileAnotherOneDraws) {
  ASSERT_OK(CreateRound("1", 100, 1000));
  absl::StatusOr<Vault> other = OpenFile(path_, absl::Milliseconds(1));
  ASSERT_OK(other);
  const auto draw = [&]() -> absl::StatusOr<VaultRelease> {
    EXPECT_THAT(other->ReleaseOnce("pay.1", MustNotDraw),
                StatusIs(absl::StatusCode::kUnavailable));
    return MakeRelease("drawn");
  };
  ASSERT_OK(vault_.ReleaseOnce("pay.1", draw));
  EXPECT_EQ(other->ReleaseOnce("pay.1", MustNotDraw)->release.bytes, "drawn");
}

// Run by the next test in processes of their own.
TEST(VaultChildTest, DISABLED_Publishes) {
  const char* path = std::getenv("COMMONWAGE_TEST_VAULT");
  ASSERT_NE(path, nullptr);
  absl::StatusOr<Vault> vault = OpenFile(path);
  ASSERT_OK(vault);
  const std::string mine = std::to_string(getpid());
  const absl::StatusOr<VaultRelease> release =
      vault->ReleaseOnce("pay.1", Draws("drawn by " + mine));
  ASSERT_OK(release);
  ASSERT_OK(ReplaceFile({path + ("." + mine), "file"}, release->release.bytes));
}

TEST_F(VaultTest, PublishersInManyProcessesGetOneDraw) {
  ASSERT_OK(CreateRound("1", 100, 1000));
  const std::string child =
      "COMMONWAGE_TEST_VAULT=" + path_ + " /proc/" + std::to_string(getpid()) +
      "/exe --gtest_also_run_disabled_tests --gtest_filter=VaultChildTest.* "
      "> /dev/null & ";
  ASSERT_EQ(std::system((child + child + child + child + "wait").c_str()), 0);
  std::multiset<std::string> results;
  for (const auto& entry :
       std::filesystem::directory_iterator(directory_.path())) {
    if (entry.path().string().find(".db.") != std::string::npos) {
      results.insert(ReadFile({entry.path(), "file"}, 1000).value());
    }
  }
  EXPECT_EQ(results.size(), 4U);
  EXPECT_EQ(results.count(*results.begin()), 4U);
  EXPECT_EQ(vault_.ReleaseOnce("pay.1", MustNotDraw)->release.bytes,
            *results.begin());
  EXPECT_EQ(Balance().spent, 100);
}

}  // namespace
}  // namespace commonwage::storage
