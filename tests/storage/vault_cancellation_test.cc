// SPDX-License-Identifier: Apache-2.0
// Calling off in the vault: the key goes, the loss comes back, and there is
// neither a release afterwards nor a way back.

#include <filesystem>
#include <functional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "storage/database.h"
#include "storage/destroyable_key.h"
#include "storage/shred_file.h"
#include "storage/statement.h"
#include "storage/vault/vault.h"
#include "tests/storage/sample_submission.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::storage {
namespace {

using testing::HasReason;
using testing::SampleBytes;
using testing::SampleKey;
using testing::StatusIs;

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

SignedBytes Signed(const std::string& bytes) {
  return {bytes, MakeRound("any", 0, 0).manifest.signatures};
}

std::function<absl::StatusOr<SignedBytes>()> Signs(const std::string& bytes) {
  return [bytes] { return Signed(bytes); };
}

absl::StatusOr<SignedBytes> MustNot() {
  ADD_FAILURE() << "signed";
  return absl::InternalError("signed");
}

absl::StatusOr<VaultRelease> Draw() {
  return VaultRelease{Signed("drawn"), std::string(32, 'd')};
}

absl::StatusOr<VaultRelease> MustNotDraw() {
  ADD_FAILURE() << "drawn";
  return absl::InternalError("drawn");
}

class VaultCancellationTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(vault_.CreateRound(MakeRound("1", 600, 1000), SampleKey(50)));
  }
  Vault Open(const std::string& name = "vault.db") {
    OpenOptions options;
    options.create = true;
    return *Vault::OpenDatabase(directory_.File(name), SampleKey(1), random_,
                                options);
  }
  LedgerBalance Balance() { return vault_.BalanceOf("pay").value().value(); }
  std::string WrappedKey() {
    absl::StatusOr<Database> database =
        Database::Open(directory_.File("vault.db"), SampleKey(1));
    EXPECT_OK(database);
    absl::StatusOr<Statement> find =
        database->Prepare("SELECT opening_key FROM round_key");
    EXPECT_OK(find);
    return find->Step().value() ? std::string(find->Blob(0)) : "";
  }
  void Run(const std::string& sql) {
    absl::StatusOr<Database> database =
        Database::Open(directory_.File("vault.db"), SampleKey(1));
    ASSERT_OK(database);
    EXPECT_FALSE(database->Execute(sql).ok()) << sql;
  }

  testing::TempDirectory directory_;
  testing::SeededRandom random_{4};
  Vault vault_ = Open();
};

TEST_F(VaultCancellationTest, TheLossComesBackAndTheKeyIsDestroyed) {
  EXPECT_EQ(Balance().reserved, 600);
  const std::string wrapped = WrappedKey();
  const ShredFile shred_file(directory_.File("shred.key"));
  ASSERT_TRUE(
      UnwrapDestroyable(shred_file, "pay.1", wrapped).value().has_value());
  ASSERT_OK(vault_.CancelOnce("pay.1", Signs("off")));
  EXPECT_FALSE(
      UnwrapDestroyable(shred_file, "pay.1", wrapped).value().has_value());
  EXPECT_EQ(WrappedKey(), "");
  EXPECT_EQ(Balance().reserved, 0);
  EXPECT_EQ(Balance().spent, 0);
  EXPECT_EQ(Balance().left(), 1000);
  EXPECT_TRUE(vault_.FindRound("pay.1").value()->cancelled);
  EXPECT_THAT(vault_.OpeningKeyOf("pay.1"), HasReason(Reason::kRoundCancelled));
  EXPECT_OK(vault_.CreateRound(MakeRound("2", 600, 1000), SampleKey(51)));
}

TEST_F(VaultCancellationTest, ItIsTheSameForEver) {
  EXPECT_EQ(vault_.CancelOnce("pay.1", Signs("off")).value(), Signed("off"));
  EXPECT_EQ(vault_.CancelOnce("pay.1", MustNot).value(), Signed("off"));
  EXPECT_EQ(Open().CancelOnce("pay.1", MustNot).value(), Signed("off"));
}

TEST_F(VaultCancellationTest, ThereIsNoReleaseAfterItAndItsNameStaysTaken) {
  ASSERT_OK(vault_.CancelOnce("pay.1", Signs("off")));
  EXPECT_THAT(vault_.ReleaseOnce("pay.1", MustNotDraw),
              HasReason(Reason::kRoundCancelled));
  EXPECT_THAT(vault_.CreateRound(MakeRound("1", 600, 1000), SampleKey(50)),
              HasReason(Reason::kRoundExists));
}

TEST_F(VaultCancellationTest, ThereIsNoneAfterARelease) {
  ASSERT_OK(vault_.ReleaseOnce("pay.1", Draw));
  EXPECT_THAT(vault_.CancelOnce("pay.1", MustNot),
              HasReason(Reason::kRoundPublished));
  EXPECT_EQ(Balance().spent, 600);
  EXPECT_FALSE(vault_.FindRound("pay.1").value()->cancelled);
}

TEST_F(VaultCancellationTest, ARefusedSignatureChangesNothing) {
  EXPECT_THAT(
      vault_.CancelOnce("pay.1", [] { return absl::CancelledError("no"); }),
      StatusIs(absl::StatusCode::kCancelled));
  EXPECT_THAT(vault_.CancelOnce("pay.2", MustNot),
              HasReason(Reason::kUnknownRound));
  EXPECT_EQ(Balance().reserved, 600);
  EXPECT_OK(vault_.OpeningKeyOf("pay.1"));
}

// A crash after the commit: the entry and its row are there as before.
TEST_F(VaultCancellationTest, AnOpeningFinishesWhatACrashLeft) {
  const std::string shred_path = directory_.File("shred.key");
  const std::string before = directory_.File("shred.before");
  std::filesystem::copy_file(shred_path, before);
  const std::string wrapped = WrappedKey();
  ASSERT_OK(vault_.CancelOnce("pay.1", Signs("off")));
  std::filesystem::copy_file(before, shred_path,
                             std::filesystem::copy_options::overwrite_existing);
  const ShredFile shred_file(shred_path);
  ASSERT_TRUE(
      UnwrapDestroyable(shred_file, "pay.1", wrapped).value().has_value());
  {
    absl::StatusOr<Database> database =
        Database::Open(directory_.File("vault.db"), SampleKey(1));
    ASSERT_OK(database);
    absl::StatusOr<Statement> put_back = database->Prepare(
        "INSERT INTO round_key (round_id, opening_key) VALUES ('pay.1', ?)");
    ASSERT_OK(put_back);
    ASSERT_OK(put_back->BindBlob(1, wrapped).Run());
  }
  Open();
  EXPECT_FALSE(
      UnwrapDestroyable(shred_file, "pay.1", wrapped).value().has_value());
}

// An older copy cannot know whether a later one has published the round, so it
// cannot say that its answers were destroyed unread.
TEST_F(VaultCancellationTest, AnOlderCopyWhoseKeyIsGoneCallsNothingOff) {
  {
    absl::StatusOr<Database> database =
        Database::Open(directory_.File("vault.db"), SampleKey(1));
    ASSERT_OK(database);
    ASSERT_OK(database->CheckpointTruncate());
  }
  std::filesystem::copy_file(directory_.File("vault.db"),
                             directory_.File("old.db"));
  ASSERT_OK(vault_.ReleaseOnce("pay.1", Draw));
  EXPECT_THAT(Open("old.db").CancelOnce("pay.1", MustNot),
              HasReason(Reason::kRoundKeyLost));
}

TEST_F(VaultCancellationTest, TheSchemaItselfForbidsWhatTheCodeNeverDoes) {
  ASSERT_OK(vault_.CreateRound(MakeRound("2", 100, 1000), SampleKey(51)));
  ASSERT_OK(vault_.CancelOnce("pay.1", Signs("off")));
  ASSERT_OK(vault_.ReleaseOnce("pay.2", Draw));
  Run("DELETE FROM cancellation");
  Run("UPDATE cancellation SET cancellation = x'00'");
  Run("INSERT INTO release VALUES ('pay.1', x'00', x'00')");
  Run("INSERT INTO cancellation VALUES ('pay.2', x'00', x'00')");
}

}  // namespace
}  // namespace commonwage::storage
