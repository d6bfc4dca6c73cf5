// SPDX-License-Identifier: Apache-2.0
#include "survey/inbox_file.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "survey/domain_labels.h"
#include "tests/survey/samples.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using testing::FrameOf;
using testing::FrameOfPseudonym;
using testing::HasReason;
using testing::InboxOf;
using testing::IsSampleInboxSignature;
using testing::SampleFrameHeader;
using testing::SampleInboxSignature;
using testing::SampleManifestHash;
using testing::SampleOperatorKey;
using testing::Sha256InboxDigest;
using testing::SourceOf;
using testing::StatusIs;

// Reads a whole file and returns its frames, or how it failed.
absl::StatusOr<std::vector<std::string>> ReadAll(InboxSource source) {
  Sha256InboxDigest digest;
  absl::StatusOr<InboxReader> reader = InboxReader::Open(
      std::move(source), digest, IsSampleInboxSignature, SampleManifestHash());
  if (!reader.ok()) {
    return reader.status();
  }
  std::vector<std::string> frames;
  while (true) {
    const auto frame = reader->Next();
    if (!frame.ok()) {
      // A failure is for good.
      EXPECT_EQ(reader->Next().status(), frame.status());
      return frame.status();
    }
    if (!frame->has_value()) {
      return frames;
    }
    frames.emplace_back(**frame);
  }
}

std::vector<std::string> ThreeFrames() {
  return {FrameOfPseudonym(1), FrameOfPseudonym(2), FrameOfPseudonym(0xf0)};
}

// A file's header and frames, with the digest and the signature of these.
std::string Sealed(const std::string& front) {
  Sha256InboxDigest digest;
  digest.Update(front);
  const std::string hash = digest.Finish();
  return front + hash +
         SampleInboxSignature(front.substr(0, kInboxHeaderSize) + hash);
}

// A file with any frames and a header that fits them, rightly signed.
std::string ForgedInbox(const std::vector<std::string>& frames, uint8_t count) {
  std::string file = InboxOf({}).substr(0, kInboxHeaderSize);
  file[kInboxHeaderSize - 1] = static_cast<char>(count);
  for (const std::string& frame : frames) {
    file += frame;
  }
  return Sealed(file);
}

TEST(InboxFileTest, GivesBackTheFramesInWhateverPiecesTheFileComes) {
  const std::string file = InboxOf(ThreeFrames());
  ASSERT_EQ(file.size(), 56U + 3 * 1024 + 32 + 64);
  for (const size_t step : {1U, 7U, 1024U, 1U << 20}) {
    const auto frames = ReadAll(SourceOf(file, step));
    ASSERT_OK(frames);
    EXPECT_EQ(*frames, ThreeFrames());
  }
}

TEST(InboxFileTest, CanBeEmpty) {
  const auto frames = ReadAll(SourceOf(InboxOf({})));
  ASSERT_OK(frames);
  EXPECT_TRUE(frames->empty());
}

TEST(InboxFileTest, KeepsWhetherTheRoundClosedEarly) {
  Sha256InboxDigest digest;
  const auto reader =
      InboxReader::Open(SourceOf(InboxOf({})), digest, IsSampleInboxSignature,
                        SampleManifestHash());
  ASSERT_OK(reader);
  EXPECT_TRUE(reader->header().closed_early());
  EXPECT_EQ(reader->header().closed_early_at,
            absl::FromUnixSeconds(1'769'000'000));
  EXPECT_EQ(reader->header().frame_count, 0U);
}

TEST(InboxFileTest, RefusesATimeOfAnEarlyCloseThatDoesNotFit) {
  const auto with = [](char early, absl::string_view closed_at) {
    std::string file = InboxOf({}).substr(0, kInboxHeaderSize);
    file[5] = early;
    file.replace(40, 8, closed_at.data(), 8);
    return ReadAll(SourceOf(Sealed(file)));
  };
  const absl::string_view zero("\0\0\0\0\0\0\0\0", 8);
  const absl::string_view one("\0\0\0\0\0\0\0\1", 8);
  const absl::string_view huge("\xff\0\0\0\0\0\0\0", 8);
  EXPECT_OK(with(0, zero));
  // Early, and when is not on record.
  EXPECT_OK(with(1, zero));
  EXPECT_OK(with(1, one));
  EXPECT_THAT(with(0, one), HasReason(Reason::kInboxMalformed));
  EXPECT_THAT(with(1, huge), HasReason(Reason::kInboxMalformed));
  EXPECT_THAT(with(2, one), HasReason(Reason::kInboxMalformed));
}

TEST(InboxFileTest, RefusesEveryTruncation) {
  const std::string file = InboxOf(ThreeFrames());
  for (size_t length = 0; length < file.size(); ++length) {
    EXPECT_THAT(ReadAll(SourceOf(file.substr(0, length))),
                HasReason(Reason::kInboxMalformed))
        << length;
  }
}

TEST(InboxFileTest, RefusesTrailingBytes) {
  const std::string file = InboxOf(ThreeFrames());
  for (const size_t step : {1024U, 3224U, 1U << 20}) {
    EXPECT_THAT(ReadAll(SourceOf(file + '\0', step)),
                HasReason(Reason::kInboxMalformed));
    EXPECT_THAT(ReadAll(SourceOf(file + file, step)),
                HasReason(Reason::kInboxMalformed));
  }
}

TEST(InboxFileTest, RefusesEveryFlippedBit) {
  const std::string file = InboxOf({FrameOfPseudonym(1)});
  for (size_t bit = 0; bit < 8 * file.size(); ++bit) {
    std::string flipped = file;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_THAT(ReadAll(SourceOf(flipped)),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << bit;
  }
}

TEST(InboxFileTest, RefusesAnotherRound) {
  Sha256InboxDigest digest;
  EXPECT_THAT(InboxReader::Open(SourceOf(InboxOf({})), digest,
                                IsSampleInboxSignature, ManifestHash())
                  .status(),
              HasReason(Reason::kInboxOfAnotherRound));
}

// A right digest of anything is everybody's to make.
TEST(InboxFileTest, RefusesWhatTheOperatorDidNotSign) {
  const std::string file = InboxOf(ThreeFrames());
  const std::string other = ForgedInbox({}, 0);
  const size_t signature = file.size() - kInboxSignatureSize;
  for (const std::string& replaced :
       {std::string(kInboxSignatureSize, '\0'),
        other.substr(other.size() - kInboxSignatureSize)}) {
    EXPECT_THAT(ReadAll(SourceOf(file.substr(0, signature) + replaced)),
                HasReason(Reason::kInboxSignatureRefused));
  }
  // Signed for another purpose.
  EXPECT_THAT(
      ReadAll(SourceOf(
          file.substr(0, signature) +
          std::string(SampleOperatorKey()
                          .Sign(kReceiptSignatureLabel,
                                file.substr(0, kInboxHeaderSize) +
                                    file.substr(signature - kInboxDigestSize,
                                                kInboxDigestSize))
                          .view()))),
      HasReason(Reason::kInboxSignatureRefused));
}

TEST(InboxFileTest, TellsTheDigestThatEndsItOnceItIsWhole) {
  const std::string file = InboxOf({FrameOfPseudonym(1)});
  Sha256InboxDigest digest;
  auto reader = InboxReader::Open(SourceOf(file), digest,
                                  IsSampleInboxSignature, SampleManifestHash());
  ASSERT_OK(reader);
  ASSERT_OK(reader->Next());
  EXPECT_EQ(reader->digest(), "");
  ASSERT_OK(reader->Next());
  EXPECT_EQ(reader->digest(),
            file.substr(file.size() - kInboxTrailerSize, kInboxDigestSize));
}

TEST(InboxFileTest, AcceptsTheFilesThatTheNextTestsForge) {
  EXPECT_OK(ReadAll(SourceOf(ForgedInbox(ThreeFrames(), 3))));
}

TEST(InboxFileTest, RefusesAWrongOrderAndAPseudonymTwice) {
  const std::string one = FrameOfPseudonym(1);
  const std::string two = FrameOfPseudonym(2);
  EXPECT_THAT(ReadAll(SourceOf(ForgedInbox({two, one}, 2))),
              HasReason(Reason::kInboxMalformed));
  EXPECT_THAT(ReadAll(SourceOf(ForgedInbox({one, one}, 2))),
              HasReason(Reason::kInboxMalformed));
}

TEST(InboxFileTest, RefusesACountThatIsNotTheNumberOfFrames) {
  EXPECT_THAT(ReadAll(SourceOf(ForgedInbox(ThreeFrames(), 2))),
              HasReason(Reason::kInboxMalformed));
  EXPECT_THAT(ReadAll(SourceOf(ForgedInbox(ThreeFrames(), 4))),
              HasReason(Reason::kInboxMalformed));
}

TEST(InboxFileTest, RefusesFramesThatAreNoAnswersToThisRound) {
  FrameHeader foreign = SampleFrameHeader();
  foreign.manifest_hash = ManifestHash();
  FrameHeader withdrawal = SampleFrameHeader();
  withdrawal.operation = Operation::kWithdraw;
  for (const std::string& frame :
       {FrameOf(foreign), FrameOf(withdrawal), std::string(kFrameSize, 'x')}) {
    EXPECT_THAT(ReadAll(SourceOf(ForgedInbox({frame}, 1))),
                HasReason(Reason::kInboxMalformed));
  }
}

TEST(InboxFileTest, PassesOnWhyTheFileCannotBeRead) {
  const InboxSource broken = [](absl::Span<char>) -> absl::StatusOr<size_t> {
    return absl::DataLossError("broken");
  };
  EXPECT_THAT(ReadAll(broken), StatusIs(absl::StatusCode::kDataLoss));
}

class InboxWriterTest : public ::testing::Test {
 protected:
  absl::Status Start(uint64_t frame_count) {
    return writer_.Start(
        {.manifest_hash = SampleManifestHash(), .frame_count = frame_count});
  }

  Sha256InboxDigest digest_;
  InboxWriter writer_{[](absl::string_view) { return absl::OkStatus(); },
                      digest_, SampleInboxSignature};
};

TEST_F(InboxWriterTest, RefusesFramesOutOfOrder) {
  ASSERT_OK(Start(2));
  EXPECT_OK(writer_.Append(FrameOfPseudonym(2)));
  EXPECT_THAT(writer_.Append(FrameOfPseudonym(2)),
              HasReason(Reason::kInboxInconsistent));
  EXPECT_THAT(writer_.Append(FrameOfPseudonym(1)),
              HasReason(Reason::kInboxInconsistent));
}

TEST_F(InboxWriterTest, RefusesMoreOrFewerFramesThanItPromised) {
  ASSERT_OK(Start(1));
  EXPECT_THAT(writer_.Finish(), HasReason(Reason::kInboxInconsistent));
  EXPECT_OK(writer_.Append(FrameOfPseudonym(1)));
  EXPECT_THAT(writer_.Append(FrameOfPseudonym(2)),
              HasReason(Reason::kInboxInconsistent));
  EXPECT_OK(writer_.Finish());
}

}  // namespace
}  // namespace commonwage
