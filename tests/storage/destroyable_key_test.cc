// SPDX-License-Identifier: Apache-2.0
#include "storage/destroyable_key.h"

#include <cstddef>
#include <string>

#include <gtest/gtest.h>

#include "storage/shred_file.h"
#include "tests/storage/sample_submission.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::storage {
namespace {

using testing::HasReason;
using testing::SampleKey;

class DestroyableKeyTest : public ::testing::Test {
 protected:
  testing::TempDirectory directory_;
  testing::SeededRandom random_{1};
  const ShredFile file_{directory_.File("shred.key")};
  const std::string wrapped_ =
      WrapDestroyable(file_, "use", SampleKey(9), random_).value();
};

TEST_F(DestroyableKeyTest, GivesTheKeyBackUntilItIsDestroyed) {
  ASSERT_EQ(wrapped_.size(), kDestroyableKeySize);
  const auto key = UnwrapDestroyable(file_, "use", wrapped_);
  ASSERT_OK(key);
  ASSERT_TRUE(key->has_value());
  EXPECT_TRUE((*key)->Equals(SampleKey(9)));
  ASSERT_OK(DestroyKey(file_, wrapped_, random_));
  ASSERT_OK(DestroyKey(file_, wrapped_, random_));
  EXPECT_FALSE(UnwrapDestroyable(file_, "use", wrapped_).value().has_value());
}

TEST_F(DestroyableKeyTest, UnwrapsForItsUseAlone) {
  EXPECT_THAT(UnwrapDestroyable(file_, "other", wrapped_),
              HasReason(Reason::kDestroyableKeyDamaged));
}

TEST_F(DestroyableKeyTest, NoAlteredFormGivesAKey) {
  for (size_t i = 0; i < wrapped_.size(); ++i) {
    std::string altered = wrapped_;
    altered[i] = static_cast<char>(altered[i] ^ 0x01);
    const auto key = UnwrapDestroyable(file_, "use", altered);
    EXPECT_FALSE(key.ok() && key->has_value()) << i;
    const auto cut = UnwrapDestroyable(file_, "use", wrapped_.substr(0, i));
    EXPECT_THAT(cut, HasReason(Reason::kDestroyableKeyDamaged)) << i;
  }
}

}  // namespace
}  // namespace commonwage::storage
