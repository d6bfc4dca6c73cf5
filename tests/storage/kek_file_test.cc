// SPDX-License-Identifier: Apache-2.0
#include "storage/kek_file.h"

#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "crypto/key_file.h"
#include "storage/data_directory.h"
#include "storage/keyring.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::storage {
namespace {

using testing::HasReason;

class KekFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(crypto::CreateKeyFile(kek_, random_));
    auto keyring = Keyring::Create(data_, *crypto::LoadKeyFile(kek_), random_);
    ASSERT_OK(keyring);
    ASSERT_OK(keyring->Create("catalogue", "main", random_));
  }

  std::string Key() const { return *testing::FileContents(kek_); }

  testing::TempDirectory directory_;
  testing::SeededRandom random_{1};
  const DataDirectory data_ =
      DataDirectory::Create(directory_.File("data")).value();
  const std::string kek_ = directory_.File("kek");
  const std::string next_ = kek_ + ".next";
};

TEST_F(KekFileTest, PutsANewKeyInTheSameFileAndKeepsAllOthers) {
  const std::string old_key = Key();
  const auto before = OpenKeyring(data_, kek_)->Get("catalogue", "main");
  ASSERT_OK(ReplaceKek(data_, kek_, random_));
  EXPECT_NE(Key(), old_key);
  EXPECT_FALSE(std::filesystem::exists(next_));
  const auto after = OpenKeyring(data_, kek_)->Get("catalogue", "main");
  ASSERT_OK(after);
  EXPECT_TRUE(after->Equals(*before));
}

// A disk on which a key file fits and the keyring does not any more: whatever
// stops there, the key file opens the keyring that is there.
TEST_F(KekFileTest, NeverHasAKeyFileThatIsAheadOfTheKeyring) {
  rlimit whole = {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &whole), 0);
  const rlimit little = {.rlim_cur = 100, .rlim_max = whole.rlim_max};
  const auto before = signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &little), 0);
  const absl::Status replaced = ReplaceKek(data_, kek_, random_);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &whole), 0);
  signal(SIGXFSZ, before);
  EXPECT_FALSE(replaced.ok());
  EXPECT_OK(OpenKeyring(data_, kek_));
  EXPECT_OK(ReplaceKek(data_, kek_, random_));
  EXPECT_OK(OpenKeyring(data_, kek_));
}

TEST_F(KekFileTest, FinishesAReplacementThatStoppedBeforeTheKeyringChanged) {
  ASSERT_OK(crypto::CreateKeyFile(next_, random_));
  EXPECT_OK(OpenKeyring(data_, kek_));
  ASSERT_OK(ReplaceKek(data_, kek_, random_));
  EXPECT_OK(OpenKeyring(data_, kek_));
  EXPECT_FALSE(std::filesystem::exists(next_));
}

TEST_F(KekFileTest, FinishesAReplacementThatStoppedAfterTheKeyringChanged) {
  ASSERT_OK(crypto::CreateKeyFile(next_, random_));
  {
    auto keyring = OpenKeyring(data_, kek_);
    ASSERT_OK(keyring);
    ASSERT_OK(keyring->Rotate(*crypto::LoadKeyFile(next_), random_));
  }
  // Looking works as it is, and changes nothing.
  EXPECT_OK(OpenKeyring(data_, kek_));
  EXPECT_TRUE(std::filesystem::exists(next_));
  ASSERT_OK(ReplaceKek(data_, kek_, random_));
  EXPECT_FALSE(std::filesystem::exists(next_));
  EXPECT_OK(OpenKeyring(data_, kek_));
}

TEST_F(KekFileTest, ReplacesTheFileThatALinkLeadsTo) {
  const std::string link = directory_.File("link");
  std::filesystem::create_symlink(kek_, link);
  const std::string old_key = Key();
  ASSERT_OK(ReplaceKek(data_, link, random_));
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_NE(Key(), old_key);
  EXPECT_OK(OpenKeyring(data_, link));
  EXPECT_OK(OpenKeyring(data_, kek_));
}

TEST_F(KekFileTest, ChangesNothingOfAKeyThatTheSystemHandsOver) {
  const std::string old_key = Key();
  for (const char* place :
       {"/run/credentials/commonwaged.service/kek", "/dev/shm/kek",
        "/var/run/kek", "/run/../run/kek"}) {
    EXPECT_THAT(CheckKekReplaceable(place), HasReason(Reason::kKekFixed))
        << place;
  }
  EXPECT_OK(CheckKekReplaceable(kek_));
  EXPECT_OK(CheckKekReplaceable(directory_.File("not-there-yet")));
  EXPECT_THAT(CheckKekReplaceable(directory_.File("no-directory/kek")),
              HasReason(Reason::kKekFixed));
  EXPECT_EQ(Key(), old_key);
}

TEST_F(KekFileTest, ChangesNothingInADirectoryThatCannotBeWritten) {
  if (geteuid() == 0) {
    GTEST_SKIP() << "SKIPPED: root may write everywhere";
  }
  const std::string safe = directory_.File("safe");
  std::filesystem::create_directory(safe);
  std::filesystem::rename(kek_, safe + "/kek");
  std::filesystem::permissions(safe, std::filesystem::perms::owner_read |
                                         std::filesystem::perms::owner_exec);
  EXPECT_THAT(ReplaceKek(data_, safe + "/kek", random_),
              HasReason(Reason::kKekFixed));
  EXPECT_OK(OpenKeyring(data_, safe + "/kek"));
  std::filesystem::permissions(safe, std::filesystem::perms::owner_all);
}

// A secret of a container is mounted as one file: it can be read, its directory
// can be written, and yet nothing can be put in its place.
TEST_F(KekFileTest, ChangesNothingOfAKeyThatIsMounted) {
  const std::string mounted = directory_.File("mounted");
  std::filesystem::copy(kek_, mounted);
  if (mount(kek_.c_str(), mounted.c_str(), nullptr, MS_BIND, nullptr) != 0) {
    GTEST_SKIP() << "SKIPPED: this account cannot mount a file";
  }
  EXPECT_THAT(ReplaceKek(data_, mounted, random_),
              HasReason(Reason::kKekFixed));
  EXPECT_OK(OpenKeyring(data_, mounted));
  EXPECT_FALSE(std::filesystem::exists(mounted + ".next"));
  EXPECT_EQ(umount(mounted.c_str()), 0);
}

TEST_F(KekFileTest, RefusesAnotherKey) {
  const std::string other = directory_.File("other");
  ASSERT_OK(crypto::CreateKeyFile(other, random_));
  EXPECT_THAT(OpenKeyring(data_, other), HasReason(Reason::kKekWrong));
  EXPECT_THAT(ReplaceKek(data_, other, random_), HasReason(Reason::kKekWrong));
  EXPECT_OK(OpenKeyring(data_, kek_));
}

}  // namespace
}  // namespace commonwage::storage
