// SPDX-License-Identifier: Apache-2.0
#include "privacy/forecast/preview.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "privacy/best_guess.h"
#include "privacy/estimate/quantile.h"
#include "privacy/plan_loss.h"
#include "privacy/zcdp.h"
#include "survey/plan/plan_json.h"
#include "tests/privacy/estimate/estimate_fixtures.h"
#include "tests/statistical/coverage_cells.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::privacy::forecast {
namespace {

using commonwage::testing::CellSimulator;
using commonwage::testing::Design;
using commonwage::testing::EvenEdges;
using commonwage::testing::SamplePlan;
using commonwage::testing::SharedFile;
using commonwage::testing::Usual;
using commonwage::testing::WageWorld;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(PreviewTest, ForecastsEveryMarginalAtEverySize) {
  const auto preview = Preview(SamplePlan());
  ASSERT_OK(preview);
  EXPECT_EQ(preview->round_id, "couriers.2026-q1");
  ASSERT_EQ(preview->marginals.size(), 2U);
  const MarginalPreview& platform = preview->marginals[0];
  EXPECT_EQ(platform.id, "platform");
  EXPECT_EQ(platform.cell_count, 4);
  EXPECT_EQ(platform.micro_rho, 150000);
  ASSERT_EQ(platform.noise_sd_per_level.size(), 3U);
  EXPECT_NEAR(platform.noise_sd_per_level[0], std::sqrt(10.0), 1e-6);
  // Laplace of scale b: variance 2 q / (1 - q)^2, q = exp(-1 / b).
  const double q = std::exp(-0.3);
  EXPECT_NEAR(preview->marginals[1].noise_sd_per_level[0],
              std::sqrt(2 * q) / (1 - q), 1e-9);
  for (const MarginalPreview& marginal : preview->marginals) {
    ASSERT_EQ(marginal.groups.size(), std::size(kForecastSizes));
    double chance = 0;
    for (const GroupForecast& group : marginal.groups) {
      EXPECT_GE(group.chance_shown, chance);
      chance = group.chance_shown;
    }
    EXPECT_GT(chance, 0.999);
    EXPECT_FALSE(marginal.groups.front().median_half_width.has_value());
    EXPECT_LT(*marginal.groups.back().median_half_width, 0.1);
  }
}

TEST(PreviewTest, SaysWhatTheRoundCosts) {
  const auto preview = Preview(SamplePlan());
  ASSERT_OK(preview);
  // 3 * 50000, and 3 * ceil(300000^2 / 2000000).
  EXPECT_EQ(preview->micro_rho, 150000 + 3 * 45000);
  EXPECT_EQ(preview->rounds_under_cap, 1600000 / 285000);
  const PlanLoss loss = *LossOf(SamplePlan());
  EXPECT_EQ(preview->best_guess, BestGuessOf(SamplePlan(), loss, 1));
  EXPECT_EQ(preview->best_guess_under_cap, BestGuessOf(SamplePlan(), loss, 5));
  EXPECT_EQ(preview->threshold_delta,
            static_cast<double>(loss.threshold_delta));
  EXPECT_NEAR(preview->threshold_delta_under_cap, 5 * preview->threshold_delta,
              1e-12);
  EXPECT_FALSE(preview->pure_epsilon.has_value());
  ASSERT_EQ(preview->epsilons.size(), std::size(kForecastDeltas));
  EXPECT_LT(preview->epsilons[0].epsilon, preview->epsilons[2].epsilon);
  EXPECT_THAT(preview->odds_in_words,
              HasSubstr("took part in this round is right in at most 64.9 of "
                        "100 cases; which of two answers that person gave, in "
                        "at most 70.4; "));
  EXPECT_THAT(preview->odds_in_words, HasSubstr("After all 5 rounds"));
  EXPECT_THAT(preview->odds_in_words, HasSubstr("tossing a coin, in 50"));
  EXPECT_THAT(preview->assumption, HasSubstr("log-normal"));
}

// What `plan` may be previewed with: one table of this design.
Plan PlanOf(const Design& design) {
  Plan plan = SamplePlan();
  plan.measures[0].inner_edges = design.inner_edges;
  plan.survey_cap_micro_rho = 100'000'000;
  plan.marginals.resize(1);
  plan.marginals[0].mechanism = design.mechanism;
  plan.marginals[0].fanouts = design.fanouts;
  plan.marginals[0].micro_loss_per_level = design.micro_loss_per_level;
  return plan;
}

// The middle half-width of the cells that the code that publishes draws and the
// rule shows, their median around the middle of the grid; infinite if the
// middle one reaches an end of the grid.
double DrawnHalfWidth(const Design& design, int64_t n, int64_t tau) {
  constexpr size_t kRounds = 401;
  CellSimulator cells(design, 3);
  const auto& edges = design.inner_edges;
  const double low = std::log(static_cast<double>(edges.front()));
  const double high = std::log(static_cast<double>(edges.back()));
  const model::Critical critical = model::FindCritical(0.05, design.mechanism);
  std::vector<double> widths;
  for (size_t round = 0; widths.size() < kRounds; ++round) {
    const double place = static_cast<double>(round % kRounds) / kRounds - 0.5;
    const WageWorld world(
        "", std::exp((low + high) / 2 + place * (high - low) / 16),
        std::min(0.5, (high - low) / 4));
    const std::vector<double> nodes =
        cells.DrawNodes(world.BinShares(edges), n);
    if (nodes.front() < static_cast<double>(tau)) {
      continue;
    }
    const estimate::LogQuantile median = estimate::FindQuantile(
        model::CellCdf(cells.model(), nodes, 1), 0.5, critical);
    widths.push_back(median.open_low || median.open_high
                         ? std::numeric_limits<double>::infinity()
                         : median.HalfWidth());
  }
  std::sort(widths.begin(), widths.end());
  return widths[kRounds / 2];
}

// Small cells on coarse grids above all: there expected counts would forecast
// too little. The widths of cells scatter by a third, so that the middle of 401
// is known to 3 %, that of the forecast's 64 rounds to 6 %.
TEST(PreviewTest, HalfWidthsAreThoseOfDrawnCellsThatAreShown) {
  const std::vector<Design> designs = {{"Gaussian, 64 bins",
                                        Mechanism::kDiscreteGaussian,
                                        {4, 4, 4},
                                        {25000, 25000, 25000, 25000},
                                        EvenEdges(800, 6000, 64)},
                                       {"Gaussian, 16 bins",
                                        Mechanism::kDiscreteGaussian,
                                        {4, 4},
                                        {80000, 80000, 80000},
                                        EvenEdges(2409, 7228, 16)},
                                       {"Gaussian, 16 bins, loud",
                                        Mechanism::kDiscreteGaussian,
                                        {4, 4},
                                        {300000, 300000, 300000},
                                        EvenEdges(800, 6000, 16)},
                                       {"Laplace, 16 bins",
                                        Mechanism::kDiscreteLaplace,
                                        {16},
                                        {400000, 1600000},
                                        EvenEdges(800, 6000, 16)},
                                       {"Laplace, 64 bins",
                                        Mechanism::kDiscreteLaplace,
                                        {8, 8},
                                        {200000, 500000, 500000},
                                        EvenEdges(800, 6000, 64)}};
  int compared = 0;
  for (const Design& design : designs) {
    const auto preview = Preview(PlanOf(design));
    ASSERT_OK(preview);
    const MarginalPreview& table = preview->marginals[0];
    const auto& edges = design.inner_edges;
    const double bin_width = std::log(static_cast<double>(edges.back()) /
                                      static_cast<double>(edges.front())) /
                             static_cast<double>(edges.size() - 1);
    for (const GroupForecast& group : table.groups) {
      if (group.chance_shown < 0.02) {
        continue;  // Too rare to draw.
      }
      const double drawn = DrawnHalfWidth(design, group.n, table.tau);
      const double forecast = group.median_half_width.value_or(
          std::numeric_limits<double>::infinity());
      std::printf("%-24s n = %4d: forecast %5.1f %%, drawn %5.1f %%\n",
                  design.name.c_str(), static_cast<int>(group.n),
                  100 * forecast, 100 * drawn);
      if (std::isfinite(drawn) && std::isfinite(forecast)) {
        ++compared;
        // Limits stand on edges, so widths come in halves of a bin.
        EXPECT_NEAR(forecast, drawn, std::max(0.15 * drawn, 0.51 * bin_width))
            << design.name << group.n;
      } else {
        EXPECT_EQ(std::isfinite(drawn), std::isfinite(forecast))
            << design.name << group.n;
      }
    }
  }
  EXPECT_GE(compared, 25);
}

TEST(PreviewTest, NamesTheQuieterMechanism) {
  Plan plan = SamplePlan();
  plan.marginals.resize(1);
  // One table for the whole survey: Laplace; twenty rounds of it: Gaussian.
  plan.survey_cap_micro_rho = 150000;
  EXPECT_EQ(Preview(plan)->marginals[0].quieter_mechanism,
            Mechanism::kDiscreteLaplace);
  plan.survey_cap_micro_rho = 3000000;
  EXPECT_EQ(Preview(plan)->marginals[0].quieter_mechanism,
            Mechanism::kDiscreteGaussian);
}

// With M equal tables under one epsilon: sigma^2 = h M / (2 rho) for Gaussian
// noise, 2 (h M / epsilon)^2 for Laplace noise.
TEST(PreviewTest, TheQuieterMechanismHasTheSmallerVariance) {
  for (int64_t rounds = 1; rounds <= 12; ++rounds) {
    Plan plan = SamplePlan();
    plan.marginals.resize(1);
    plan.survey_cap_micro_rho = rounds * 150000;
    const double rho = 0.15 * static_cast<double>(rounds);
    const auto epsilon =
        static_cast<double>(TightEpsilon(plan.survey_cap_micro_rho, 1e-6L));
    const double h = 3;
    const auto m = static_cast<double>(rounds);
    const double gaussian = h * m / (2 * rho);
    const double laplace = 2 * (h * m / epsilon) * (h * m / epsilon);
    EXPECT_EQ(Preview(plan)->marginals[0].quieter_mechanism,
              gaussian < laplace ? Mechanism::kDiscreteGaussian
                                 : Mechanism::kDiscreteLaplace)
        << rounds;
  }
}

TEST(PreviewTest, AllLaplaceHasAPureEpsilon) {
  Plan plan = SamplePlan();
  plan.marginals.erase(plan.marginals.begin());
  const auto preview = Preview(plan);
  ASSERT_OK(preview);
  EXPECT_NEAR(*preview->pure_epsilon, 0.9, 1e-12);
}

TEST(PreviewTest, NamesTheTotalsThatNoTableGives) {
  Plan plan = SamplePlan();
  auto preview = Preview(plan);
  ASSERT_OK(preview);
  EXPECT_THAT(preview->warnings,
              Contains(HasSubstr("No table of hourly_pay of everybody, by "
                                 "region alone: such a total")));
  plan.marginals[0].by = {"region"};
  plan.marginals.push_back(plan.marginals[0]);
  plan.marginals.back().id = "all";
  plan.marginals.back().by.clear();
  preview = Preview(plan);
  ASSERT_OK(preview);
  EXPECT_THAT(
      preview->warnings,
      Contains(HasSubstr("No table of hourly_pay by platform alone: ")));
  plan.marginals[0].by = {"platform"};
  plan.marginals[1].by = {"platform"};
  plan.marginals.erase(plan.marginals.begin());
  preview = Preview(plan);
  ASSERT_OK(preview);
  EXPECT_THAT(preview->warnings, Not(Contains(HasSubstr("No table of"))));
}

TEST(PreviewTest, ASumOfCellsIsNoWasteWhereOneOfThemMayBeWithheld) {
  Plan plan = SamplePlan();
  const auto warned = [&plan] {
    const auto preview = Preview(plan);
    EXPECT_OK(preview);
    return std::any_of(preview->warnings.begin(), preview->warnings.end(),
                       [](const std::string& warning) {
                         return absl::StrContains(
                             warning,
                             "Table platform is a sum of cells of table "
                             "platform_region");
                       });
  };
  EXPECT_FALSE(warned());
  const auto set_members = [&plan](int64_t members) {
    plan.population.clear();
    for (const Dimension& dimension : plan.dimensions) {
      for (const std::string& value : dimension.values) {
        plan.population.push_back({dimension.id, value, members});
      }
    }
  };
  set_members(300);  // 75 in a cell of platform and region: a third is too few.
  EXPECT_FALSE(warned());
  set_members(4000);
  EXPECT_TRUE(warned());
}

TEST(PreviewTest, ATableOfEverybodyIsForecastLikeAnyOther) {
  Plan plan = SamplePlan();
  plan.marginals.resize(1);
  plan.marginals[0].by.clear();
  plan.population = {{"platform", "bolt-bike", 4000}};
  const auto preview = Preview(plan);
  ASSERT_OK(preview);
  EXPECT_EQ(preview->marginals[0].cell_count, 1);
  EXPECT_GT(preview->marginals[0].groups.back().chance_shown, 0.999);
}

TEST(PreviewTest, WarnsOfCellsThatNobodyCanFill) {
  Plan plan = SamplePlan();
  plan.marginals.erase(plan.marginals.begin());
  plan.population = {{"platform", "bolt-bike", 4000},
                     {"platform", "fast-food", 400},
                     {"platform", "other", 12},
                     {"platform", "undisclosed", 100}};
  const auto preview = Preview(plan);
  ASSERT_OK(preview);
  // "other" has 3 cells of at most 12 members.
  EXPECT_THAT(preview->warnings, Contains(HasSubstr("3 of 12 cells")));
  plan.population.clear();
  const auto unknown = Preview(plan);
  ASSERT_OK(unknown);
  for (const std::string& warning : unknown->warnings) {
    EXPECT_THAT(warning, ::testing::Not(HasSubstr("of 12 cells")));
  }
}

TEST(PreviewTest, WarnsOfTooManyCellsCoarseBinsAndWeakProtection) {
  Plan plan = SamplePlan();
  plan.dimensions[0].values.clear();
  for (int v = 0; v < 200; ++v) {
    plan.dimensions[0].values.push_back("v" + std::to_string(v));
  }
  plan.measures[0].inner_edges = EvenEdges(500, 20000, 16);
  plan.marginals[0].micro_loss_per_level = {400000, 400000, 400000};
  const auto preview = Preview(plan);
  ASSERT_OK(preview);
  EXPECT_THAT(preview->warnings, Contains(HasSubstr("has 600 cells")));
  EXPECT_THAT(preview->warnings, Contains(HasSubstr("% wide on average")));
  EXPECT_THAT(preview->warnings, Contains(HasSubstr("no second one")));
  EXPECT_THAT(preview->warnings, Contains(HasSubstr("protects weakly")));
}

TEST(PreviewTest, RefusesWhatCannotBeAccounted) {
  Plan plan = SamplePlan();
  plan.survey_cap_micro_rho = 1000;
  EXPECT_FALSE(Preview(plan).ok());
}

TEST(PreviewTest, ForecastsTheExamplePlan) {
  const auto json = SharedFile("examples/plan.json");
  if (!json.has_value()) {
    GTEST_SKIP() << "SKIPPED: examples/plan.json is not there";
  }
  const auto plan = ParsePlan(*json);
  ASSERT_OK(plan);
  const auto preview = Preview(*plan);
  ASSERT_OK(preview);
  ASSERT_EQ(preview->marginals.size(), 5U);
  for (const MarginalPreview& marginal : preview->marginals) {
    EXPECT_EQ(marginal.tau, 37);  // sigma 5: offset 27 at 1e-7.
    EXPECT_EQ(marginal.quieter_mechanism, Mechanism::kDiscreteGaussian);
  }
  EXPECT_EQ(preview->micro_rho, 400000);
  EXPECT_EQ(preview->rounds_under_cap, 4);
  EXPECT_THAT(preview->odds_in_words,
              HasSubstr("took part in this round is right in at most 67.3 of "
                        "100 cases; which of two answers that person gave, in "
                        "at most 73.7"));
}

}  // namespace
}  // namespace commonwage::privacy::forecast
