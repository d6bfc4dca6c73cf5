// SPDX-License-Identifier: Apache-2.0
#include "server/operator/operator_host.h"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "crypto/key_file.h"
#include "crypto/sodium_random.h"
#include "tests/server/operator/host_directory.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::server::operators {
namespace {

using testing::HasReason;
using testing::HostDirectory;

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
