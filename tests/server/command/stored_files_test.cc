// SPDX-License-Identifier: Apache-2.0
#include "server/command/stored_files.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "artefacts/artefact_hash.h"
#include "artefacts/signed_manifest.h"
#include "crypto/sodium_random.h"
#include "survey/inbox_file.h"
#include "tests/testing/sign_files.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server {
namespace {

TEST(StoredFilesTest, StoresAndGivesBackTheSameFiles) {
  crypto::SodiumRandom random;
  const auto key = crypto::SigningKey::Generate(random);
  v1::SignedRelease file = testing::SignRelease(
      "a release", artefacts::SignManifest("a manifest", key),
      std::string(kInboxDigestSize, 'i'), key);
  const auto release = StoredFormOf(file);
  const auto manifest = StoredFormOf(file.manifest());
  ASSERT_OK(release);
  ASSERT_OK(manifest);
  // All but the name of the inbox, which is for the operator alone.
  file.clear_counted_inbox();
  EXPECT_EQ(ReleaseFileOf(*release, *manifest).SerializeAsString(),
            file.SerializeAsString());
}

}  // namespace
}  // namespace commonwage::server
