// SPDX-License-Identifier: Apache-2.0
#include "client/verify/verify.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "artefacts/artefact_hash.h"
#include "artefacts/release_files.h"
#include "base/file/kept_file.h"
#include "client/submission.h"
#include "crypto/fingerprint.h"
#include "survey/domain_labels.h"
#include "tests/client/made_release.h"
#include "tests/client/made_round.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::client {
namespace {

using ::commonwage::testing::DrawMadeRelease;
using ::commonwage::testing::FileContents;
using ::commonwage::testing::HasReason;
using ::commonwage::testing::MadeRound;
using ::commonwage::testing::MakeRound;
using ::commonwage::testing::SignRelease;
using ::commonwage::testing::SignWith;
using ::commonwage::testing::TempDirectory;
using ::testing::Contains;
using ::testing::HasSubstr;

class VerifyTest : public ::testing::Test {
 protected:
  absl::Status Verify(const v1::SignedRelease& release) {
    checks_.clear();
    return VerifyRelease(release, fingerprint_, checks_).status();
  }

  // Signs a changed release anew with the survey's own key: what only a
  // dishonest steward could do, and the arithmetic must find.
  absl::Status VerifyResigned(const Release& release) {
    return Verify(SignRelease(release, round_));
  }

  const MadeRound round_ = MakeRound();
  const MadeRound stranger_ = MakeRound({.seed = 99});
  const std::string fingerprint_ =
      crypto::Fingerprint(round_.survey_key.verify_key());
  const Release release_ = DrawMadeRelease(round_);
  const v1::SignedRelease signed_ = SignRelease(release_, round_);
  std::vector<std::string> checks_;
};

TEST_F(VerifyTest, TheGenuineArtefactIsAcceptedAndItsLossStated) {
  ASSERT_OK(Verify(signed_));
  EXPECT_THAT(checks_, Contains(HasSubstr("micro-rho")));
  // The sample round is open: nothing is said of a person.
  EXPECT_THAT(checks_,
              Contains(HasSubstr("per answer: the best possible guess whether "
                                 "one given answer was counted is right in at "
                                 "most 64.9 of 100 cases, and which of two "
                                 "answers it was in at most 70.4, where a coin "
                                 "gives 50")));
  EXPECT_THAT(checks_, Contains(HasSubstr("at most 1.8e-07 that the rule for "
                                          "small cells fails")));
  EXPECT_THAT(checks_, Contains(HasSubstr("computed anew")));
}

// The right key signed, and beside that stands what nobody signed.
TEST_F(VerifyTest, OneGoodAndOneBadSignatureAreNobodysWord) {
  v1::SignedRelease mixed = signed_;
  *mixed.add_signatures() =
      SignWith(stranger_.survey_key, kReleaseSignatureLabel, "another");
  EXPECT_THAT(Verify(mixed), HasReason(Reason::kStewardSignatureRefused));
  mixed = signed_;
  *mixed.mutable_manifest()->add_signatures() =
      SignWith(stranger_.survey_key, kManifestSignatureLabel, "another");
  EXPECT_THAT(Verify(mixed), HasReason(Reason::kStewardSignatureRefused));
  EXPECT_THAT(VerifyManifest(mixed.manifest(), fingerprint_, checks_),
              HasReason(Reason::kStewardSignatureRefused));
  v1::SignedCancellation cancellation = round_.Cancellation();
  ASSERT_OK(VerifyCancellation(cancellation, cancellation.manifest(),
                               fingerprint_, checks_));
  *cancellation.add_signatures() =
      SignWith(stranger_.survey_key, kCancellationSignatureLabel, "another");
  EXPECT_THAT(VerifyCancellation(cancellation, cancellation.manifest(),
                                 fingerprint_, checks_),
              HasReason(Reason::kStewardSignatureRefused));
}

TEST_F(VerifyTest, TheFingerprintAsWordsServesAsWell) {
  EXPECT_OK(
      VerifyRelease(signed_,
                    crypto::FingerprintWords(round_.survey_key.verify_key()),
                    checks_)
          .status());
}

TEST_F(VerifyTest, OneChangedIntegerIsRefused) {
  Release changed = release_;
  for (ReleasedCell& cell : changed.marginals[0].cells) {
    if (cell.has_value()) {
      ++cell->back();
      break;
    }
  }
  ASSERT_NE(changed, release_);
  v1::SignedRelease files = signed_;
  files.set_release(WriteRelease(changed));
  EXPECT_THAT(Verify(files), HasReason(Reason::kStewardSignatureRefused));
}

TEST_F(VerifyTest, EveryFlippedBitOfTheArtefactIsRefused) {
  v1::SignedRelease files = signed_;
  std::string& bytes = *files.mutable_release();
  for (size_t i = 0; i < bytes.size(); i += 3) {
    bytes[i] = static_cast<char>(bytes[i] ^ (1 << (i % 8)));
    EXPECT_THAT(Verify(files), HasReason(Reason::kStewardSignatureRefused));
    bytes[i] = static_cast<char>(bytes[i] ^ (1 << (i % 8)));
  }
}

TEST_F(VerifyTest, ASwappedCellIsRefused) {
  Release changed = release_;
  std::swap(changed.marginals[0].cells[0], changed.marginals[0].cells[1]);
  ASSERT_NE(changed, release_);
  v1::SignedRelease files = signed_;
  files.set_release(WriteRelease(changed));
  EXPECT_THAT(Verify(files), HasReason(Reason::kStewardSignatureRefused));
}

TEST_F(VerifyTest, AnotherManifestIsRefused) {
  Manifest other = round_.manifest;
  other.code_version = "other";
  const std::string bytes = WriteManifest(other);
  v1::SignedRelease files = signed_;
  files.mutable_manifest()->set_manifest(bytes);
  EXPECT_THAT(Verify(files), HasReason(Reason::kStewardSignatureRefused));
  *files.mutable_manifest()->mutable_signatures(0) =
      SignWith(round_.survey_key, kManifestSignatureLabel, bytes);
  EXPECT_THAT(Verify(files), HasReason(Reason::kAnotherManifest));
}

TEST_F(VerifyTest, AnotherKeyIsRefused) {
  EXPECT_THAT(
      VerifyRelease(signed_,
                    crypto::Fingerprint(stranger_.survey_key.verify_key()),
                    checks_),
      HasReason(Reason::kSurveyKeyDiffers));
  EXPECT_THAT(VerifyRelease(signed_, "nonsense", checks_),
              HasReason(Reason::kFingerprintMalformed));
}

TEST_F(VerifyTest, APairThatAStrangerSignedAnewIsRefused) {
  v1::SignedRelease files = signed_;
  *files.mutable_signatures(0) =
      SignWith(stranger_.survey_key, kReleaseSignatureLabel, files.release());
  EXPECT_THAT(Verify(files), HasReason(Reason::kSurveyKeyDiffers));
  *files.mutable_manifest()->mutable_signatures(0) =
      SignWith(stranger_.survey_key, kManifestSignatureLabel,
               files.manifest().manifest());
  EXPECT_THAT(Verify(files), HasReason(Reason::kSurveyKeyDiffers));
}

TEST_F(VerifyTest, ARealSignatureForAnotherPurposeIsRefused) {
  v1::SignedRelease files = signed_;
  *files.mutable_signatures(0) =
      SignWith(round_.survey_key, kManifestSignatureLabel, files.release());
  EXPECT_THAT(Verify(files), HasReason(Reason::kStewardSignatureRefused));
}

TEST_F(VerifyTest, WhatTheManifestDidNotPromiseIsRefusedEvenIfSigned) {
  Release changed = release_;
  changed.marginals[0].cells.pop_back();
  EXPECT_THAT(VerifyResigned(changed), HasReason(Reason::kReleaseDoesNotFit));
  changed = release_;
  changed.k -= 1;
  EXPECT_THAT(VerifyResigned(changed), HasReason(Reason::kReleaseDoesNotFit));
  changed = release_;
  changed.marginals[0].tau -= 1;
  EXPECT_THAT(VerifyResigned(changed), HasReason(Reason::kReleaseDoesNotFit));
  changed = release_;
  changed.marginals[0].noise_per_level[0].numerator += 1;
  EXPECT_THAT(VerifyResigned(changed), HasReason(Reason::kReleaseDoesNotFit));
  changed = release_;
  std::swap(changed.marginals[0], changed.marginals[1]);
  EXPECT_THAT(VerifyResigned(changed), HasReason(Reason::kReleaseDoesNotFit));
}

TEST_F(VerifyTest, AThresholdThatDoesNotFollowFromTheNoiseIsRefused) {
  MadeRound loose = MakeRound();
  loose.manifest.taus[0] += 1;
  loose.manifest_bytes = WriteManifest(loose.manifest);
  loose.manifest_hash = artefacts::HashOfManifest(loose.manifest_bytes);
  Release release = release_;
  release.manifest_hash = loose.manifest_hash;
  release.marginals[0].tau += 1;
  EXPECT_THAT(Verify(SignRelease(release, loose)),
              HasReason(Reason::kTauDiffers));
}

TEST_F(VerifyTest, FilesSayTheSameAsTheMessageTheyWereMadeOf) {
  const TempDirectory directory;
  const std::string path = directory.File("release");
  ASSERT_OK(artefacts::WriteReleaseFiles(path, signed_, IfThere::kRefuse));
  EXPECT_EQ(*FileContents(path + "/RELEASE.bin"), signed_.release());
  EXPECT_EQ(*FileContents(path + "/MANIFEST.json"), round_.manifest_bytes);
  const auto read = artefacts::ReadReleaseFiles(path);
  ASSERT_OK(read);
  EXPECT_EQ(read->SerializeAsString(), signed_.SerializeAsString());
}

TEST_F(VerifyTest, ARoundIsReadFromWhateverFilesThereAre) {
  const TempDirectory directory;
  const std::string path = directory.File("release");
  ASSERT_OK(artefacts::WriteReleaseFiles(path, signed_, IfThere::kRefuse));
  EXPECT_EQ(artefacts::ReadRoundFiles(path)->release->SerializeAsString(),
            signed_.SerializeAsString());
  // Without its release, from the two files of the manifest.
  std::filesystem::remove(path + "/RELEASE.bin");
  std::filesystem::remove(path + "/RELEASE.sig");
  const auto alone = artefacts::ReadRoundFiles(path);
  ASSERT_OK(alone);
  EXPECT_FALSE(alone->release.has_value());
  EXPECT_EQ(alone->manifest.SerializeAsString(),
            signed_.manifest().SerializeAsString());
  // As round create and publish write them.
  const auto one_file = [&](const std::string& content) {
    EXPECT_OK(ReplaceFile({directory.File("file"), "file"}, content));
    return artefacts::ReadRoundFiles(directory.File("file"));
  };
  EXPECT_EQ(one_file(signed_.manifest().SerializeAsString())
                ->manifest.SerializeAsString(),
            signed_.manifest().SerializeAsString());
  EXPECT_EQ(one_file(signed_.SerializeAsString())->release->SerializeAsString(),
            signed_.SerializeAsString());
  for (const char* junk : {"", "zanzibar", "{}"}) {
    EXPECT_THAT(one_file(junk), HasReason(Reason::kRoundFileMalformed));
  }
}

TEST_F(VerifyTest, MissingAndMalformedFilesAreNamed) {
  const TempDirectory directory;
  EXPECT_THAT(artefacts::ReadReleaseFiles(directory.File("nowhere")),
              HasReason(Reason::kFileNotFound));
  for (const char* text : {"zz", "00 11\n", "\n\nx y z\n"}) {
    EXPECT_THAT(artefacts::ReadSignatures(text),
                HasReason(Reason::kSignatureFileMalformed))
        << text;
  }
  EXPECT_EQ(artefacts::ReadSignatures("")->size(), 0);
}

}  // namespace
}  // namespace commonwage::client
