// SPDX-License-Identifier: Apache-2.0
// Whether simultaneous intervals hold at once, those of all groups of a table
// and of all that is asked of them, through the very code that releases and
// answers, and usual ones do not: of twelve groups' counts, quantiles and
// shares one misses in most rounds.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <vector>

#include <gtest/gtest.h>

#include "privacy/estimate/summary.h"
#include "privacy/noise/release_round.h"
#include "privacy/noise/tally.h"
#include "privacy/plan_loss.h"
#include "survey/cells.h"
#include "survey/manifest.h"
#include "survey/plan/plan_json.h"
#include "tests/statistical/coverage_cells.h"
#include "tests/statistical/coverage_world.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using privacy::estimate::Figures;
using privacy::estimate::Interval;
using privacy::estimate::SummaryRequest;
using privacy::estimate::SummaryResult;

constexpr int kRounds = 600;
constexpr int64_t kWorkers = 400;  // In each of twelve cells.
// Inner edges of the grid that shares are asked below.
constexpr size_t kEdges[] = {0, 2, 4, 6, 8, 10, 12};
// A count, three quantiles and these shares, of each cell.
constexpr int64_t kIntervals = 12 * (1 + 3 + 7);

class SimultaneousTest : public ::testing::Test {
 protected:
  SimultaneousTest() {
    manifest_.plan = ParsePlan(testing::SamplePlanJson()).value();
    manifest_.plan.measures[0].inner_edges = testing::EvenEdges(600, 2600, 16);
    const auto loss = privacy::LossOf(manifest_.plan).value();
    for (const privacy::MarginalLoss& marginal : loss.marginals) {
      manifest_.taus.push_back(marginal.tau);
    }
  }

  // A release of twelve cells of one world's workers.
  Figures Draw() {
    const std::vector<int64_t>& edges = manifest_.plan.measures[0].inner_edges;
    privacy::noise::Tally tally(manifest_.plan);
    for (uint16_t platform = 0; platform < 4; ++platform) {
      for (uint16_t region = 0; region < 3; ++region) {
        const std::vector<int64_t> counts =
            people_.DrawCounts(world_.BinShares(edges), kWorkers);
        for (size_t bin = 0; bin < counts.size(); ++bin) {
          // Any wage of the bin is counted alike.
          const int64_t wage = bin == 0 ? edges[0] - 1 : edges[bin - 1];
          for (int64_t i = 0; i < counts[bin]; ++i) {
            EXPECT_OK(tally.Add({{platform, region}, {wage}}));
          }
        }
      }
    }
    return Figures::Of(manifest_, privacy::noise::DrawRelease(
                                      manifest_, ManifestHash(), tally, false,
                                      "test", random_)
                                      .value())
        .value();
  }

  // Whether the medians of all cells hold, and whether all that is asked does.
  struct Held {
    bool medians = true;
    bool all = true;
  };
  Held AllHold(const Figures& figures, bool simultaneous) const {
    SummaryRequest request;
    request.by = {"platform", "region"};
    request.count = true;
    request.quantiles = {0.5, 0.1, 0.9};
    for (const size_t edge : kEdges) {
      request.shares_below.push_back(
          manifest_.plan.measures[0].inner_edges[edge]);
    }
    request.simultaneous = simultaneous;
    const SummaryResult result = figures.Summarize(request).value();
    EXPECT_EQ(result.intervals_at_once, simultaneous ? kIntervals : 0);
    Held held;
    for (const auto& cell : result.cells) {
      EXPECT_TRUE(cell.figures.has_value());
      held.medians &=
          Holds(cell.figures->quantiles[0].wage.interval, world_.Quantile(0.5));
      held.all &=
          Holds(cell.figures->count->interval, static_cast<double>(kWorkers));
      for (const auto& quantile : cell.figures->quantiles) {
        held.all &= Holds(quantile.wage.interval, world_.Quantile(quantile.p));
      }
      for (size_t i = 0; i < std::size(kEdges); ++i) {
        held.all &= Holds(cell.figures->shares_below[i].share.interval,
                          TrueShareBelow(kEdges[i]));
      }
    }
    return held;
  }

  double TrueShareBelow(size_t edge) const {
    double below = 0;
    const std::vector<double> shares =
        world_.BinShares(manifest_.plan.measures[0].inner_edges);
    for (size_t bin = 0; bin <= edge; ++bin) {
      below += shares[bin];
    }
    return below;
  }

  static bool Holds(const Interval& interval, double truth) {
    return (interval.open_low || interval.low <= truth) &&
           (interval.open_high || interval.high >= truth);
  }

  const testing::WageWorld world_{"log-normal", 1250, 0.3};
  Manifest manifest_;
  testing::SeededRandom random_{31};
  testing::CellSimulator people_{{"",
                                  Mechanism::kDiscreteGaussian,
                                  {4, 4},
                                  {50000, 50000, 50000},
                                  testing::EvenEdges(600, 2600, 16)},
                                 32};
};

TEST_F(SimultaneousTest, TheyHoldForAllThatIsAskedAtOnceAndUsualOnesDoNot) {
  int all = 0;
  int medians = 0;
  int usual_all = 0;
  int usual_medians = 0;
  for (int round = 0; round < kRounds; ++round) {
    const Figures figures = Draw();
    const Held wide = AllHold(figures, true);
    const Held usual = AllHold(figures, false);
    all += wide.all ? 1 : 0;
    medians += wide.medians ? 1 : 0;
    usual_all += usual.all ? 1 : 0;
    usual_medians += usual.medians ? 1 : 0;
  }
  const auto share = [](int held) {
    return static_cast<double>(held) / kRounds;
  };
  std::printf(
      "at once, of %d rounds: all 132 intervals %.1f %% (usual ones: %.1f %%), "
      "the 12 medians %.1f %% (%.1f %%)\n",
      kRounds, 100 * share(all), 100 * share(usual_all), 100 * share(medians),
      100 * share(usual_medians));
  const double least = 0.95 - 2 * std::sqrt(0.95 * 0.05 / kRounds);
  EXPECT_GE(share(all), least);
  EXPECT_GE(share(medians), least);
  EXPECT_LT(share(usual_all), least);
}

}  // namespace
}  // namespace commonwage
