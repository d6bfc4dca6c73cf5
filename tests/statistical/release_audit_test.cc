// SPDX-License-Identifier: Apache-2.0
// The release that products draw passes every audit, and every seeded fault
// fails the one that is meant for it.
#include <cmath>
#include <iostream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "privacy/noise/release_round.h"
#include "tests/statistical/audit.h"
#include "tests/statistical/faulty_steps.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;

Release Publish(const Manifest& manifest, const privacy::noise::Tally& tally,
                RandomSource& random) {
  auto release = privacy::noise::DrawRelease(manifest, ManifestHash(), tally,
                                             false, "test", random);
  EXPECT_OK(release);
  return *release;
}

TEST(ReleaseAuditTest, CellsAreShownAsOftenAsTheRuleSays) {
  EXPECT_THAT(AuditWithholding(Publish), IsEmpty());
}

TEST(ReleaseAuditTest, AReleaseWithoutTheKTestIsNoticed) {
  EXPECT_THAT(AuditWithholding(PublisherBy<NoKTest>()), Not(IsEmpty()));
}

TEST(ReleaseAuditTest, AReleaseWithKForTauIsNoticed) {
  EXPECT_THAT(AuditWithholding(PublisherBy<TauIsK>()), Not(IsEmpty()));
}

TEST(ReleaseAuditTest, AReleaseWithoutTheTauTestIsNoticed) {
  EXPECT_THAT(AuditWithholding(PublisherBy<NoTauTest>()), Not(IsEmpty()));
}

TEST(ReleaseAuditTest, TheBestDistinguisherIsAsGoodAsTheChargeAllows) {
  const Distinguisher measured = MeasureDistinguisher(Publish);
  const double allowed =
      std::sqrt(2 * static_cast<double>(ChargedForGaussians()) / 1e6);
  std::cout << "likelihood-ratio audit: mu = " << measured.mu
            << ", standard error " << measured.standard_error
            << ", sqrt(2 rho) = " << allowed << ", difference "
            << (measured.mu - allowed) / measured.standard_error
            << " standard errors\n";
  EXPECT_NEAR(measured.mu, allowed, 4 * measured.standard_error);
  EXPECT_THAT(AuditLikelihoodRatio(Publish, ChargedForGaussians()), IsEmpty());
}

TEST(ReleaseAuditTest, SigmaForSigmaSquaredIsNoticed) {
  EXPECT_THAT(AuditLikelihoodRatio(PublisherBy<SigmaForSigmaSquared>(),
                                   ChargedForGaussians()),
              Not(IsEmpty()));
  EXPECT_THAT(AuditLaws(PublisherBy<SigmaForSigmaSquared>()), Not(IsEmpty()));
}

TEST(ReleaseAuditTest, ARootThatIsNotChargedIsNoticed) {
  EXPECT_THAT(AuditLikelihoodRatio(PublisherBy<RootNotCharged>(),
                                   ChargedForGaussians()),
              Not(IsEmpty()));
  // The same fault in the accounting: the two roots cost 20000 and 31250.
  EXPECT_THAT(AuditLikelihoodRatio(Publish, ChargedForGaussians() - 51250),
              Not(IsEmpty()));
}

TEST(ReleaseAuditTest, TheNoiseOfEveryNodeFollowsItsLaw) {
  EXPECT_THAT(AuditLaws(Publish), IsEmpty());
}

TEST(ReleaseAuditTest, EmptyNodesWithoutNoiseAreNoticed) {
  EXPECT_THAT(AuditLaws(PublisherBy<EmptyNodesExact>()), Not(IsEmpty()));
  EXPECT_THAT(AuditIndependence(PublisherBy<EmptyNodesExact>()),
              Not(IsEmpty()));
}

TEST(ReleaseAuditTest, NoNodesShareNoise) {
  EXPECT_THAT(AuditIndependence(Publish), IsEmpty());
}

TEST(ReleaseAuditTest, ReusedNoiseIsNoticed) {
  EXPECT_THAT(AuditIndependence(PublisherBy<ReusedNoise>()), Not(IsEmpty()));
  EXPECT_THAT(AuditIndependence(PublisherBy<NoiseSharedBySiblings>()),
              Not(IsEmpty()));
  // Each node by itself looks right, so no other audit would see it.
  EXPECT_THAT(AuditLaws(PublisherBy<NoiseSharedBySiblings>()), IsEmpty());
}

TEST(ReleaseAuditTest, ACellHoldsItsNodesAndNothingElse) {
  EXPECT_THAT(AuditContents(Publish), IsEmpty());
}

TEST(ReleaseAuditTest, ATrueCountBesideOrInPlaceOfTheNoisyOneIsNoticed) {
  EXPECT_THAT(AuditContents(PublisherBy<TrueCountBeside>()), Not(IsEmpty()));
  EXPECT_THAT(AuditLaws(PublisherBy<TrueCountAsRoot>()), Not(IsEmpty()));
}

}  // namespace
}  // namespace commonwage::testing
