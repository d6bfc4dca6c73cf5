// SPDX-License-Identifier: Apache-2.0
#include "server/admin/admin_host.h"

#include <signal.h>
#include <sys/resource.h>

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "crypto/key_file.h"
#include "crypto/sodium_random.h"
#include "tests/server/admin/host_directory.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::server::admin {
namespace {

using testing::HasReason;
using testing::HostDirectory;

// While it lives, no file of this process grows beyond a size.
class SmallDisk {
 public:
  explicit SmallDisk(rlim_t largest_file) {
    handler_ = signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small = {.rlim_cur = largest_file,
                          .rlim_max = before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

// For the key file, for the keyring, for one of its keys, for the catalogue.
constexpr rlim_t kTooSmall[] = {0, 100, 300, 2000, 20'000};

TEST(AdminHostTest, LeavesNothingBehindWhenTheDiskIsFull) {
  const testing::TempDirectory directory;
  crypto::SodiumRandom random;
  const std::string kek = directory.File("kek");
  const std::string data = directory.File("data");
  for (const rlim_t size : kTooSmall) {
    absl::Status status;
    {
      const SmallDisk disk(size);
      status = AdminHost::Create(data, kek, random);
    }
    EXPECT_FALSE(status.ok()) << size;
    EXPECT_FALSE(std::filesystem::exists(data)) << size;
    EXPECT_FALSE(std::filesystem::exists(kek)) << size;
  }
  EXPECT_OK(AdminHost::Create(data, kek, random));
}

TEST(AdminHostTest, LeavesWhatWasThereWhenTheDiskIsFull) {
  const testing::TempDirectory directory;
  crypto::SodiumRandom random;
  const std::string kek = directory.File("kek");
  const std::string data = directory.File("data");
  ASSERT_OK(crypto::CreateKeyFile(kek, random));
  const auto content = testing::FileContents(kek);
  ASSERT_TRUE(std::filesystem::create_directory(data));
  std::filesystem::permissions(data, std::filesystem::perms::owner_all);
  for (const rlim_t size : kTooSmall) {
    absl::Status status;
    {
      const SmallDisk disk(size);
      status = AdminHost::Create(data, kek, random);
    }
    EXPECT_FALSE(status.ok()) << size;
    EXPECT_TRUE(std::filesystem::is_empty(data)) << size;
    EXPECT_EQ(testing::FileContents(kek), content) << size;
  }
  EXPECT_OK(AdminHost::Create(data, kek, random));
}

TEST(AdminHostTest, MakesAnewWhatAKilledInitLeftHalfMade) {
  const testing::TempDirectory directory;
  crypto::SodiumRandom random;
  const std::string data = directory.File("data");
  const std::string kek = directory.File("kek");
  ASSERT_OK(AdminHost::Create(data, kek, random));
  std::filesystem::remove(data + "/catalogue.db");
  // What stands there until all else does.
  std::ofstream(data + "/init.unfinished") << "\n";
  EXPECT_THAT(AdminHost::Open(data, kek, Access::kLook, random),
              HasReason(Reason::kInitUnfinished));
  ASSERT_OK(AdminHost::Create(data, kek, random));
  EXPECT_OK(AdminHost::Open(data, kek, Access::kLook, random));
}

TEST(AdminHostTest, KeepsAnExistingKeyFile) {
  const testing::TempDirectory directory;
  crypto::SodiumRandom random;
  const std::string kek = directory.File("kek");
  ASSERT_OK(crypto::CreateKeyFile(kek, random));
  const auto content = testing::FileContents(kek);
  ASSERT_OK(AdminHost::Create(directory.File("data"), kek, random));
  EXPECT_EQ(testing::FileContents(kek), content);
}

TEST(AdminHostTest, RefusesAKeyFileInsideTheDataDirectory) {
  const testing::TempDirectory directory;
  crypto::SodiumRandom random;
  const std::string data = directory.File("data");
  EXPECT_THAT(AdminHost::Create(data, data + "/kek", random),
              HasReason(Reason::kWrongUse));
  EXPECT_FALSE(std::filesystem::exists(data));
}

TEST(AdminHostTest, RefusesADirectoryThatIsInUse) {
  HostDirectory online;
  EXPECT_THAT(AdminHost::Create(online.data(), online.kek(), online.random()),
              HasReason(Reason::kDirectoryInUse));
}

}  // namespace
}  // namespace commonwage::server::admin
