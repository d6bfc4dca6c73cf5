// SPDX-License-Identifier: Apache-2.0
#include "storage/keyring.h"

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "base/file/input_file.h"
#include "base/file/kept_file.h"
#include "storage/data_directory.h"
#include "tests/storage/sample_submission.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::storage {
namespace {

using testing::HasReason;
using testing::SampleKey;
using testing::StatusIs;

constexpr size_t kMaxFileSize = 1 << 20;

class KeyringTest : public ::testing::Test {
 protected:
  KeyringTest()
      : data_(DataDirectory::Create(directory_.File("data")).value()),
        keyring_(Keyring::Create(data_, kek_, random_).value()) {}

  std::string FileBytes() {
    return ReadFile({data_.keyring_path(), "file"}, kMaxFileSize).value();
  }
  void PutFileBytes(const std::string& bytes) {
    std::ofstream(data_.keyring_path(), std::ios::binary) << bytes;
  }

  testing::TempDirectory directory_;
  testing::SeededRandom random_{1};
  crypto::Secret<32> kek_ = SampleKey(100);
  crypto::Secret<32> other_kek_ = SampleKey(101);
  DataDirectory data_;
  Keyring keyring_;
};

TEST_F(KeyringTest, ALinkStaysAndNoKeySurvivesWhereItLeads) {
  const std::filesystem::path real = directory_.File("real");
  std::filesystem::rename(data_.keyring_path(), real);
  std::filesystem::create_symlink(real, data_.keyring_path());
  ASSERT_OK(keyring_.CreateDestroyable(kInboxKey, "pay.2026", random_));
  const std::string before = ReadFile({real, "file"}, kMaxFileSize).value();
  EXPECT_NE(before.find("pay.2026"), std::string::npos);
  ASSERT_OK(keyring_.Destroy(kInboxKey, "pay.2026", random_));
  EXPECT_TRUE(std::filesystem::is_symlink(data_.keyring_path()));
  EXPECT_EQ(ReadFile({real, "file"}, kMaxFileSize).value().find("pay.2026"),
            std::string::npos);
}

TEST_F(KeyringTest, FindsTheKeyItMadeAlsoFromAnotherProcessesView) {
  absl::StatusOr<Keyring> other = Keyring::Open(data_, kek_);
  ASSERT_OK(other);
  const absl::StatusOr<crypto::Secret<32>> made =
      keyring_.CreateDestroyable(kInboxKey, "pay.2026", random_);
  ASSERT_OK(made);
  const absl::StatusOr<crypto::Secret<32>> found =
      other->Get(kInboxKey, "pay.2026");
  ASSERT_OK(found);
  EXPECT_TRUE(found->Equals(*made));
}

TEST_F(KeyringTest, MakesADifferentKeyForEachPurposeAndName) {
  const auto a = keyring_.CreateDestroyable(kInboxKey, "a", random_);
  const auto b = keyring_.CreateDestroyable(kInboxKey, "b", random_);
  const auto c = keyring_.Create(kReceiptKey, "a", random_);
  ASSERT_OK(a);
  ASSERT_OK(b);
  ASSERT_OK(c);
  EXPECT_FALSE(a->Equals(*b));
  EXPECT_FALSE(a->Equals(*c));
  EXPECT_TRUE(keyring_.Get(kInboxKey, "b")->Equals(*b));
  EXPECT_TRUE(keyring_.Get(kReceiptKey, "a")->Equals(*c));
}

TEST_F(KeyringTest, SaysThatThereIsNoSuchKey) {
  EXPECT_FALSE(keyring_.Find(kInboxKey, "none").value().has_value());
  EXPECT_THAT(keyring_.Get(kInboxKey, "none"),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(KeyringTest, NeverReplacesAKeyOrAKeyring) {
  ASSERT_OK(keyring_.CreateDestroyable(kInboxKey, "a", random_));
  EXPECT_THAT(keyring_.CreateDestroyable(kInboxKey, "a", random_),
              HasReason(Reason::kKeyExists));
  EXPECT_THAT(Keyring::Create(data_, kek_, random_),
              HasReason(Reason::kKeyringExists));
  EXPECT_TRUE(keyring_.Find(kInboxKey, "a").value().has_value());
}

TEST_F(KeyringTest, TakesNamesOfUpTo255Bytes) {
  const std::string longest(255, 'x');
  ASSERT_OK(keyring_.Create(longest, longest, random_));
  EXPECT_OK(keyring_.Get(longest, longest));
  EXPECT_THAT(keyring_.Create("a", longest + "x", random_),
              HasReason(Reason::kKeyNameMalformed));
  EXPECT_THAT(keyring_.Create("", "a", random_),
              HasReason(Reason::kKeyNameMalformed));
}

TEST_F(KeyringTest, DoesNotOpenUnderAnotherKek) {
  const absl::Status status = Keyring::Open(data_, other_kek_).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(status, HasReason(Reason::kKekWrong));
  EXPECT_OK(Keyring::Open(data_, kek_));
}

TEST_F(KeyringTest, SaysThatThereIsNoKeyring) {
  ASSERT_OK(RemoveFile({data_.keyring_path(), "file"}));
  EXPECT_THAT(Keyring::Open(data_, kek_), HasReason(Reason::kKeyringMissing));
}

TEST_F(KeyringTest, NoticesEveryFlippedByteAndEveryCut) {
  ASSERT_OK(keyring_.CreateDestroyable(kInboxKey, "a", random_));
  ASSERT_OK(keyring_.CreateDestroyable(kInboxKey, "b", random_));
  const std::string good = FileBytes();
  for (size_t i = 0; i < good.size(); ++i) {
    std::string flipped = good;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x10);
    PutFileBytes(flipped);
    EXPECT_FALSE(keyring_.Find(kInboxKey, "a").ok()) << "byte " << i;
    PutFileBytes(good.substr(0, i));
    EXPECT_THAT(keyring_.Find(kInboxKey, "a"),
                StatusIs(absl::StatusCode::kDataLoss))
        << "cut at " << i;
  }
  PutFileBytes(good + "x");
  EXPECT_THAT(keyring_.Find(kInboxKey, "a"),
              HasReason(Reason::kKeyringDamaged));
  PutFileBytes(good);
  EXPECT_OK(keyring_.Get(kInboxKey, "a"));
}

TEST_F(KeyringTest, RotationKeepsTheKeysAndShutsOutTheOldKek) {
  const auto made = keyring_.CreateDestroyable(kInboxKey, "a", random_);
  ASSERT_OK(made);
  ASSERT_OK(keyring_.Rotate(other_kek_, random_));
  EXPECT_TRUE(keyring_.Get(kInboxKey, "a")->Equals(*made));
  EXPECT_THAT(Keyring::Open(data_, kek_), HasReason(Reason::kKekWrong));
  const absl::StatusOr<Keyring> reopened = Keyring::Open(data_, other_kek_);
  ASSERT_OK(reopened);
  EXPECT_TRUE(reopened->Get(kInboxKey, "a")->Equals(*made));
}

TEST_F(KeyringTest, WhatWasDestroyedStaysGoneEvenInRemnantsOfTheOldFile) {
  const auto kept = keyring_.Create(kReceiptKey, kMainKeyId, random_);
  ASSERT_OK(kept);
  ASSERT_OK(keyring_.CreateDestroyable(kInboxKey, "pay.2026", random_));
  const auto other = keyring_.CreateDestroyable(kInboxKey, "pay.27", random_);
  ASSERT_OK(other);
  const std::string remnant = FileBytes();

  ASSERT_OK(keyring_.Destroy(kInboxKey, "pay.2026", random_));
  ASSERT_OK(keyring_.Destroy(kInboxKey, "pay.2026", random_));
  EXPECT_FALSE(keyring_.Find(kInboxKey, "pay.2026").value().has_value());
  EXPECT_EQ(FileBytes().find("pay.2026"), std::string::npos);

  // Under the KEK of today, too, the old file opens what was kept alone.
  PutFileBytes(remnant);
  EXPECT_FALSE(keyring_.Find(kInboxKey, "pay.2026").value().has_value());
  EXPECT_THAT(keyring_.Get(kInboxKey, "pay.2026"),
              HasReason(Reason::kKeyMissing));
  EXPECT_TRUE(keyring_.Get(kReceiptKey, kMainKeyId)->Equals(*kept));
  EXPECT_TRUE(keyring_.Get(kInboxKey, "pay.27")->Equals(*other));

  ASSERT_OK(keyring_.Rotate(other_kek_, random_));
  PutFileBytes(remnant);
  EXPECT_THAT(Keyring::Open(data_, other_kek_), HasReason(Reason::kKekWrong));
  EXPECT_THAT(keyring_.Find(kInboxKey, "pay.2026"),
              HasReason(Reason::kKekWrong));
}

TEST_F(KeyringTest, ADestroyThatStoppedBeforeTheKeyringChangedIsFinished) {
  ASSERT_OK(keyring_.CreateDestroyable(kInboxKey, "round-a", random_));
  const std::string before = FileBytes();
  ASSERT_OK(keyring_.Destroy(kInboxKey, "round-a", random_));
  PutFileBytes(before);
  EXPECT_FALSE(keyring_.Find(kInboxKey, "round-a").value().has_value());
  EXPECT_THAT(keyring_.CreateDestroyable(kInboxKey, "round-a", random_),
              HasReason(Reason::kKeyExists));
  ASSERT_OK(keyring_.Destroy(kInboxKey, "round-a", random_));
  EXPECT_EQ(FileBytes().find("round-a"), std::string::npos);
  EXPECT_OK(keyring_.CreateDestroyable(kInboxKey, "round-a", random_));
}

TEST_F(KeyringTest, AKeyMadeLaterDoesNotAnswerForAnOldFilesDestroyedOne) {
  ASSERT_OK(keyring_.CreateDestroyable(kInboxKey, "a", random_));
  const std::string remnant = FileBytes();
  ASSERT_OK(keyring_.Destroy(kInboxKey, "a", random_));
  // It gets the place in the shred file that is free again.
  const auto later = keyring_.CreateDestroyable(kInboxKey, "b", random_);
  ASSERT_OK(later);
  const std::string today = FileBytes();
  PutFileBytes(remnant);
  EXPECT_FALSE(keyring_.Find(kInboxKey, "a").value().has_value());
  ASSERT_OK(keyring_.Destroy(kInboxKey, "a", random_));
  PutFileBytes(today);
  EXPECT_TRUE(keyring_.Get(kInboxKey, "b")->Equals(*later));
}

TEST_F(KeyringTest, WithoutTheShredFileOnlyWhatIsKeptOpens) {
  const auto kept = keyring_.Create(kReceiptKey, kMainKeyId, random_);
  ASSERT_OK(kept);
  ASSERT_OK(keyring_.CreateDestroyable(kInboxKey, "a", random_));
  // As after a restore from a backup.
  ASSERT_OK(RemoveFile({data_.shred_path(), "file"}));
  EXPECT_TRUE(keyring_.Get(kReceiptKey, kMainKeyId)->Equals(*kept));
  EXPECT_THAT(keyring_.Get(kInboxKey, "a"),
              HasReason(Reason::kShredFileMissing));
  // A new key makes a new file, which opens nothing of before.
  ASSERT_OK(keyring_.CreateDestroyable(kInboxKey, "b", random_));
  EXPECT_OK(keyring_.Get(kInboxKey, "b"));
  EXPECT_THAT(keyring_.Get(kInboxKey, "a"), HasReason(Reason::kKeyMissing));
}

TEST_F(KeyringTest, RefusesToRemoveWhatItCannotDestroy) {
  ASSERT_OK(keyring_.Create(kReceiptKey, kMainKeyId, random_));
  EXPECT_THAT(keyring_.Destroy(kReceiptKey, kMainKeyId, random_),
              HasReason(Reason::kKeyKept));
  EXPECT_OK(keyring_.Get(kReceiptKey, kMainKeyId));
}

TEST_F(KeyringTest, AnEntryOfAnOlderFileCannotBePutIntoANewerOne) {
  ASSERT_OK(keyring_.CreateDestroyable(kInboxKey, "a", random_));
  const std::string with_key = FileBytes();
  ASSERT_OK(keyring_.Destroy(kInboxKey, "a", random_));
  // The new file's head before the old file's entries and seal.
  std::string spliced = FileBytes().substr(0, 45);
  spliced += with_key.substr(45);
  PutFileBytes(spliced);
  EXPECT_THAT(keyring_.Find(kInboxKey, "a"),
              HasReason(Reason::kKeyringDamaged));
}

TEST_F(KeyringTest, HoldsNoKeyInTheClear) {
  const auto made = keyring_.CreateDestroyable(kInboxKey, "a", random_);
  ASSERT_OK(made);
  EXPECT_EQ(FileBytes().find(std::string(made->ExposeText())),
            std::string::npos);
  EXPECT_EQ(ReadFile({data_.shred_path(), "file"}, kMaxFileSize)
                ->find(std::string(made->ExposeText())),
            std::string::npos);
}

}  // namespace
}  // namespace commonwage::storage
