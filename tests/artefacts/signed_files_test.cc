// SPDX-License-Identifier: Apache-2.0
// The files that travel between steward and operator.

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "artefacts/artefact_hash.h"
#include "artefacts/signed_cancellation.h"
#include "artefacts/signed_manifest.h"
#include "artefacts/signed_release.h"
#include "crypto/sodium_random.h"
#include "survey/cancellation.h"
#include "survey/domain_labels.h"
#include "survey/inbox_file.h"
#include "survey/plan/plan_json.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/sign_files.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::artefacts {
namespace {

using testing::AddBadSignature;
using testing::HasReason;
using testing::SignCancellation;
using testing::SignRelease;

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
              HasReason(Reason::kManifestFileMalformed));
}

TEST_F(SignedFilesTest, RefusesAManifestWithoutASignature) {
  v1::SignedManifest file = SignManifest(bytes_, key_);
  file.clear_signatures();
  EXPECT_THAT(ReadSignedManifest(file.SerializeAsString()),
              HasReason(Reason::kStewardSignatureRefused));
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
              HasReason(Reason::kReleaseFileMalformed));
  v1::SignedRelease other = file;
  other.mutable_counted_inbox()->mutable_digest()->front() ^= 1;
  EXPECT_THAT(ReadSignedRelease(other.SerializeAsString()),
              HasReason(Reason::kStewardSignatureRefused));
  // The word of somebody else, and of the survey's key on another release.
  const auto stranger = crypto::SigningKey::Generate(random_);
  v1::SignedRelease theirs = file;
  *theirs.mutable_counted_inbox() =
      SignCountedInbox(file.release(), inbox_, stranger);
  EXPECT_THAT(ReadSignedRelease(theirs.SerializeAsString()),
              HasReason(Reason::kStewardSignatureRefused));
  v1::SignedRelease moved = file;
  *moved.mutable_counted_inbox() = SignCountedInbox("another", inbox_, key_);
  EXPECT_THAT(ReadSignedRelease(moved.SerializeAsString()),
              HasReason(Reason::kStewardSignatureRefused));
}

TEST_F(SignedFilesTest, RefusesAReleaseThatAStrangerSigned) {
  const auto stranger = crypto::SigningKey::Generate(random_);
  EXPECT_THAT(ReadSignedRelease(SignRelease(WriteRelease(release_),
                                            SignManifest(bytes_, key_), inbox_,
                                            stranger)
                                    .SerializeAsString()),
              HasReason(Reason::kStewardSignatureRefused));
}

TEST_F(SignedFilesTest, RefusesAReleaseThatNamesAnotherManifest) {
  manifest_.code_version = "2";
  EXPECT_THAT(ReadSignedRelease(
                  SignRelease(WriteRelease(release_),
                              SignManifest(WriteManifest(manifest_), key_),
                              inbox_, key_)
                      .SerializeAsString()),
              HasReason(Reason::kReleaseOfAnotherManifest));
}

TEST_F(SignedFilesTest, RefusesAReleaseThatItsManifestDidNotPromise) {
  release_.marginals[0].tau = 20;
  EXPECT_THAT(
      ReadSignedRelease(SignRelease(WriteRelease(release_),
                                    SignManifest(bytes_, key_), inbox_, key_)
                            .SerializeAsString()),
      HasReason(Reason::kReleaseDoesNotFit));
}

// Signed by the survey's key, and by another one that is not right: whoever
// reads it believes nobody.
TEST_F(SignedFilesTest, RefusesAManifestWithOneGoodAndOneBadSignature) {
  const auto other = crypto::SigningKey::Generate(random_);
  v1::SignedManifest file = SignManifest(bytes_, key_);
  *file.add_signatures() = SignWith(other, kManifestSignatureLabel, bytes_);
  EXPECT_THAT(ReadSignedManifest(file.SerializeAsString())->signers,
              ::testing::ElementsAre(key_.verify_key(), other.verify_key()));
  for (const int good : {0, 1}) {
    v1::SignedManifest mixed = file;
    mixed.mutable_signatures(1 - good)->mutable_signature()->front() ^= 1;
    EXPECT_THAT(ReadSignedManifest(mixed.SerializeAsString()),
                HasReason(Reason::kStewardSignatureRefused));
  }
}

TEST_F(SignedFilesTest, RefusesAReleaseWithABadSignatureAnywhere) {
  const auto other = crypto::SigningKey::Generate(random_);
  const v1::SignedRelease file = SignRelease(
      WriteRelease(release_), SignManifest(bytes_, key_), inbox_, key_);
  ASSERT_OK(ReadSignedRelease(file.SerializeAsString()));
  v1::SignedRelease mixed = file;
  AddBadSignature(mixed, other, kReleaseSignatureLabel, file.release());
  EXPECT_THAT(ReadSignedRelease(mixed.SerializeAsString()),
              HasReason(Reason::kStewardSignatureRefused));
  mixed = file;
  AddBadSignature(*mixed.mutable_manifest(), other, kManifestSignatureLabel,
                  bytes_);
  EXPECT_THAT(ReadSignedRelease(mixed.SerializeAsString()),
              HasReason(Reason::kStewardSignatureRefused));
  mixed = file;
  AddBadSignature(*mixed.mutable_counted_inbox(), other, kCountedInboxLabel,
                  "another");
  EXPECT_THAT(ReadSignedRelease(mixed.SerializeAsString()),
              HasReason(Reason::kStewardSignatureRefused));
}

TEST_F(SignedFilesTest, RefusesACancellationWithABadSignatureAnywhere) {
  const auto other = crypto::SigningKey::Generate(random_);
  const std::string bytes = WriteCancellation({release_.manifest_hash});
  const v1::SignedCancellation file =
      SignCancellation(bytes, SignManifest(bytes_, key_), key_);
  ASSERT_OK(ReadSignedCancellation(file.SerializeAsString()));
  EXPECT_TRUE(CallsOff(file, release_.manifest_hash, key_.verify_key()));
  v1::SignedCancellation mixed = file;
  AddBadSignature(mixed, other, kCancellationSignatureLabel, bytes);
  EXPECT_THAT(ReadSignedCancellation(mixed.SerializeAsString()),
              HasReason(Reason::kStewardSignatureRefused));
  EXPECT_FALSE(CallsOff(mixed, release_.manifest_hash, key_.verify_key()));
  mixed = file;
  AddBadSignature(*mixed.mutable_manifest(), other, kManifestSignatureLabel,
                  bytes_);
  EXPECT_THAT(ReadSignedCancellation(mixed.SerializeAsString()),
              HasReason(Reason::kStewardSignatureRefused));
}

}  // namespace
}  // namespace commonwage::artefacts
