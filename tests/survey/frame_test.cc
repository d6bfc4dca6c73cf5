// SPDX-License-Identifier: Apache-2.0
#include "survey/frame.h"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "survey/domain_labels.h"
#include "tests/survey/samples.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using testing::FrameOf;
using testing::HasReason;
using testing::SampleFrameHeader;

TEST(FrameTest, GivesBackItsPartsInTheirPlaces) {
  const std::string frame = FrameOf(SampleFrameHeader());
  ASSERT_EQ(frame.size(), kFrameSize);
  const auto view = FrameView::Parse(frame);
  ASSERT_OK(view);
  EXPECT_EQ(view->header(), SampleFrameHeader());
  EXPECT_EQ(view->aad(), frame.substr(0, 344));
  EXPECT_EQ(view->enc(), std::string(32, '\x33'));
  EXPECT_EQ(view->ciphertext(), std::string(584, '\x44'));
  EXPECT_EQ(view->signed_bytes(), frame.substr(0, 960));
  EXPECT_EQ(view->signature(), std::string(64, '\x55'));
}

TEST(FrameTest, WritesAnAbsentCredentialAsZeros) {
  FrameHeader header = SampleFrameHeader();
  header.credential.clear();
  const std::string head = WriteFrameHead(header);
  ASSERT_EQ(head.size(), kFrameHeadSize);
  EXPECT_EQ(head.substr(88), std::string(kCredentialSize, '\0'));
}

TEST(FrameTest, RefusesAnyOtherSize) {
  const std::string frame = FrameOf(SampleFrameHeader());
  EXPECT_THAT(FrameView::Parse(""), HasReason(Reason::kFrameMalformed));
  EXPECT_THAT(FrameView::Parse(frame.substr(0, kFrameSize - 1)),
              HasReason(Reason::kFrameMalformed));
  EXPECT_THAT(FrameView::Parse(frame + "x"),
              HasReason(Reason::kFrameMalformed));
}

TEST(FrameTest, RefusesEveryFlippedBitOfMagicVersionAndZeros) {
  const std::string frame = FrameOf(SampleFrameHeader());
  for (const size_t offset : {0U, 1U, 2U, 3U, 4U, 6U, 7U}) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = frame;
      flipped[offset] = static_cast<char>(flipped[offset] ^ (1 << bit));
      EXPECT_THAT(FrameView::Parse(flipped),
                  HasReason(offset == 4 ? Reason::kFrameVersion
                                        : Reason::kFrameMalformed))
          << offset;
    }
  }
}

TEST(FrameTest, KnowsThreeOperations) {
  for (int byte = 0; byte < 256; ++byte) {
    std::string frame = FrameOf(SampleFrameHeader());
    frame[5] = static_cast<char>(byte);
    frame[15] = byte == 1 ? '\0' : '\1';
    EXPECT_EQ(FrameView::Parse(frame).ok(), byte >= 1 && byte <= 3) << byte;
  }
}

TEST(FrameTest, TakesOnlyASequenceThatSuitsTheOperation) {
  const std::vector<std::pair<Operation, uint64_t>> good = {
      {Operation::kSubmit, 0},
      {Operation::kAmend, 1},
      {Operation::kWithdraw, (uint64_t{1} << 63) - 1}};
  const std::vector<std::pair<Operation, uint64_t>> bad = {
      {Operation::kSubmit, 1},
      {Operation::kAmend, 0},
      {Operation::kWithdraw, 0},
      {Operation::kAmend, uint64_t{1} << 63}};
  FrameHeader header = SampleFrameHeader();
  for (const auto& [operation, sequence] : good) {
    header.operation = operation;
    header.sequence = sequence;
    EXPECT_OK(FrameView::Parse(FrameOf(header)));
  }
  for (const auto& [operation, sequence] : bad) {
    header.operation = operation;
    header.sequence = sequence;
    EXPECT_THAT(FrameView::Parse(FrameOf(header)),
                HasReason(Reason::kFrameMalformed));
  }
}

TEST(LabelsTest, NoneIsTheBeginningOfAnother) {
  const std::vector<absl::string_view> labels = {
      kManifestHashLabel,     kManifestSignatureLabel,
      kRoundKeyIdLabel,       kSealLabel,
      kFrameSignatureLabel,   kFrameDigestLabel,
      kReceiptSignatureLabel, kCredentialLabel,
      kInboxDigestLabel,      kReleaseHashLabel,
      kReleaseSignatureLabel, kPseudonymSeedLabel,
      kBlindingSeedLabel,     kEnrolmentCodeLabel,
      kBlindedRequestLabel,   kIssuerKeyDigestLabel,
      kKeptCodeLabel,         kVaultKeyLabel};
  for (const absl::string_view a : labels) {
    for (const absl::string_view b : labels) {
      EXPECT_EQ(absl::StartsWith(a, b), a == b) << a << " " << b;
    }
  }
}

}  // namespace
}  // namespace commonwage
