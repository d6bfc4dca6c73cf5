// SPDX-License-Identifier: Apache-2.0
#include "client/wallet_file.h"

#include <sys/stat.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file/kept_file.h"
#include "client/round_record.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::client {
namespace {

using ::commonwage::testing::FileContents;
using ::commonwage::testing::HasReason;
using ::commonwage::testing::SeededRandom;
using ::commonwage::testing::TempDirectory;
using ::testing::AnyOf;
using ::testing::Not;

// So that tests do not wait for Argon2id.
constexpr crypto::PassphraseCost kCheap = {1, 8192};

class WalletFileTest : public ::testing::Test {
 protected:
  WalletFile Create() {
    return *WalletFile::Create(path_, passphrase_, seed_, random_, kCheap);
  }

  absl::Status AddRound(const WalletFile& wallet, const std::string& id) {
    return wallet.Update(random_, [&](WalletContents& contents) {
      GetOrAddRound(contents.records, id);
      return absl::OkStatus();
    });
  }

  void Overwrite(const std::string& content) {
    ASSERT_OK(ReplaceFile({path_, "wallet"}, content));
  }

  SeededRandom random_{3};
  TempDirectory directory_;
  const std::string path_ = directory_.File("wallet");
  const crypto::SecretBytes passphrase_ =
      crypto::SecretBytes::From("correct horse");
  const crypto::Secret<32> seed_ = crypto::Secret<32>::Random(random_);
};

TEST_F(WalletFileTest, KeepsSeedAndRecordsForWhoHasThePassphrase) {
  {
    const WalletFile wallet = Create();
    ASSERT_OK(AddRound(wallet, "couriers.2026-q1"));
  }
  const auto wallet = WalletFile::Open(path_, passphrase_);
  ASSERT_OK(wallet);
  const auto contents = wallet->Read();
  ASSERT_OK(contents);
  EXPECT_TRUE(contents->seed.Equals(seed_));
  EXPECT_NE(FindRound(contents->records, "couriers.2026-q1"), nullptr);
  EXPECT_EQ(FindRound(contents->records, "couriers.2026-q2"), nullptr);
}

TEST_F(WalletFileTest, ALinkStaysAndTheWalletIsWhereItLeads) {
  const std::string target = directory_.File("target");
  std::filesystem::create_symlink("target", path_);
  const WalletFile wallet = Create();
  const auto made = FileContents(target);
  ASSERT_TRUE(made.has_value());
  ASSERT_OK(AddRound(wallet, "couriers.2026-q1"));
  EXPECT_NE(FileContents(target), made);
  EXPECT_TRUE(std::filesystem::is_symlink(path_));
  EXPECT_OK(WalletFile::Open(target, passphrase_));
}

TEST_F(WalletFileTest, TheFileHoldsNothingInTheClearAndIsForItsOwnerAlone) {
  const WalletFile wallet = Create();
  ASSERT_OK(AddRound(wallet, "couriers.2026-q1"));
  const std::string file = *FileContents(path_);
  EXPECT_EQ(file.find("couriers"), std::string::npos);
  EXPECT_EQ(file.find(std::string(seed_.ExposeText())), std::string::npos);
  struct stat status = {};
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(WalletFileTest, AnotherPassphraseOpensNothing) {
  Create();
  EXPECT_THAT(
      WalletFile::Open(path_, crypto::SecretBytes::From("correct horsf")),
      HasReason(Reason::kPassphraseRefused));
}

TEST_F(WalletFileTest, AShortPassphraseMakesNoWallet) {
  for (const char* passphrase :
       {"", "7 chars", "u\u0308u\u0308u\u0308u\u0308"}) {
    EXPECT_THAT(WalletFile::Create(path_, crypto::SecretBytes::From(passphrase),
                                   seed_, random_, kCheap),
                HasReason(Reason::kPassphraseTooShort))
        << passphrase;
  }
  EXPECT_FALSE(FileContents(path_).has_value());
  EXPECT_OK(WalletFile::Create(path_, crypto::SecretBytes::From("8 chars!"),
                               seed_, random_, kCheap));
}

TEST_F(WalletFileTest, APassphraseOpensTheWalletHoweverItIsSpelled) {
  ASSERT_OK(WalletFile::Create(path_,
                               crypto::SecretBytes::From("gr\u00fcne Wiese"),
                               seed_, random_, kCheap));
  EXPECT_OK(WalletFile::Open(
      path_, crypto::SecretBytes::From("gru\u0308ne\u00a0Wiese")));
}

TEST_F(WalletFileTest, AChangedPassphraseOpensItAndTheOldOneNoMore) {
  WalletFile wallet = Create();
  ASSERT_OK(AddRound(wallet, "couriers.2026-q1"));
  const auto other = WalletFile::Open(path_, passphrase_);
  ASSERT_OK(other);
  const crypto::SecretBytes next = crypto::SecretBytes::From("battery staple");
  ASSERT_OK(wallet.ChangePassphrase(next, random_, kCheap));

  EXPECT_THAT(WalletFile::Open(path_, passphrase_),
              HasReason(Reason::kPassphraseRefused));
  const auto opened = WalletFile::Open(path_, next);
  ASSERT_OK(opened);
  EXPECT_TRUE(opened->Read()->seed.Equals(seed_));
  EXPECT_NE(FindRound(opened->Read()->records, "couriers.2026-q1"), nullptr);
  // Who changed it goes on; who had it open before says what happened.
  EXPECT_OK(AddRound(wallet, "couriers.2026-q2"));
  EXPECT_THAT(other->Read(), HasReason(Reason::kPassphraseChanged));
  EXPECT_THAT(AddRound(*other, "couriers.2026-q3"),
              HasReason(Reason::kPassphraseChanged));
}

TEST_F(WalletFileTest, APassphraseThatCannotBeChangedStays) {
  WalletFile wallet = Create();
  EXPECT_THAT(wallet.ChangePassphrase(crypto::SecretBytes::From("short"),
                                      random_, kCheap),
              HasReason(Reason::kPassphraseTooShort));
  constexpr crypto::PassphraseCost kTooDear = {1, uint64_t{1} << 60U};
  EXPECT_THAT(
      wallet.ChangePassphrase(crypto::SecretBytes::From("battery staple"),
                              random_, kTooDear),
      HasReason(Reason::kOutOfMemory));
  EXPECT_OK(AddRound(wallet, "a.b"));
  EXPECT_OK(WalletFile::Open(path_, passphrase_));
}

TEST_F(WalletFileTest, EveryDamagedFileIsRefusedAndLeftAsItIs) {
  Create();
  const std::string whole = *FileContents(path_);
  for (size_t i = 0; i < whole.size(); ++i) {
    // A changed cost could make this slow; it is refused or costs little.
    if (i >= 21 && i < 33) {
      continue;
    }
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    Overwrite(damaged);
    EXPECT_THAT(WalletFile::Open(path_, passphrase_),
                AnyOf(HasReason(Reason::kPassphraseRefused),
                      HasReason(Reason::kWalletDamaged)))
        << "byte " << i;
    EXPECT_EQ(*FileContents(path_), damaged);
  }
  for (const size_t length :
       {size_t{0}, size_t{4}, size_t{32}, size_t{40}, whole.size() - 1}) {
    Overwrite(whole.substr(0, length));
    EXPECT_THAT(WalletFile::Open(path_, passphrase_),
                AnyOf(HasReason(Reason::kPassphraseRefused),
                      HasReason(Reason::kWalletDamaged)))
        << length << " bytes";
  }
}

TEST_F(WalletFileTest, AFileThatAsksForAbsurdWorkIsNoWallet) {
  Create();
  std::string file = *FileContents(path_);
  file[21] = '\x7f';  // The first byte of the passes.
  Overwrite(file);
  EXPECT_THAT(WalletFile::Open(path_, passphrase_),
              HasReason(Reason::kWalletDamaged));
}

TEST_F(WalletFileTest, AnExistingFileIsNeverReplacedByANewWallet) {
  Create();
  const std::string before = *FileContents(path_);
  EXPECT_THAT(WalletFile::Create(path_, passphrase_, seed_, random_, kCheap),
              HasReason(Reason::kFileExists));
  EXPECT_EQ(*FileContents(path_), before);
}

TEST_F(WalletFileTest, AMissingFileAndAMissingDirectoryAreSaid) {
  EXPECT_THAT(WalletFile::Open(path_, passphrase_),
              HasReason(Reason::kFileNotFound));
  EXPECT_THAT(WalletFile::Create(directory_.File("no/such/wallet"), passphrase_,
                                 seed_, random_, kCheap),
              HasReason(Reason::kFileNotFound));
}

TEST_F(WalletFileTest, AFailedChangeChangesNothing) {
  const WalletFile wallet = Create();
  const std::string before = *FileContents(path_);
  EXPECT_THAT(wallet.Update(random_,
                            [](WalletContents& contents) {
                              GetOrAddRound(contents.records, "a.b");
                              return Refusal(Reason::kAnswerWaiting, "No.");
                            }),
              HasReason(Reason::kAnswerWaiting));
  EXPECT_EQ(*FileContents(path_), before);
}

TEST_F(WalletFileTest, ChangesFromSeveralProgramsAllArrive) {
  Create();
  std::vector<std::thread> programs;
  for (int i = 0; i < 4; ++i) {
    programs.emplace_back([this, i] {
      SeededRandom random(100 + static_cast<uint64_t>(i));
      const auto wallet = WalletFile::Open(path_, passphrase_);
      ASSERT_OK(wallet);
      for (int j = 0; j < 10; ++j) {
        EXPECT_OK(wallet->Update(random, [&](WalletContents& contents) {
          GetOrAddRound(contents.records,
                        "s." + std::to_string(i) + "-" + std::to_string(j));
          return absl::OkStatus();
        }));
      }
    });
  }
  for (std::thread& program : programs) {
    program.join();
  }
  const auto wallet = WalletFile::Open(path_, passphrase_);
  EXPECT_EQ(wallet->Read()->records.rounds_size(), 40);
}

TEST_F(WalletFileTest, NothingIsLeftBehindBesideTheWallet) {
  const WalletFile wallet = Create();
  ASSERT_OK(AddRound(wallet, "a.b"));
  size_t files = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::directory_iterator(directory_.path())) {
    ++files;
  }
  EXPECT_EQ(files, 1U);
}

}  // namespace
}  // namespace commonwage::client
