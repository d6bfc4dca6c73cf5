// SPDX-License-Identifier: Apache-2.0
// The formats as they were on the day they were fixed. A failure here means
// that old submissions, manifests or releases would no longer be understood: do
// not regenerate the files, raise a format's version instead.

#include "tests/testing/golden.h"

#include <string>

#include <gtest/gtest.h>

#include "survey/answer.h"
#include "survey/cancellation.h"
#include "survey/frame.h"
#include "survey/inbox_file.h"
#include "survey/invitation.h"
#include "survey/issuer_key_file.h"
#include "survey/manifest.h"
#include "survey/plan/plan_json.h"
#include "survey/receipt.h"
#include "survey/release.h"
#include "tests/survey/samples.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using testing::Golden;

TEST(GoldenTest, ThePlanIsWrittenAndReadAsEver) {
  EXPECT_EQ(WritePlan(testing::SamplePlan()), Golden("plan.json"));
  const auto plan = ParsePlan(Golden("plan.json"));
  ASSERT_OK(plan);
  EXPECT_EQ(*plan, testing::SamplePlan());
}

TEST(GoldenTest, TheManifestIsWrittenAndReadAsEver) {
  EXPECT_EQ(WriteManifest(testing::SampleManifest()), Golden("manifest.json"));
  const auto manifest = ParseManifest(Golden("manifest.json"));
  ASSERT_OK(manifest);
  EXPECT_EQ(*manifest, testing::SampleManifest());
}

TEST(GoldenTest, TheManifestHashIsAsEver) {
  EXPECT_EQ(testing::SampleManifestHash().view(), Golden("manifest_hash.bin"));
}

TEST(GoldenTest, TheAnswerIsWrittenAndReadAsEver) {
  EXPECT_EQ(EncodeAnswer(testing::SampleAnswer()), Golden("answer.bin"));
  const auto answer = DecodeAnswer(Golden("answer.bin"), testing::SamplePlan());
  ASSERT_OK(answer);
  EXPECT_EQ(*answer, testing::SampleAnswer());
}

TEST(GoldenTest, TheFrameHeadIsWrittenAndReadAsEver) {
  EXPECT_EQ(WriteFrameHead(testing::SampleFrameHeader()),
            Golden("frame_head.bin"));
  const std::string frame =
      Golden("frame_head.bin") + std::string(kFrameSize - kFrameHeadSize, 'x');
  const auto view = FrameView::Parse(frame);
  ASSERT_OK(view);
  EXPECT_EQ(view->header(), testing::SampleFrameHeader());
}

TEST(GoldenTest, TheSignedBytesOfAReceiptAreAsEver) {
  EXPECT_EQ(ReceiptSignedBytes(testing::SampleReceipt()),
            Golden("receipt.bin"));
}

TEST(GoldenTest, TheSealedInboxIsWrittenAndReadAsEver) {
  const std::string one = testing::FrameOfPseudonym(1);
  const std::string two = testing::FrameOfPseudonym(2);
  EXPECT_EQ(testing::InboxOf({one, two}), Golden("inbox.bin"));
  testing::Sha256InboxDigest digest;
  auto reader = InboxReader::Open(testing::SourceOf(Golden("inbox.bin")),
                                  digest, testing::IsSampleInboxSignature,
                                  testing::SampleManifestHash());
  ASSERT_OK(reader);
  for (const std::string& expected : {one, two}) {
    const auto frame = reader->Next();
    ASSERT_OK(frame);
    EXPECT_EQ(*frame, expected);
  }
  const auto end = reader->Next();
  ASSERT_OK(end);
  EXPECT_FALSE(end->has_value());
}

TEST(GoldenTest, TheReleaseIsWrittenAndReadAsEver) {
  EXPECT_EQ(WriteRelease(testing::SampleRelease()), Golden("release.bin"));
  const auto release = ParseRelease(Golden("release.bin"));
  ASSERT_OK(release);
  EXPECT_EQ(*release, testing::SampleRelease());
}

TEST(GoldenTest, TheCancellationIsWrittenAndReadAsEver) {
  EXPECT_EQ(WriteCancellation({testing::SampleManifestHash()}),
            Golden("cancellation.bin"));
  const auto cancellation = ParseCancellation(Golden("cancellation.bin"));
  ASSERT_OK(cancellation);
  EXPECT_EQ(cancellation->manifest_hash, testing::SampleManifestHash());
}

TEST(GoldenTest, TheIssuersKeyFileIsWrittenAndReadAsEver) {
  const IssuerKeyFile sample = {"couriers.2026-q1", std::string(294, '\x30')};
  EXPECT_EQ(WriteIssuerKeyFile(sample), Golden("issuer_key.txt"));
  const auto file = ParseIssuerKeyFile(Golden("issuer_key.txt"));
  ASSERT_OK(file);
  EXPECT_EQ(*file, sample);
}

TEST(GoldenTest, TheInvitationIsWrittenAndReadAsEver) {
  EXPECT_EQ(WriteInvitation(testing::SampleInvitation()) + "\n",
            Golden("invitation.txt"));
  const auto invitation = ParseInvitation(Golden("invitation.txt"));
  ASSERT_OK(invitation);
  EXPECT_EQ(*invitation, testing::SampleInvitation());
}

}  // namespace
}  // namespace commonwage
