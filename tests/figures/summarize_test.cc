// SPDX-License-Identifier: Apache-2.0
// A reply says what the release says: figure by figure, as privacy/estimate
// computes them.

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "figures/estimator_version.h"
#include "figures/replies.h"
#include "figures/reply_parts.h"
#include "privacy/estimate/summary.h"
#include "tests/privacy/estimate/estimate_fixtures.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::figures {
namespace {

namespace estimate = privacy::estimate;
using testing::HasReason;

estimate::Figures MakeFigures() {
  const Manifest manifest = testing::ManifestOf(testing::SamplePlan());
  Release release = testing::QuietRelease(manifest, 1400);
  release.marginals[1].cells[2].reset();
  return estimate::Figures::Of(manifest, std::move(release)).value();
}

// Everything that can be asked of every cell of the finer table.
v1::SummarizeRequest Everything() {
  v1::SummarizeRequest request;
  request.set_name("releases/couriers.2026-q1");
  request.add_by("platform");
  request.add_by("region");
  v1::StatisticsSelection* asked = request.mutable_statistics();
  asked->set_count(true);
  asked->add_quantiles(0.5);
  asked->add_quantiles(0.9);
  asked->set_histogram(true);
  asked->set_trimmed_mean(true);
  asked->add_shares_below(1350);
  return request;
}

estimate::SummaryRequest EverythingPlain(const v1::SummarizeRequest& request) {
  estimate::SummaryRequest plain;
  plain.by = {request.by().begin(), request.by().end()};
  plain.count = true;
  plain.quantiles = {0.5, 0.9};
  plain.histogram = true;
  plain.trimmed_mean = true;
  plain.shares_below = {1350};
  plain.modelled = request.modelled();
  plain.simultaneous = request.simultaneous();
  return plain;
}

void ExpectSame(const v1::Estimate& told, const estimate::Estimate& figure) {
  EXPECT_EQ(told.SerializeAsString(), ToProto(figure).SerializeAsString());
}

void ExpectSame(const v1::CellFigures& told,
                const estimate::CellFigures& figures) {
  ExpectSame(told.count(), *figures.count);
  ASSERT_EQ(told.quantiles_size(), 2);
  for (int i = 0; i < 2; ++i) {
    const estimate::QuantileFigure& figure =
        figures.quantiles[static_cast<size_t>(i)];
    EXPECT_EQ(told.quantiles(i).p(), figure.p);
    ExpectSame(told.quantiles(i).wage(), figure.wage);
    ASSERT_EQ(told.quantiles(i).has_shift_by_k_false(),
              figure.shift_by_k_false.has_value());
    EXPECT_EQ(told.quantiles(i).shift_by_k_false(),
              figure.shift_by_k_false.value_or(0));
  }
  ASSERT_EQ(told.histogram_size(), static_cast<int>(figures.histogram.size()));
  for (int i = 0; i < told.histogram_size(); ++i) {
    ExpectSame(told.histogram(i).estimate(),
               figures.histogram[static_cast<size_t>(i)]);
  }
  ExpectSame(told.trimmed_mean(), *figures.trimmed_mean);
  ExpectSame(told.shares_below(0).share(), figures.shares_below[0].share);
  EXPECT_EQ(told.near_threshold(), figures.near_threshold);
}

void ExpectSameAsTheRelease(const v1::SummarizeRequest& request) {
  const estimate::Figures figures = MakeFigures();
  const auto question = ToQuestion(request);
  ASSERT_OK(question);
  const auto reply = Summarize(*question, figures, {});
  ASSERT_OK(reply);
  const auto result = figures.Summarize(EverythingPlain(request));
  ASSERT_OK(result);
  EXPECT_EQ(reply->confidence(), result->confidence);
  EXPECT_EQ(reply->simultaneous(), result->simultaneous);
  EXPECT_EQ(reply->intervals_at_once(), result->intervals_at_once);
  ASSERT_EQ(reply->cells_size(), static_cast<int>(result->cells.size()));
  for (int i = 0; i < reply->cells_size(); ++i) {
    const estimate::SummaryCell& cell = result->cells[static_cast<size_t>(i)];
    ASSERT_EQ(reply->cells(i).has_withheld(), !cell.figures.has_value());
    if (cell.figures.has_value()) {
      ExpectSame(reply->cells(i).figures(), *cell.figures);
    }
  }
}

TEST(SummarizeTest, SaysWhatTheReleaseSays) {
  ExpectSameAsTheRelease(Everything());
}

TEST(SummarizeTest, SaysWhatTheReleaseSaysOfAllAtOnce) {
  v1::SummarizeRequest request = Everything();
  request.set_simultaneous(true);
  ExpectSameAsTheRelease(request);
}

TEST(SummarizeTest, SaysWhatTheReleaseSaysWhereCellsBorrow) {
  v1::SummarizeRequest request = Everything();
  request.set_modelled(true);
  ExpectSameAsTheRelease(request);
}

TEST(SummarizeTest, TellsCountAndQuartilesUnlessAskedOtherwise) {
  v1::SummarizeRequest request;
  request.add_by("platform");
  const auto reply = Summarize(ToQuestion(request).value(), MakeFigures(), {});
  ASSERT_OK(reply);
  for (const v1::CellSummary& cell : reply->cells()) {
    EXPECT_TRUE(cell.figures().has_count());
    ASSERT_EQ(cell.figures().quantiles_size(), 3);
    EXPECT_EQ(cell.figures().quantiles(0).p(), 0.25);
    EXPECT_FALSE(cell.figures().has_trimmed_mean());
  }
  EXPECT_EQ(reply->release().estimator_version(), kEstimatorVersion);
}

TEST(SummarizeTest, RefusesATableThatThePlanDoesNotHave) {
  v1::SummarizeRequest request;
  request.add_by("region");
  EXPECT_THAT(Summarize(ToQuestion(request).value(), MakeFigures(), {}),
              HasReason(Reason::kNoSuchMarginal));
}

}  // namespace
}  // namespace commonwage::figures
