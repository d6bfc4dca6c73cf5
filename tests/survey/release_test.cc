// SPDX-License-Identifier: Apache-2.0
#include "survey/release.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "commonwage/v1/release.pb.h"
#include "tests/survey/samples.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using testing::HasReason;
using testing::SampleManifest;
using testing::SampleRelease;

v1::Release SampleMessage() {
  v1::Release message;
  EXPECT_TRUE(message.ParseFromString(WriteRelease(SampleRelease())));
  return message;
}

TEST(ReleaseTest, ReadsBackWhatItWrote) {
  const auto release = ParseRelease(WriteRelease(SampleRelease()));
  ASSERT_OK(release);
  EXPECT_EQ(*release, SampleRelease());
}

TEST(ReleaseTest, KeepsNegativeCountsAsTheyWereDrawn) {
  Release release = SampleRelease();
  release.marginals[0].cells[0]->at(3) = INT64_MIN;
  release.marginals[0].cells[0]->at(4) = INT64_MAX;
  const auto read = ParseRelease(WriteRelease(release));
  ASSERT_OK(read);
  EXPECT_EQ(*read, release);
}

TEST(ReleaseTest, WritesAllWithheldCellsAlike) {
  const v1::Release message = SampleMessage();
  for (int i = 2; i < message.marginals(0).cells_size(); ++i) {
    EXPECT_EQ(message.marginals(0).cells(i).SerializeAsString(),
              message.marginals(0).cells(1).SerializeAsString());
  }
}

TEST(ReleaseTest, RefusesMessagesThatNoReleaseCanBe) {
  const std::vector<std::function<void(v1::Release&)>> faults = {
      [](v1::Release& r) { r.clear_round_id(); },
      [](v1::Release& r) { r.set_manifest_hash("short"); },
      [](v1::Release& r) { r.set_k(1); },
      [](v1::Release& r) { r.set_code_version("a b"); },
      [](v1::Release& r) { r.clear_marginals(); },
      [](v1::Release& r) { r.mutable_marginals(0)->set_id(""); },
      [](v1::Release& r) { r.mutable_marginals(0)->clear_mechanism(); },
      [](v1::Release& r) { r.mutable_marginals(0)->clear_noise_per_level(); },
      [](v1::Release& r) { r.mutable_marginals(0)->set_tau(-1); },
      [](v1::Release& r) { r.mutable_marginals(0)->clear_cells(); },
      [](v1::Release& r) {
        r.mutable_marginals(0)->mutable_cells(0)->clear_outcome();
      },
      [](v1::Release& r) {
        r.mutable_marginals(0)
            ->mutable_cells(0)
            ->mutable_released()
            ->clear_nodes();
      },
      [](v1::Release& r) {
        r.mutable_marginals(0)->mutable_noise_per_level(0)->set_denominator(0);
      }};
  for (size_t i = 0; i < faults.size(); ++i) {
    v1::Release message = SampleMessage();
    faults[i](message);
    EXPECT_THAT(ParseRelease(message.SerializeAsString()),
                HasReason(Reason::kReleaseMalformed))
        << i;
  }
}

TEST(ReleaseTest, RefusesFieldsItDoesNotKnow) {
  // Field 100, a varint of 7.
  const std::string unknown = "\xa0\x06\x07";
  const std::string bytes = WriteRelease(SampleRelease());
  EXPECT_THAT(ParseRelease(bytes + unknown),
              HasReason(Reason::kReleaseMalformed));
  v1::Release message = SampleMessage();
  v1::ReleasedCell& cell = *message.mutable_marginals(0)->mutable_cells(1);
  ASSERT_TRUE(cell.ParseFromString(cell.SerializeAsString() + unknown));
  EXPECT_THAT(ParseRelease(message.SerializeAsString()),
              HasReason(Reason::kReleaseMalformed));
}

TEST(ReleaseTest, RefusesAFieldGivenTwice) {
  EXPECT_THAT(ParseRelease(WriteRelease(SampleRelease()) + "\x18\x0a"),
              HasReason(Reason::kReleaseMalformed));
}

TEST(CheckReleaseAgainstTest, AcceptsWhatTheManifestPromised) {
  EXPECT_OK(CheckReleaseAgainst(SampleRelease(), SampleManifest()));
}

TEST(CheckReleaseAgainstTest, RefusesEveryDeparture) {
  const std::vector<std::function<void(Release&)>> departures = {
      [](Release& r) { r.round_id = "couriers.2026-q2"; },
      [](Release& r) { r.k = 9; },
      [](Release& r) { r.marginals.pop_back(); },
      [](Release& r) { std::swap(r.marginals[0], r.marginals[1]); },
      [](Release& r) {
        r.marginals[0].mechanism = Mechanism::kDiscreteLaplace;
      },
      [](Release& r) { r.marginals[0].noise_per_level[1].numerator = 11; },
      [](Release& r) { r.marginals[0].noise_per_level.pop_back(); },
      [](Release& r) { r.marginals[1].tau -= 1; },
      [](Release& r) { r.marginals[1].threshold_delta = "1e-6"; },
      [](Release& r) { r.marginals[1].cells.pop_back(); },
      [](Release& r) { r.marginals[1].cells.emplace_back(); },
      [](Release& r) { r.marginals[1].cells[0]->pop_back(); },
      [](Release& r) {
        r.marginals[1].cells[0]->front() = r.marginals[1].tau - 1;
      }};
  for (size_t i = 0; i < departures.size(); ++i) {
    Release release = SampleRelease();
    departures[i](release);
    EXPECT_THAT(CheckReleaseAgainst(release, SampleManifest()),
                HasReason(Reason::kReleaseDoesNotFit))
        << i;
  }
}

TEST(CheckReleaseAgainstTest, AcceptsACellExactlyAtTau) {
  Release release = SampleRelease();
  release.marginals[1].cells[0]->front() = release.marginals[1].tau;
  EXPECT_OK(CheckReleaseAgainst(release, SampleManifest()));
}

}  // namespace
}  // namespace commonwage
