// SPDX-License-Identifier: Apache-2.0
#include "survey/manifest.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "survey/plan/plan_json.h"
#include "tests/survey/samples.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using testing::HasReason;
using testing::PlacesOf;
using testing::SampleManifest;

// Returns the places of the faults that the sample has once `from`, which must
// be in it, is replaced.
std::vector<std::string> PlacesAfter(absl::string_view from,
                                     absl::string_view to) {
  const std::string bytes = WriteManifest(SampleManifest());
  const std::string changed = absl::StrReplaceAll(bytes, {{from, to}});
  EXPECT_NE(bytes, changed) << from;
  const auto manifest = ParseManifest(changed);
  EXPECT_THAT(manifest, HasReason(Reason::kManifestFaulty)) << from;
  return PlacesOf(manifest.status());
}

TEST(ManifestTest, ReadsBackWhatItWrote) {
  const auto manifest = ParseManifest(WriteManifest(SampleManifest()));
  ASSERT_OK(manifest);
  EXPECT_EQ(*manifest, SampleManifest());
}

TEST(ManifestTest, ReadsBackAnOpenPublicRound) {
  Manifest open = SampleManifest();
  open.admission = Admission::kOpen;
  open.issuer_public_key.clear();
  open.audience = Audience::kPublic;
  const auto manifest = ParseManifest(WriteManifest(open));
  ASSERT_OK(manifest);
  EXPECT_EQ(*manifest, open);
}

TEST(ManifestTest, NamesEveryFaultAndItsPlace) {
  for (const absl::string_view version : {"1", "3"}) {
    EXPECT_THAT(PlacesAfter("\"manifest_version\": 2",
                            absl::StrCat("\"manifest_version\": ", version)),
                ElementsAre("manifest_version"));
  }
  EXPECT_THAT(PlacesAfter("\"tau\": 28", "\"tau\": 10"),
              ElementsAre("taus[0].tau"));
  EXPECT_THAT(
      PlacesAfter("\"marginal\": \"platform\"", "\"marginal\": \"region\""),
      ElementsAre("taus[0].marginal"));
  EXPECT_THAT(
      PlacesAfter("\"round_public_key\": \"5a", "\"round_public_key\": \""),
      ElementsAre("round_public_key"));
  EXPECT_THAT(PlacesAfter("\"operator_public_key\": \"",
                          "\"operator_public_key\": \"00"),
              ElementsAre("operator_public_key"));
  EXPECT_THAT(PlacesAfter("\"operator_public_key\"", "\"receipt_key\""),
              ElementsAre("operator_public_key", "receipt_key"));
  EXPECT_THAT(PlacesAfter("\"CREDENTIAL\"", "\"NOBODY\""),
              Contains("admission"));
  EXPECT_THAT(PlacesAfter("\"CREDENTIAL\"", "\"OPEN\""),
              ElementsAre("issuer_public_key"));
  EXPECT_THAT(PlacesAfter("\"KEYED\"", "\"SECRET\""),
              ElementsAre("statistics"));
  EXPECT_THAT(PlacesAfter("\"0.1.0\"", "\"0 1 0\""),
              ElementsAre("code_version"));
  EXPECT_THAT(PlacesAfter("\"k\": 10", "\"k\": 1"), Contains("plan.k"));
  EXPECT_THAT(PlacesAfter("\"statistics\"", "\"turnout\": 7, \"statistics\""),
              ElementsAre("turnout"));
}

TEST(ManifestTest, NeedsATauForEachMarginal) {
  Manifest manifest = SampleManifest();
  const std::string bytes = WriteManifest(manifest);
  manifest.taus.pop_back();
  manifest.plan.marginals.pop_back();
  const std::string shorter = WriteManifest(manifest);
  // The plan of one and the rest of the other.
  const size_t taus = bytes.find("\"taus\"");
  const size_t shorter_taus = shorter.find("\"taus\"");
  EXPECT_THAT(PlacesOf(ParseManifest(bytes.substr(0, taus) +
                                     shorter.substr(shorter_taus))
                           .status()),
              ElementsAre("taus"));
  EXPECT_THAT(PlacesOf(ParseManifest(shorter.substr(0, shorter_taus) +
                                     bytes.substr(taus))
                           .status()),
              ElementsAre("taus"));
}

TEST(ManifestTest, HasOneSpelling) {
  const std::string bytes = WriteManifest(SampleManifest());
  for (const std::string& other :
       {bytes + " ", bytes + "\n", " " + bytes,
        bytes.substr(0, bytes.size() - 1),
        absl::StrReplaceAll(bytes, {{"\"k\": 10", "\"k\": 10.0"}}),
        absl::StrReplaceAll(bytes, {{"\"k\": 10", "\"k\":10"}}),
        absl::StrReplaceAll(bytes, {{"\"2.5\"", "\"2.50\""}}),
        absl::StrReplaceAll(bytes, {{"5a5a", "5A5A"}}),
        absl::StrReplaceAll(bytes, {{"\"KEYED\"", "\"\\u004bEYED\""}}),
        absl::StrReplaceAll(bytes, {{"01T00:00:00Z", "01T00:00:00.0Z"}})}) {
    ASSERT_NE(other, bytes);
    EXPECT_THAT(ParseManifest(other), HasReason(Reason::kManifestFaulty));
  }
}

TEST(ManifestTest, RefusesWhatIsTooLong) {
  EXPECT_THAT(ParseManifest(std::string(kMaxManifestBytes + 1, ' ')),
              HasReason(Reason::kManifestFaulty));
}

}  // namespace
}  // namespace commonwage
