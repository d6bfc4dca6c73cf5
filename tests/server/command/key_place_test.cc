// SPDX-License-Identifier: Apache-2.0
#include "server/command/key_place.h"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::server {
namespace {

using testing::HasReason;

TEST(KeyPlaceTest, RefusesAKeyInsideTheDirectoryHoweverItIsWritten) {
  const testing::TempDirectory directory;
  const std::string data = directory.File("data");
  for (const std::string& place : {data, data + "/", data + "/."}) {
    for (const std::string& key :
         {data + "/kek", data + "/deep/kek", data + "/../data/kek"}) {
      EXPECT_THAT(RefuseKeyInside(place, key), HasReason(Reason::kWrongUse))
          << place << " " << key;
    }
    EXPECT_OK(RefuseKeyInside(place, directory.File("kek")));
    EXPECT_OK(RefuseKeyInside(place, directory.File("data-kek")));
  }
}

TEST(KeyPlaceTest, SaysWhyItCannotTellWhereAKeyIs) {
  const testing::TempDirectory directory;
  std::filesystem::create_symlink("circle", directory.File("circle"));
  EXPECT_THAT(RefuseKeyInside(directory.File("data"), directory.File("circle")),
              HasReason(Reason::kFileUnusable));
}

}  // namespace
}  // namespace commonwage::server
