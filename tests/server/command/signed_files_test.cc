// SPDX-License-Identifier: Apache-2.0
#include "server/command/signed_files.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/sodium_random.h"
#include "server/command/stored_files.h"
#include "survey/inbox_file.h"
#include "survey/plan/plan_json.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::command {
namespace {

using testing::HasReason;

class SignedFilesTest : public ::testing::Test {
 protected:
  SignedFilesTest() : key_(crypto::SigningKey::Generate(random_)) {
    manifest_.plan = *ParsePlan(testing::SamplePlanJson());
    manifest_.taus = {40, 80};
    manifest_.round_public_key = std::string(kRoundPublicKeySize, 'k');
    manifest_.operator_public_key = std::string(kOperatorPublicKeySize, 'o');
    manifest_.code_version = "1";
    bytes_ = WriteManifest(manifest_);
    release_.round_id = RoundIdOf(manifest_.plan);
    release_.manifest_hash = HashOfManifest(bytes_);
    release_.k = manifest_.plan.k;
    release_.code_version = "1";
    for (size_t i = 0; i < manifest_.plan.marginals.size(); ++i) {
      const Marginal& marginal = manifest_.plan.marginals[i];
      release_.marginals.push_back(
          {.id = marginal.id,
           .mechanism = marginal.mechanism,
           .noise_per_level = NoiseOf(marginal),
           .tau = manifest_.taus[i],
           .threshold_delta = manifest_.plan.threshold_delta,
           .cells = std::vector<ReleasedCell>(i == 0 ? 4 : 12)});
    }
  }

  crypto::SodiumRandom random_;
  crypto::SigningKey key_;
  Manifest manifest_;
  const std::string inbox_ = std::string(kInboxDigestSize, 'i');
  std::string bytes_;
  Release release_;
};

TEST_F(SignedFilesTest, ReadsTheManifestThatWasSigned) {
  const std::string file = SignManifest(bytes_, key_).SerializeAsString();
  const auto checked = ReadSignedManifest(file);
  ASSERT_OK(checked);
  EXPECT_EQ(checked->manifest, manifest_);
  EXPECT_EQ(checked->hash, HashOfManifest(bytes_));
  EXPECT_THAT(checked->signers, ::testing::ElementsAre(key_.verify_key()));
}

TEST_F(SignedFilesTest, RefusesAManifestWithAnyByteChanged) {
  const std::string file = SignManifest(bytes_, key_).SerializeAsString();
  for (size_t at = 0; at < file.size(); at += 3) {
    std::string changed = file;
    changed[at] ^= 0x08;
    EXPECT_FALSE(ReadSignedManifest(changed).ok()) << at;
  }
  EXPECT_FALSE(ReadSignedManifest(file.substr(0, file.size() / 2)).ok());
  EXPECT_THAT(ReadSignedManifest("not a file"),
              HasReason("MANIFEST_FILE_MALFORMED"));
}

TEST_F(SignedFilesTest, RefusesAManifestWithoutASignature) {
  v1::SignedManifest file = SignManifest(bytes_, key_);
  file.clear_signatures();
  EXPECT_THAT(ReadSignedManifest(file.SerializeAsString()),
              HasReason("SIGNATURE_REFUSED"));
}

TEST_F(SignedFilesTest, ReadsTheReleaseThatWasSigned) {
  const std::string file = SignRelease(WriteRelease(release_),
                                       SignManifest(bytes_, key_), inbox_, key_)
                               .SerializeAsString();
  const auto checked = ReadSignedRelease(file);
  ASSERT_OK(checked);
  EXPECT_EQ(checked->release, release_);
  EXPECT_EQ(checked->inbox_digest, inbox_);
  EXPECT_THAT(checked->signers, ::testing::ElementsAre(key_.verify_key()));
}

TEST_F(SignedFilesTest, RefusesAReleaseThatDoesNotSayWhichInboxWasCounted) {
  const v1::SignedRelease file = SignRelease(
      WriteRelease(release_), SignManifest(bytes_, key_), inbox_, key_);
  v1::SignedRelease silent = file;
  silent.clear_counted_inbox();
  EXPECT_THAT(ReadSignedRelease(silent.SerializeAsString()),
              HasReason("RELEASE_FILE_MALFORMED"));
  v1::SignedRelease other = file;
  other.mutable_counted_inbox()->mutable_digest()->front() ^= 1;
  EXPECT_THAT(ReadSignedRelease(other.SerializeAsString()),
              HasReason("SIGNATURE_REFUSED"));
  // The word of somebody else, and of the survey's key on another release.
  const auto stranger = crypto::SigningKey::Generate(random_);
  v1::SignedRelease theirs = file;
  *theirs.mutable_counted_inbox() =
      SignCountedInbox(file.release(), inbox_, stranger);
  EXPECT_THAT(ReadSignedRelease(theirs.SerializeAsString()),
              HasReason("SIGNATURE_REFUSED"));
  v1::SignedRelease moved = file;
  *moved.mutable_counted_inbox() = SignCountedInbox("another", inbox_, key_);
  EXPECT_THAT(ReadSignedRelease(moved.SerializeAsString()),
              HasReason("SIGNATURE_REFUSED"));
}

TEST_F(SignedFilesTest, RefusesAReleaseThatAStrangerSigned) {
  const auto stranger = crypto::SigningKey::Generate(random_);
  EXPECT_THAT(ReadSignedRelease(SignRelease(WriteRelease(release_),
                                            SignManifest(bytes_, key_), inbox_,
                                            stranger)
                                    .SerializeAsString()),
              HasReason("SIGNATURE_REFUSED"));
}

TEST_F(SignedFilesTest, RefusesAReleaseThatNamesAnotherManifest) {
  manifest_.code_version = "2";
  EXPECT_THAT(ReadSignedRelease(
                  SignRelease(WriteRelease(release_),
                              SignManifest(WriteManifest(manifest_), key_),
                              inbox_, key_)
                      .SerializeAsString()),
              HasReason("RELEASE_OF_ANOTHER_MANIFEST"));
}

TEST_F(SignedFilesTest, RefusesAReleaseThatItsManifestDidNotPromise) {
  release_.marginals[0].tau = 20;
  EXPECT_THAT(
      ReadSignedRelease(SignRelease(WriteRelease(release_),
                                    SignManifest(bytes_, key_), inbox_, key_)
                            .SerializeAsString()),
      HasReason("RELEASE_DOES_NOT_FIT"));
}

TEST_F(SignedFilesTest, StoresAndGivesBackTheSameFiles) {
  v1::SignedRelease file = SignRelease(
      WriteRelease(release_), SignManifest(bytes_, key_), inbox_, key_);
  const auto release = server::StoredFormOf(file);
  const auto manifest = server::StoredFormOf(file.manifest());
  ASSERT_OK(release);
  ASSERT_OK(manifest);
  // All but the name of the inbox, which is for the operator alone.
  file.clear_counted_inbox();
  EXPECT_EQ(server::ReleaseFileOf(*release, *manifest).SerializeAsString(),
            file.SerializeAsString());
}

}  // namespace
}  // namespace commonwage::command
