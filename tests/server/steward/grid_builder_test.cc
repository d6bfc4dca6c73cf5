// SPDX-License-Identifier: Apache-2.0
#include "server/steward/grid_builder.h"

#include <cmath>
#include <cstdint>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace commonwage::server::steward {
namespace {

using ::testing::Contains;
using testing::HasReason;

TEST(ParseAmountTest, ReadsMajorUnitsAsMinorOnes) {
  EXPECT_EQ(*ParseAmount("13.90", 2), 1390);
  EXPECT_EQ(*ParseAmount("13.9", 2), 1390);
  EXPECT_EQ(*ParseAmount("13", 2), 1300);
  EXPECT_EQ(*ParseAmount(".5", 2), 50);
  EXPECT_EQ(*ParseAmount("2409", 0), 2409);
  EXPECT_EQ(*ParseAmount("10000000000000.00", 2), 1'000'000'000'000'000);
}

TEST(ParseAmountTest, RefusesEverythingElse) {
  for (const char* text :
       {"", ".", "0", "0.00", "-1", "+1", "1,5", "1.234", "1.2.3", "1e3", " 1",
        "1 ", "abc", "10000000000000.01", "99999999999999999999"}) {
    EXPECT_THAT(ParseAmount(text, 2), HasReason(Reason::kAmountMalformed))
        << text;
  }
  EXPECT_THAT(ParseAmount("1.0", 0), HasReason(Reason::kAmountMalformed));
}

TEST(LogSpacedEdgesTest, SpacesTheEdgesEvenlyInTheLogarithm) {
  const auto edges = LogSpacedEdges(20'000, 300'000, 64, {});
  ASSERT_OK(edges);
  ASSERT_EQ(edges->size(), 63U);
  EXPECT_EQ(edges->front(), 20'000);
  EXPECT_EQ(edges->back(), 300'000);
  const double step = std::log(15.0) / 62;
  for (size_t i = 1; i < edges->size(); ++i) {
    EXPECT_NEAR(std::log(static_cast<double>((*edges)[i])) -
                    std::log(static_cast<double>((*edges)[i - 1])),
                step, 1e-4);
  }
}

TEST(LogSpacedEdgesTest, MakesEveryAnchorAnEdgeAndKeepsStepsAlike) {
  const auto edges = LogSpacedEdges(695, 3475, 32, {1460, 1390});
  ASSERT_OK(edges);
  EXPECT_EQ(edges->size(), 31U);
  EXPECT_THAT(*edges, Contains(1390));
  EXPECT_THAT(*edges, Contains(1460));
  for (size_t i = 1; i < edges->size(); ++i) {
    const double ratio =
        static_cast<double>((*edges)[i]) / static_cast<double>((*edges)[i - 1]);
    EXPECT_GT(ratio, 1.02);
    EXPECT_LT(ratio, 1.08);
  }
}

TEST(LogSpacedEdgesTest, TakesAnchorsAtTheEndsOfTheGridAndTwice) {
  const auto edges = LogSpacedEdges(600, 2200, 16, {600, 2200, 900, 900});
  ASSERT_OK(edges);
  EXPECT_EQ(edges->size(), 15U);
}

TEST(LogSpacedEdgesTest, RefusesWhatMakesNoGrid) {
  EXPECT_THAT(LogSpacedEdges(100, 1000, 7, {}),
              HasReason(Reason::kGridUnusable));
  EXPECT_THAT(LogSpacedEdges(100, 1000, 257, {}),
              HasReason(Reason::kGridUnusable));
  EXPECT_THAT(LogSpacedEdges(0, 1000, 16, {}),
              HasReason(Reason::kGridUnusable));
  EXPECT_THAT(LogSpacedEdges(1000, 1000, 16, {}),
              HasReason(Reason::kGridUnusable));
  EXPECT_THAT(LogSpacedEdges(100, 1000, 16, {99}),
              HasReason(Reason::kGridUnusable));
  EXPECT_THAT(LogSpacedEdges(100, 1000, 16, {1001}),
              HasReason(Reason::kGridUnusable));
  // Ten minor units do not make 64 bins.
  EXPECT_THAT(LogSpacedEdges(100, 110, 64, {}),
              HasReason(Reason::kGridUnusable));
  EXPECT_THAT(LogSpacedEdges(100, 1000, 8, {200, 300, 400, 500, 600, 700, 800}),
              HasReason(Reason::kGridUnusable));
}

TEST(TreeBinsTest, MovesToTheNearestNumberThatMakesATree) {
  EXPECT_EQ(TreeBins(97), 96U);
  EXPECT_EQ(TreeBins(11), 10U);
  EXPECT_EQ(TreeBins(22), 21U);
  EXPECT_EQ(TreeBins(251), 250U);
  EXPECT_EQ(TreeBins(255), 256U);
  for (const size_t kept : {7U, 8U, 10U, 32U, 49U, 64U, 256U, 257U}) {
    EXPECT_EQ(TreeBins(kept), kept);
  }
}

}  // namespace
}  // namespace commonwage::server::steward
