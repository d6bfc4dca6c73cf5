// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/modelled_quantiles.h"

#include <cmath>
#include <ctime>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "privacy/estimate/small_area_model.h"
#include "privacy/model/critical.h"
#include "privacy/noise/release_round.h"
#include "privacy/noise/tally.h"
#include "survey/answer.h"
#include "survey/cells.h"
#include "tests/privacy/estimate/estimate_fixtures.h"
#include "tests/statistical/coverage_world.h"
#include "tests/statistical/made_tables.h"
#include "tests/testing/seeded_random.h"

namespace commonwage::privacy::estimate {
namespace {

using commonwage::testing::EvenEdges;
using commonwage::testing::MadeDesign;
using commonwage::testing::MadeTable;
using commonwage::testing::PayKind;
using commonwage::testing::SeededRandom;
using commonwage::testing::Straying;

MadeDesign Design() {
  return {"64 bins",
          Mechanism::kDiscreteGaussian,
          {4, 4, 4},
          {20000, 20000, 20000, 20000}};
}

// A release with what it needs; table 0 is the one to look at.
struct Round {
  Manifest manifest;
  Release release;
  std::vector<model::MarginalView> views;

  // After a change of manifest or release.
  void MakeViews() {
    views.clear();
    for (size_t m = 0; m < manifest.plan.marginals.size(); ++m) {
      views.emplace_back(manifest.plan, release, m);
    }
  }
};

std::unique_ptr<Round> Draw(const Manifest& manifest,
                            const privacy::noise::Tally& tally) {
  SeededRandom random(3);
  auto round = std::make_unique<Round>();
  round->manifest = manifest;
  auto release = privacy::noise::DrawRelease(manifest, ManifestHash(), tally,
                                             false, "test", random);
  COMMONWAGE_CHECK(release.ok());
  round->release = *std::move(release);
  round->MakeViews();
  return round;
}

std::unique_ptr<Round> DrawMade(Straying straying,
                                PayKind pay = PayKind::kSmooth) {
  MadeTable table(Design(), straying, pay, 11);
  return Draw(table.manifest(), table.DrawWorkers());
}

LogQuantile PlainOf(const model::MarginalView& view, size_t cell, double p) {
  return FindQuantile(
      view.AddUp({&cell, 1})->cdf, p,
      model::FindCritical(model::kMiss, view.marginal().mechanism));
}

// How many figures of table 0 are offered, all of them being sound.
size_t CountOffered(const Round& round) {
  ModelledQuantiles modelled(round.views, 0);
  size_t offered = 0;
  for (size_t cell = 0; cell < round.views[0].cells().size(); ++cell) {
    for (const double p : {0.1, 0.25, 0.5, 0.75, 0.9}) {
      const std::optional<LogQuantile> quantile = modelled.QuantileOf(cell, p);
      if (!quantile.has_value()) {
        continue;
      }
      ++offered;
      EXPECT_TRUE(quantile->modelled);
      EXPECT_EQ(quantile->position, Position::kInside);
      EXPECT_LE(quantile->low, quantile->value);
      EXPECT_GE(quantile->high, quantile->value);
      for (const double sd :
           {quantile->noise_sd, quantile->sampling_sd, quantile->model_sd}) {
        EXPECT_TRUE(std::isfinite(sd) && sd > 0) << sd;
      }
    }
  }
  return offered;
}

TEST(ModelledQuantilesTest, OnlySmallCellsThatNeedItAreModelled) {
  const auto round = DrawMade(Straying::kLittle);
  EXPECT_GT(CountOffered(*round), 100U);
  ModelledQuantiles modelled(round->views, 0);
  for (size_t cell = 0; cell < round->views[0].cells().size(); ++cell) {
    const std::optional<model::CellSum> sum = round->views[0].AddUp({&cell, 1});
    const std::optional<LogQuantile> median = modelled.QuantileOf(cell, 0.5);
    if (median.has_value()) {
      EXPECT_LT(sum->cdf.total(), kMostWorkers);
      EXPECT_GT(PlainOf(round->views[0], cell, 0.5).HalfWidth(),
                kLeastHalfWidth);
    }
    EXPECT_FALSE(modelled.QuantileOf(cell, 0.05).has_value());
    EXPECT_FALSE(modelled.QuantileOf(cell, 0.95).has_value());
  }
}

// B = s^2 / (s^2 + c v), v = model variance + sampling^2; x = d + B (m - d).
TEST(ModelledQuantilesTest, TheMedianIsTheCompositeOfTheModel) {
  const auto round = DrawMade(Straying::kLittle);
  const SmallAreaModel model = ModelTable(round->views, 0, kMedian);
  ModelledQuantiles modelled(round->views, 0);
  int moved = 0;
  for (size_t i = 0; i < model.cells.size(); ++i) {
    const SmallAreaEstimate& estimate = model.estimates[i];
    const Deviations& own = estimate.direct.deviations;
    const double v = estimate.model_variance + own.sampling * own.sampling;
    EXPECT_DOUBLE_EQ(estimate.expected.variance, v);
    EXPECT_DOUBLE_EQ(estimate.borrowed,
                     own.Variance() / (own.Variance() + kMedianCaution * v));
    const std::optional<LogQuantile> median =
        modelled.QuantileOf(model.cells[i].cell, kMedian);
    if (!median.has_value()) {
      continue;
    }
    EXPECT_GE(estimate.borrowed, kLeastBorrowed);
    const double d = model.cells[i].median.value;
    const double most = kMostMove * model.cells[i].median.HalfWidth();
    const double wanted = estimate.borrowed * (estimate.expected.mean - d);
    EXPECT_NEAR(median->value - d, std::clamp(wanted, -most, most), 1e-12);
    EXPECT_NEAR(median->noise_sd, (1 - estimate.borrowed) * own.noise, 1e-12);
    EXPECT_NEAR(median->sampling_sd, (1 - estimate.borrowed) * own.sampling,
                1e-12);
    EXPECT_NEAR(median->model_sd,
                estimate.borrowed * std::sqrt(estimate.model_variance), 1e-12);
    moved += std::abs(median->value - d) > 0.02 ? 1 : 0;
  }
  EXPECT_GT(moved, 5);
}

TEST(ModelledQuantilesTest, QuantilesOfACellKeepTheirOrder) {
  const auto round = DrawMade(Straying::kFew);
  ModelledQuantiles modelled(round->views, 0);
  for (size_t cell = 0; cell < round->views[0].cells().size(); ++cell) {
    const auto median = modelled.QuantileOf(cell, 0.5);
    const auto low = modelled.QuantileOf(cell, 0.1);
    const auto high = modelled.QuantileOf(cell, 0.9);
    if (median.has_value() && low.has_value() && high.has_value()) {
      EXPECT_LE(low->value, median->value);
      EXPECT_GE(high->value, median->value);
    }
  }
}

TEST(ModelledQuantilesTest, WhoIsAskedFirstMakesNoDifference) {
  const auto round = DrawMade(Straying::kLittle);
  ModelledQuantiles one(round->views, 0);
  ModelledQuantiles other(round->views, 0);
  for (size_t cell = 0; cell < 20; ++cell) {
    const auto p90 = one.QuantileOf(cell, 0.9);
    const auto p50 = one.QuantileOf(cell, 0.5);
    const auto p50_first = other.QuantileOf(cell, 0.5);
    const auto p90_second = other.QuantileOf(cell, 0.9);
    ASSERT_EQ(p50.has_value(), p50_first.has_value());
    ASSERT_EQ(p90.has_value(), p90_second.has_value());
    EXPECT_TRUE(!p50.has_value() || p50->value == p50_first->value);
    EXPECT_TRUE(!p90.has_value() || p90->value == p90_second->value);
  }
}

TEST(ModelledQuantilesTest, TablesOfOneAndOfThreeDimensionsAreModelledToo) {
  EXPECT_GT(CountOffered(*DrawMade(Straying::kOneByOne)), 20U);
  EXPECT_GT(CountOffered(*DrawMade(Straying::kThreeWay)), 100U);
}

TEST(ModelledQuantilesTest, ATableThatHasNoParentsIsModelledByItself) {
  const auto round = DrawMade(Straying::kLittle);
  round->manifest.plan.marginals.resize(1);
  round->release.marginals.resize(1);
  round->MakeViews();
  EXPECT_GT(CountOffered(*round), 100U);
}

TEST(ModelledQuantilesTest, WithheldParentsSayNothing) {
  const auto round = DrawMade(Straying::kThreeWay);
  for (size_t m = 1; m < round->release.marginals.size(); ++m) {
    for (ReleasedCell& cell : round->release.marginals[m].cells) {
      cell.reset();
    }
  }
  round->MakeViews();
  EXPECT_GT(CountOffered(*round), 100U);
}

TEST(ModelledQuantilesTest, FewShownCellsAreLeftAsTheyAre) {
  for (const size_t kept : {size_t{0}, size_t{1}, kFewestCells - 1}) {
    const auto round = DrawMade(Straying::kNone);
    size_t shown = 0;
    for (ReleasedCell& cell : round->release.marginals[0].cells) {
      if (cell.has_value() && ++shown > kept) {
        cell.reset();
      }
    }
    round->MakeViews();
    EXPECT_EQ(CountOffered(*round), 0U) << kept;
  }
}

TEST(ModelledQuantilesTest, OffTheGridNothingIsModelled) {
  // Everybody is paid more than where the grid ends, or less.
  for (const auto& [low, high] :
       {std::pair<int64_t, int64_t>{1000, 20000}, {10'000'000, 90'000'000}}) {
    MadeTable table(Design(), Straying::kNone, PayKind::kSmooth, 11);
    Manifest manifest = table.manifest();
    manifest.plan.measures.front().inner_edges = EvenEdges(low, high, 64);
    privacy::noise::Tally tally(manifest.plan);
    const CellSpace cells(manifest.plan, manifest.plan.marginals.front());
    for (size_t cell = 0; cell < cells.size(); ++cell) {
      const std::vector<size_t> values = cells.ValuesOf(cell);
      for (int worker = 0; worker < 60; ++worker) {
        ASSERT_TRUE(tally
                        .Add({{static_cast<uint16_t>(values[0]),
                               static_cast<uint16_t>(values[1])},
                              {60000}})
                        .ok());
      }
    }
    EXPECT_EQ(CountOffered(*Draw(manifest, tally)), 0U);
  }
}

TEST(ModelledQuantilesTest, PayStepsAreExactAndNotModelled) {
  const auto round = DrawMade(Straying::kLittle);
  Measure& measure = round->manifest.plan.measures.front();
  measure.inner_edges[30] = measure.inner_edges[29] + 1;
  measure.steps = {measure.inner_edges[29]};
  round->MakeViews();
  EXPECT_EQ(CountOffered(*round), 0U);
}

TEST(ModelledQuantilesTest, FourHundredCellsTakeAFifthOfASecondAtMost) {
  Manifest manifest =
      MadeTable(Design(), Straying::kLittle, PayKind::kSmooth, 1).manifest();
  Plan& plan = manifest.plan;
  for (Dimension& dimension : plan.dimensions) {
    dimension.values.clear();
    for (int i = 0; i < 20; ++i) {
      dimension.values.push_back(dimension.id + std::to_string(i));
    }
  }
  SeededRandom random(8);
  privacy::noise::Tally tally(plan);
  for (uint16_t row = 0; row < 20; ++row) {
    for (uint16_t column = 0; column < 20; ++column) {
      for (int worker = 0; worker < 75; ++worker) {
        const double place =
            model::NormalQuantile(0.001 + 0.998 * random.Unit());
        ASSERT_TRUE(tally
                        .Add({{row, column},
                              {std::llround(60000 * std::exp(0.4 * place))}})
                        .ok());
      }
    }
  }
  const auto round = Draw(manifest, tally);
  // Of this process: others may have the machine meanwhile.
  const std::clock_t before = std::clock();
  ModelledQuantiles modelled(round->views, 0);
  int offered = 0;
  for (size_t cell = 0; cell < 400; ++cell) {
    for (const double p : {0.25, 0.5, 0.75}) {
      offered += modelled.QuantileOf(cell, p).has_value() ? 1 : 0;
    }
  }
  const double seconds =
      static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
  EXPECT_GT(offered, 1000);
#if defined(NDEBUG) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
  EXPECT_LT(seconds, 0.2);
#else
  std::printf("%.3f s\n", seconds);
#endif
}

}  // namespace
}  // namespace commonwage::privacy::estimate
