// SPDX-License-Identifier: Apache-2.0
// Every parser against truncated, flipped, spliced and random bytes: a clean
// error or a value, never a crash. The random bytes are seeded.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/stubs/logging.h"
#include <gtest/gtest.h>

#include "survey/answer.h"
#include "survey/frame.h"
#include "survey/inbox_file.h"
#include "survey/manifest.h"
#include "survey/plan_json.h"
#include "survey/release.h"
#include "tests/survey/samples.h"
#include "tests/testing/seeded_random.h"

namespace commonwage {
namespace {

using testing::SeededRandom;

using Parser = std::function<absl::Status(absl::string_view)>;

std::string RandomBytes(SeededRandom& random, size_t most) {
  std::string bytes(random.Below(most + 1), '\0');
  for (char& byte : bytes) {
    byte = static_cast<char>(random.Below(256));
  }
  return bytes;
}

// Returns `bytes` after one change of a kind that files and networks, or
// people who mean harm, make.
std::string Damaged(std::string bytes, SeededRandom& random) {
  const size_t at = random.Below(bytes.size());
  const size_t length = 1 + random.Below(16);
  switch (random.Below(5)) {
    case 0:
      return bytes.substr(0, at);
    case 1:
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.Below(8)));
      return bytes;
    case 2:
      return bytes.erase(at, length);
    case 3:
      return bytes.insert(at, bytes.substr(random.Below(bytes.size()), length));
    default:
      return bytes.replace(at, length, RandomBytes(random, 16));
  }
}

// Runs `parse` on damaged copies of `good` and on random bytes. A refusal must
// be INVALID_ARGUMENT and have a message.
void Attack(absl::string_view good, const Parser& parse, uint64_t rounds) {
  ASSERT_TRUE(parse(good).ok());
  SeededRandom random(2026);
  uint64_t refused = 0;
  for (uint64_t i = 0; i < rounds; ++i) {
    std::string bytes = Damaged(std::string(good), random);
    if (i % 3 == 0 && !bytes.empty()) {
      bytes = Damaged(std::move(bytes), random);
    }
    if (i % 7 == 0) {
      bytes = RandomBytes(random, 2000);
    }
    const absl::Status status = parse(bytes);
    if (!status.ok()) {
      EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
      EXPECT_FALSE(status.message().empty());
      ++refused;
    }
  }
  EXPECT_GT(refused, rounds / 8);
}

TEST(HostileBytesTest, PlansAreRefusedCleanly) {
  Attack(
      WritePlan(testing::SamplePlan()),
      [](absl::string_view bytes) { return ParsePlan(bytes).status(); }, 4000);
}

TEST(HostileBytesTest, PlansThatAreAcceptedAreReadBackEqual) {
  const std::string good = WritePlan(testing::SamplePlan());
  SeededRandom random(7);
  for (int i = 0; i < 4000; ++i) {
    const auto plan = ParsePlan(Damaged(good, random));
    if (plan.ok()) {
      const auto again = ParsePlan(WritePlan(*plan));
      ASSERT_TRUE(again.ok()) << again.status();
      EXPECT_EQ(*again, *plan);
    }
  }
}

TEST(HostileBytesTest, ManifestsAreRefusedCleanly) {
  Attack(
      WriteManifest(testing::SampleManifest()),
      [](absl::string_view bytes) { return ParseManifest(bytes).status(); },
      4000);
}

TEST(HostileBytesTest, AnswersAreRefusedCleanly) {
  const Plan plan = testing::SamplePlan();
  Attack(
      EncodeAnswer(testing::SampleAnswer()),
      [&plan](absl::string_view bytes) {
        return DecodeAnswer(bytes, plan).status();
      },
      20'000);
}

TEST(HostileBytesTest, FramesAreRefusedCleanly) {
  Attack(
      testing::FrameOf(testing::SampleFrameHeader()),
      [](absl::string_view bytes) { return FrameView::Parse(bytes).status(); },
      20'000);
}

TEST(HostileBytesTest, ReleasesAreRefusedCleanly) {
  const Manifest manifest = testing::SampleManifest();
  // protobuf reports each text that is not UTF-8, thousands here.
  const google::protobuf::LogSilencer silencer;
  Attack(
      WriteRelease(testing::SampleRelease()),
      [&manifest](absl::string_view bytes) {
        const auto release = ParseRelease(bytes);
        if (release.ok()) {
          // It may fit or not, but it must be possible to ask.
          CheckReleaseAgainst(*release, manifest).IgnoreError();
        }
        return release.status();
      },
      20'000);
}

// Reads a whole inbox file and returns how that ended.
absl::Status ReadInbox(absl::string_view bytes, const ManifestHash& expected) {
  testing::Sha256InboxDigest digest;
  auto reader = InboxReader::Open(testing::SourceOf(std::string(bytes), 700),
                                  digest, expected);
  if (!reader.ok()) {
    return reader.status();
  }
  auto frame = reader->Next();
  while (frame.ok() && frame->has_value()) {
    frame = reader->Next();
  }
  return frame.status();
}

TEST(HostileBytesTest, InboxFilesAreRefusedCleanly) {
  const ManifestHash expected = testing::SampleManifestHash();
  Attack(
      testing::InboxOf(
          {testing::FrameOfPseudonym(1), testing::FrameOfPseudonym(2)}),
      [&expected](absl::string_view bytes) {
        return ReadInbox(bytes, expected);
      },
      4000);
}

}  // namespace
}  // namespace commonwage
