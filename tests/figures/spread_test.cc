// SPDX-License-Identifier: Apache-2.0
#include "figures/spread.h"

#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "figures/replies.h"
#include "privacy/estimate/summary.h"
#include "tests/privacy/estimate/estimate_fixtures.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::figures {
namespace {

using ::testing::DoubleNear;

v1::SummarizeResponse Ask(const v1::StatisticsSelection& statistics) {
  const Manifest manifest = testing::ManifestOf(testing::SamplePlan());
  Release release = testing::QuietRelease(manifest, 1400);
  release.marginals[0].cells[1].reset();
  const auto figures =
      privacy::estimate::Figures::Of(manifest, std::move(release));
  v1::SummarizeRequest request;
  request.add_by("platform");
  *request.mutable_statistics() = statistics;
  return Summarize(ToQuestion(request).value(), *figures, {}).value();
}

TEST(SpreadTest, IsTheUpperQuartileOverTheLower) {
  v1::StatisticsSelection asked;
  asked.set_spread(true);
  asked.add_quantiles(0.25);
  asked.add_quantiles(0.75);
  const v1::SummarizeResponse reply = Ask(asked);
  const v1::CellFigures& told = reply.cells(0).figures();
  const double ratio =
      told.quantiles(1).wage().value() / told.quantiles(0).wage().value();
  EXPECT_THAT(told.spread().value(), DoubleNear(ratio - 1, 1e-9));
  EXPECT_LE(told.spread().interval().low(), told.spread().value());
  EXPECT_GE(told.spread().interval().high(), told.spread().value());
  EXPECT_GT(told.spread().interval().low(), 0);
}

TEST(SpreadTest, IsWithheldWithItsCellAndUntoldUnlessAskedFor) {
  v1::StatisticsSelection asked;
  asked.set_spread(true);
  const v1::SummarizeResponse reply = Ask(asked);
  EXPECT_TRUE(reply.cells(0).figures().has_spread());
  EXPECT_FALSE(reply.cells(0).figures().has_count());
  EXPECT_TRUE(reply.cells(1).has_withheld());
  EXPECT_FALSE(Ask({}).cells(0).figures().has_spread());
}

}  // namespace
}  // namespace commonwage::figures
