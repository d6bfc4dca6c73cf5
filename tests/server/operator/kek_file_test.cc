// SPDX-License-Identifier: Apache-2.0
#include "server/operator/kek_file.h"

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/key_file.h"
#include "server/operator/operator_host.h"
#include "storage/keyring.h"
#include "tests/server/operator/host_directory.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::operators {
namespace {

using testing::HasReason;
using testing::HostDirectory;

class KekFileTest : public ::testing::Test {
 protected:
  storage::DataDirectory Directory() const {
    return *storage::DataDirectory::Open(online_.data());
  }
  std::string Key() const { return *testing::FileContents(online_.kek()); }
  std::string NextPath() const { return online_.kek() + ".next"; }

  HostDirectory online_;
};

TEST_F(KekFileTest, PutsANewKeyInTheSameFileAndKeepsAllOthers) {
  const std::string old_key = Key();
  const auto before =
      OpenKeyring(Directory(), online_.kek())->Get("catalogue", "main");
  ASSERT_OK(ReplaceKek(Directory(), online_.kek(), online_.random()));
  EXPECT_NE(Key(), old_key);
  EXPECT_FALSE(std::filesystem::exists(NextPath()));
  const auto after =
      OpenKeyring(Directory(), online_.kek())->Get("catalogue", "main");
  ASSERT_OK(after);
  EXPECT_TRUE(after->Equals(*before));
}

TEST_F(KekFileTest, FinishesAReplacementThatStoppedBeforeTheKeyringChanged) {
  ASSERT_OK(crypto::CreateKeyFile(NextPath(), online_.random()));
  EXPECT_OK(OpenKeyring(Directory(), online_.kek()));
  ASSERT_OK(ReplaceKek(Directory(), online_.kek(), online_.random()));
  EXPECT_OK(OpenKeyring(Directory(), online_.kek()));
  EXPECT_FALSE(std::filesystem::exists(NextPath()));
}

TEST_F(KekFileTest, FinishesAReplacementThatStoppedAfterTheKeyringChanged) {
  ASSERT_OK(crypto::CreateKeyFile(NextPath(), online_.random()));
  {
    auto keyring = OpenKeyring(Directory(), online_.kek());
    ASSERT_OK(keyring);
    ASSERT_OK(
        keyring->Rotate(*crypto::LoadKeyFile(NextPath()), online_.random()));
  }
  // Looking works as it is, and changes nothing.
  EXPECT_OK(OpenKeyring(Directory(), online_.kek()));
  EXPECT_TRUE(std::filesystem::exists(NextPath()));
  ASSERT_OK(ReplaceKek(Directory(), online_.kek(), online_.random()));
  EXPECT_FALSE(std::filesystem::exists(NextPath()));
  EXPECT_OK(OpenKeyring(Directory(), online_.kek()));
}

TEST_F(KekFileTest, RefusesAnotherKey) {
  const std::string other = online_.File("other");
  ASSERT_OK(crypto::CreateKeyFile(other, online_.random()));
  EXPECT_THAT(OpenKeyring(Directory(), other), HasReason("KEK_WRONG"));
  EXPECT_THAT(ReplaceKek(Directory(), other, online_.random()),
              HasReason("KEK_WRONG"));
  EXPECT_OK(OpenKeyring(Directory(), online_.kek()));
}

TEST(OperatorHostTest, KeepsAnExistingKeyFile) {
  const testing::TempDirectory directory;
  crypto::SodiumRandom random;
  const std::string kek = directory.File("kek");
  ASSERT_OK(crypto::CreateKeyFile(kek, random));
  const auto content = testing::FileContents(kek);
  ASSERT_OK(OperatorHost::Create(directory.File("data"), kek, random));
  EXPECT_EQ(testing::FileContents(kek), content);
}

TEST(OperatorHostTest, RefusesAKeyFileInsideTheDataDirectory) {
  const testing::TempDirectory directory;
  crypto::SodiumRandom random;
  const std::string data = directory.File("data");
  EXPECT_THAT(OperatorHost::Create(data, data + "/kek", random),
              HasReason("WRONG_USE"));
  EXPECT_FALSE(std::filesystem::exists(data));
}

TEST(OperatorHostTest, RefusesADirectoryThatIsInUse) {
  HostDirectory online;
  EXPECT_THAT(
      OperatorHost::Create(online.data(), online.kek(), online.random()),
      HasReason("DIRECTORY_IN_USE"));
}

}  // namespace
}  // namespace commonwage::server::operators
