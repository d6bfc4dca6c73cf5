// SPDX-License-Identifier: Apache-2.0
// One release per round, wherever the power fails while it is made.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "storage/vault/vault.h"
#include "tests/storage/faulty_disk.h"
#include "tests/storage/sample_submission.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::storage {
namespace {

using testing::FaultyDisk;
using testing::HasReason;
using testing::SampleKey;

constexpr int64_t kLoss = 100;

class VaultCrashTest : public ::testing::Test {
 protected:
  absl::StatusOr<Vault> Open(const std::string& path) {
    OpenOptions options;
    options.create = true;
    options.vfs = FaultyDisk::kVfs;
    return Vault::OpenDatabase(path, SampleKey(1), random_, options);
  }

  absl::Status CreateRound(Vault& vault) {
    NewVaultRound round;
    round.survey = "pay";
    round.id = "pay.1";
    round.manifest.bytes = "manifest";
    round.loss_micro_rho = kLoss;
    round.cap_micro_rho = 1000;
    return vault.CreateRound(round, SampleKey(50));
  }

  // Releases with a draw of its own, and counts draws.
  absl::StatusOr<VaultRelease> Release(Vault& vault, const std::string& bytes) {
    return vault.ReleaseOnce("pay.1", [&]() -> absl::StatusOr<VaultRelease> {
      ++draws_;
      return VaultRelease{{bytes, {}}, "inbox"};
    });
  }

  // What a vault must look like once released.
  void ExpectReleased(Vault& vault, const std::string& bytes) {
    EXPECT_EQ(Release(vault, "one too many")->release.bytes, bytes);
    const std::optional<LedgerBalance> balance = vault.BalanceOf("pay").value();
    EXPECT_EQ(balance->spent, kLoss);
    EXPECT_EQ(balance->reserved, 0);
    EXPECT_THAT(vault.OpeningKeyOf("pay.1"),
                HasReason(Reason::kRoundKeyDestroyed));
  }

  // Fails at the n-th change of a release, restarts, and tries again. Returns
  // whether the release was done before the failure.
  bool CrashAt(int64_t n, FaultyDisk::Survives survives) {
    const testing::TempDirectory directory;
    const std::string path = directory.File("vault.db");
    std::optional<std::string> shown;
    bool finished = false;
    {
      absl::StatusOr<Vault> vault = Open(path);
      EXPECT_OK(vault);
      EXPECT_OK(CreateRound(*vault));
      const int64_t before = disk_.changes();
      disk_.LosePowerAtChange(n);
      const absl::StatusOr<VaultRelease> first = Release(*vault, "first");
      if (first.ok()) {
        shown = first->release.bytes;
      }
      finished = disk_.changes() - before < n;
    }
    disk_.Restart(survives, random_);
    absl::StatusOr<Vault> vault = Open(path);
    EXPECT_OK(vault) << n;
    draws_ = 0;
    const absl::StatusOr<VaultRelease> second = Release(*vault, "second");
    EXPECT_OK(second) << n;
    if (shown.has_value()) {
      // What anybody may have seen is the one that stays.
      EXPECT_EQ(second->release.bytes, *shown) << n;
      EXPECT_EQ(draws_, 0) << n;
    }
    ExpectReleased(*vault, second->release.bytes);
    EXPECT_LE(draws_, 1) << n;
    return finished;
  }

  // Fails at the n-th change of a cancellation, restarts, and tries again.
  // Returns whether it was done before the failure.
  bool CrashCancellationAt(int64_t n, FaultyDisk::Survives survives) {
    const testing::TempDirectory directory;
    const std::string path = directory.File("vault.db");
    const auto sign = []() -> absl::StatusOr<SignedBytes> {
      return SignedBytes{"off", {}};
    };
    bool finished = false;
    {
      absl::StatusOr<Vault> vault = Open(path);
      EXPECT_OK(vault);
      EXPECT_OK(CreateRound(*vault));
      const int64_t before = disk_.changes();
      disk_.LosePowerAtChange(n);
      vault->CancelOnce("pay.1", sign).IgnoreError();
      finished = disk_.changes() - before < n;
    }
    disk_.Restart(survives, random_);
    absl::StatusOr<Vault> vault = Open(path);
    EXPECT_OK(vault) << n;
    EXPECT_OK(vault->CancelOnce("pay.1", sign)) << n;
    EXPECT_EQ(vault->BalanceOf("pay").value()->left(), 1000) << n;
    EXPECT_THAT(vault->OpeningKeyOf("pay.1"),
                HasReason(Reason::kRoundCancelled));
    EXPECT_THAT(Release(*vault, "too late"),
                HasReason(Reason::kRoundCancelled));
    return finished;
  }

  FaultyDisk disk_;
  testing::SeededRandom random_{9};
  int draws_ = 0;
};

TEST_F(VaultCrashTest, TheNextRunFinishesACancellationWhereverThePowerFails) {
  for (const auto survives :
       {FaultyDisk::Survives::kNothing, FaultyDisk::Survives::kSomeAndTorn}) {
    int64_t n = 1;
    while (!CrashCancellationAt(n, survives)) {
      ++n;
    }
    EXPECT_GT(n, 5);
  }
}

TEST_F(VaultCrashTest, OneReleaseAtMostWhereverThePowerFails) {
  int64_t n = 1;
  while (!CrashAt(n, FaultyDisk::Survives::kNothing)) {
    ++n;
  }
  EXPECT_GT(n, 5);  // There were moments to fail at.
}

TEST_F(VaultCrashTest, AlsoIfUnsyncedWritesSurviveInPartsAndTorn) {
  for (int repeat = 0; repeat < 10; ++repeat) {
    int64_t n = 1;
    while (!CrashAt(n, FaultyDisk::Survives::kSomeAndTorn)) {
      ++n;
    }
  }
}

TEST_F(VaultCrashTest, AFullDiskLeavesTheRoundUnreleasedAndTheKeyInPlace) {
  bool failed_once = false;
  for (int64_t n = 1; n < 12; ++n) {
    const testing::TempDirectory directory;
    absl::StatusOr<Vault> vault = Open(directory.File("vault.db"));
    ASSERT_OK(vault);
    ASSERT_OK(CreateRound(*vault));
    disk_.BeFullAtWrite(n);
    const absl::StatusOr<VaultRelease> first = Release(*vault, "first");
    disk_.Heal();
    if (!first.ok()) {
      failed_once = true;
      EXPECT_THAT(first, HasReason(Reason::kDiskFull));
      EXPECT_TRUE(vault->OpeningKeyOf("pay.1")->Equals(SampleKey(50)));
      EXPECT_EQ(vault->BalanceOf("pay").value()->spent, 0);
      ASSERT_OK(Release(*vault, "second"));
      ExpectReleased(*vault, "second");
    } else {
      ExpectReleased(*vault, "first");
    }
  }
  EXPECT_TRUE(failed_once);
}

}  // namespace
}  // namespace commonwage::storage
