// SPDX-License-Identifier: Apache-2.0
#include "storage/shred_file.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "crypto/sodium_random.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/shred_faults.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::storage {
namespace {

using testing::HasReason;

constexpr size_t kSlotSize = 64;
constexpr size_t kFirstSize = 16384;
constexpr size_t kFirstEntries = kFirstSize / kSlotSize - 1;

class ShredFileTest : public ::testing::Test {
 protected:
  std::string Bytes() const { return *testing::FileContents(path_); }
  void PutBytes(const std::string& bytes) const {
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  ino_t Inode() const {
    struct stat about {};
    EXPECT_EQ(stat(path_.c_str(), &about), 0);
    return about.st_ino;
  }
  ShredEntry Fill() { return file_.Fill(random_).value(); }
  bool IsLive(const ShredEntry& entry) const {
    const auto found = file_.Find(entry.name);
    EXPECT_OK(found);
    return found->has_value() && (*found)->Equals(entry.secret);
  }

  testing::TempDirectory directory_;
  testing::SeededRandom random_{1};
  const std::string path_ = directory_.File("shred.key");
  const ShredFile file_{path_};
};

TEST_F(ShredFileTest, FindsWhatItFilled) {
  const ShredEntry a = Fill();
  const ShredEntry b = Fill();
  EXPECT_TRUE(IsLive(a));
  EXPECT_TRUE(IsLive(b));
  EXPECT_FALSE(a.secret.Equals(b.secret));
  EXPECT_EQ(Bytes().size(), kFirstSize);
  struct stat about {};
  ASSERT_EQ(stat(path_.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
}

TEST_F(ShredFileTest, OverwritesADestroyedEntryWhereItLiesAndNothingElse) {
  const ShredEntry kept = Fill();
  const ShredEntry gone = Fill();
  const std::string before = Bytes();
  const ino_t inode = Inode();
  ASSERT_OK(file_.Destroy(gone.name, random_));
  EXPECT_FALSE(IsLive(gone));
  EXPECT_TRUE(IsLive(kept));
  const std::string after = Bytes();
  EXPECT_EQ(Inode(), inode);
  ASSERT_EQ(after.size(), before.size());
  const size_t at = gone.name.slot * kSlotSize;
  EXPECT_EQ(after.substr(0, at), before.substr(0, at));
  EXPECT_EQ(after.substr(at + kSlotSize), before.substr(at + kSlotSize));
  // Not one half of the secret is left, either.
  const std::string secret(gone.secret.ExposeText());
  EXPECT_EQ(after.find(secret.substr(0, 16)), std::string::npos);
  EXPECT_EQ(after.find(secret.substr(16)), std::string::npos);
}

TEST_F(ShredFileTest, APlaceThatIsUsedAgainAnswersForTheNewEntryOnly) {
  const ShredEntry old = Fill();
  ASSERT_OK(file_.Destroy(old.name, random_));
  const ShredEntry now = Fill();
  ASSERT_EQ(now.name.slot, old.name.slot);
  EXPECT_FALSE(file_.Find(old.name).value().has_value());
  // Who destroys the old one again, late, does not destroy the new one.
  ASSERT_OK(file_.Destroy(old.name, random_));
  EXPECT_TRUE(IsLive(now));
}

TEST_F(ShredFileTest, AnEntryWithAnyFlippedByteIsDestroyed) {
  const ShredEntry entry = Fill();
  const std::string good = Bytes();
  const size_t at = entry.name.slot * kSlotSize;
  for (size_t i = at; i < at + kSlotSize; ++i) {
    std::string flipped = good;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x10);
    PutBytes(flipped);
    EXPECT_FALSE(file_.Find(entry.name).value().has_value()) << i;
  }
  PutBytes(good);
  EXPECT_TRUE(IsLive(entry));
}

TEST_F(ShredFileTest, ATornEntryIsOverwrittenWhole) {
  const ShredEntry entry = Fill();
  std::string torn = Bytes();
  const size_t at = entry.name.slot * kSlotSize;
  torn.replace(at, 8, "12345678");
  PutBytes(torn);
  ASSERT_OK(file_.Destroy(entry.name, random_));
  EXPECT_EQ(Bytes().find(std::string(entry.secret.ExposeText())),
            std::string::npos);
}

TEST_F(ShredFileTest, AnEntryBelongsToItsPlace) {
  const ShredEntry a = Fill();
  const ShredEntry b = Fill();
  std::string moved = Bytes();
  const std::string slot = moved.substr(a.name.slot * kSlotSize, kSlotSize);
  moved.replace(b.name.slot * kSlotSize, kSlotSize, slot);
  PutBytes(moved);
  EXPECT_FALSE(file_.Find({b.name.slot, a.name.id}).value().has_value());
  EXPECT_TRUE(IsLive(a));
}

TEST_F(ShredFileTest, GrowsWhereItIsWhenItIsFull) {
  std::vector<ShredEntry> entries;
  for (size_t i = 0; i < kFirstEntries + 2; ++i) {
    entries.push_back(Fill());
  }
  EXPECT_EQ(Bytes().size(), kFirstSize + 4096);
  const ino_t inode = Inode();
  for (const ShredEntry& entry : entries) {
    EXPECT_TRUE(IsLive(entry)) << entry.name.slot;
  }
  EXPECT_EQ(Inode(), inode);
  ASSERT_OK(file_.Destroy(entries.back().name, random_));
  EXPECT_FALSE(IsLive(entries.back()));
}

TEST_F(ShredFileTest, FinishesAFileWhoseMakingWasCutShortAnywhere) {
  Fill();
  const std::string whole = Bytes();
  for (size_t size : {0U, 64U, 4000U, 4096U, 16383U, 16384U}) {
    // With the header, and without it.
    PutBytes(whole.substr(0, size));
    EXPECT_TRUE(IsLive(Fill())) << size;
    EXPECT_EQ(Bytes().size(), kFirstSize) << size;
    std::string part = whole.substr(0, size);
    part.replace(0, std::min<size_t>(size, kSlotSize),
                 std::string(std::min<size_t>(size, kSlotSize), 'r'));
    PutBytes(part);
    EXPECT_FALSE(file_.Find({1, ShredEntryId()}).value().has_value()) << size;
    const ShredEntry entry = Fill();
    EXPECT_TRUE(IsLive(entry)) << size;
    EXPECT_EQ(Bytes().size(), kFirstSize) << size;
  }
}

TEST_F(ShredFileTest, KeepsItsEntriesIfGrowingWasCutShort) {
  const ShredEntry entry = Fill();
  PutBytes(Bytes() + std::string(100, 'r'));
  EXPECT_TRUE(IsLive(entry));
  Fill();
  EXPECT_TRUE(IsLive(entry));
  EXPECT_EQ(Bytes().size(), kFirstSize + 4096);
}

TEST_F(ShredFileTest, SaysSoWhenItIsMissing) {
  const ShredEntry entry = Fill();
  std::filesystem::remove(path_);
  EXPECT_THAT(file_.Find(entry.name), HasReason(Reason::kShredFileMissing));
  // There is nothing to destroy, and none is made for it.
  EXPECT_OK(file_.Destroy(entry.name, random_));
  EXPECT_FALSE(std::filesystem::exists(path_));
  // A new one opens nothing of the old one.
  Fill();
  EXPECT_FALSE(file_.Find(entry.name).value().has_value());
  EXPECT_OK(file_.Destroy({100000, entry.name.id}, random_));
}

TEST_F(ShredFileTest, RefusesAnotherVersion) {
  const ShredEntry entry = Fill();
  std::string other = Bytes();
  other[4] = 2;
  PutBytes(other);
  EXPECT_THAT(file_.Find(entry.name), HasReason(Reason::kShredFileUnknown));
  EXPECT_THAT(file_.Fill(random_), HasReason(Reason::kShredFileUnknown));
  EXPECT_THAT(file_.Destroy(entry.name, random_),
              HasReason(Reason::kShredFileUnknown));
  EXPECT_EQ(Bytes(), other);
}

TEST_F(ShredFileTest, FollowsALinkToAnotherDisk) {
  std::filesystem::create_directory(directory_.File("elsewhere"));
  const std::string target = directory_.File("elsewhere/real.key");
  std::filesystem::create_symlink(target, path_);
  const ShredEntry entry = Fill();
  EXPECT_TRUE(IsLive(entry));
  ASSERT_OK(file_.Destroy(entry.name, random_));
  EXPECT_TRUE(std::filesystem::is_symlink(path_));
  EXPECT_EQ(testing::FileContents(target)->find(
                std::string(entry.secret.ExposeText())),
            std::string::npos);
}

TEST_F(ShredFileTest, SaysSoIfADiskDoesNotTakeIt) {
  const ShredFile full("/dev/full");
  EXPECT_FALSE(full.Fill(random_).ok());
  EXPECT_FALSE(full.Destroy({1, ShredEntryId()}, random_).ok());
}

TEST_F(ShredFileTest, ReadsBackWhatItDestroyedAndSaysSoIfItIsStillThere) {
  const ShredEntry entry = Fill();
  testing::SetShredFault(testing::ShredFault::kForgetsTheWrite);
  EXPECT_THAT(file_.Destroy(entry.name, random_),
              HasReason(Reason::kErasureFailed));
  EXPECT_THAT(file_.Fill(random_), HasReason(Reason::kErasureFailed));
  testing::SetShredFault(testing::ShredFault::kNone);
  EXPECT_TRUE(IsLive(entry));
  EXPECT_OK(file_.Destroy(entry.name, random_));
  EXPECT_FALSE(IsLive(entry));
}

TEST_F(ShredFileTest, ManyThreadsGetEntriesOfTheirOwn) {
  crypto::SodiumRandom random;
  constexpr int kThreads = 8;
  constexpr int kEach = 6;
  std::vector<std::vector<ShredEntry>> filled(kThreads);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        for (int n = 0; n < kEach; ++n) {
          filled[static_cast<size_t>(i)].push_back(file_.Fill(random).value());
        }
        ASSERT_OK(
            file_.Destroy(filled[static_cast<size_t>(i)].front().name, random));
      });
    }
  }
  std::set<ShredEntryId> ids;
  for (const auto& mine : filled) {
    EXPECT_FALSE(IsLive(mine.front()));
    for (size_t n = 1; n < mine.size(); ++n) {
      EXPECT_TRUE(IsLive(mine[n]));
      ids.insert(mine[n].name.id);
    }
  }
  EXPECT_EQ(ids.size(), size_t{kThreads} * (kEach - 1));
}

}  // namespace
}  // namespace commonwage::storage
