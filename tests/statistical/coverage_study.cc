// SPDX-License-Identifier: Apache-2.0
// Do the 95 % intervals hold, and what do they cost in width? Simulates rounds
// over made worlds with known figures, prints a table, and fails if
//  * an interval covers less than 93 %, beyond two standard errors;
//  * on log-normal wages the median's half-width is more than 1.25 times (100
//    people) or 1.4 times (1,000) that of a rule that believed in smooth bins.
//
// Usage: coverage_study [rounds per point, 2000 if left out]

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "privacy/estimate/count.h"
#include "privacy/estimate/gap.h"
#include "privacy/estimate/quantile.h"
#include "privacy/estimate/share.h"
#include "privacy/estimate/trimmed_mean.h"
#include "tests/statistical/coverage_cells.h"
#include "tests/statistical/coverage_world.h"

namespace commonwage::testing {
namespace {

using privacy::estimate::Estimate;
using privacy::estimate::EstimateCount;
using privacy::estimate::EstimateHistogram;
using privacy::estimate::EstimateShareBelow;
using privacy::estimate::EstimateTrimmedMean;
using privacy::estimate::FindQuantile;
using privacy::estimate::Interval;
using privacy::estimate::LogQuantile;
using privacy::estimate::WageOf;
using privacy::model::CellCdf;
using privacy::model::Critical;
using privacy::model::FindCritical;

constexpr double kMedian = 2191;  // The middle of the grid from 8 to 60.
constexpr double kLogSd = 0.5;
constexpr int64_t kLow = 800;
constexpr int64_t kHigh = 6000;
constexpr int64_t kSizes[] = {50, 100, 200, 500, 1000, 3000, 10000};
constexpr size_t kParts = 3;

bool Covers(const Interval& interval, double truth) {
  const double slack = 1e-9 * std::abs(truth);
  return (interval.open_low || interval.low <= truth + slack) &&
         (interval.open_high || interval.high >= truth - slack);
}

std::vector<WageWorld> Worlds(double scale) {
  const double median = kMedian * scale;
  std::vector<WageWorld> worlds;
  worlds.emplace_back("log-normal", median, kLogSd);
  worlds.push_back(WageWorld::WithHeaps("one rate", median, kLogSd,
                                        {{std::round(2037 * scale), 0.25}}));
  worlds.push_back(WageWorld::Rounded("half units", median, kLogSd, 50, 0.6));
  worlds.push_back(WageWorld::WithHeaps("four rates", median, kLogSd,
                                        {{std::round(1500 * scale), 0.15},
                                         {std::round(1850 * scale), 0.10},
                                         {std::round(2100 * scale), 0.08},
                                         {std::round(2500 * scale), 0.07}}));
  return worlds;
}

// Equal losses per level.
Design DesignOf(std::string name, Mechanism mechanism,
                std::vector<int64_t> fanouts, int64_t micro_loss) {
  Design design;
  design.name = std::move(name);
  design.mechanism = mechanism;
  int64_t bins = 1;
  for (const int64_t fanout : fanouts) {
    bins *= fanout;
  }
  const auto levels = static_cast<int64_t>(fanouts.size()) + 1;
  design.micro_loss_per_level.assign(fanouts.size() + 1, micro_loss / levels);
  design.fanouts = std::move(fanouts);
  design.inner_edges = EvenEdges(kLow, kHigh, bins);
  return design;
}

// Counts, per statistic, how often its interval held.
class Score {
 public:
  void Add(const char* statistic, const Interval& interval, double truth) {
    Entry& entry = entries_[statistic];
    ++entry.rounds;
    entry.held += Covers(interval, truth) ? 1 : 0;
  }
  double Coverage(const char* statistic) const {
    const Entry& entry = entries_.at(statistic);
    return static_cast<double>(entry.held) / static_cast<double>(entry.rounds);
  }

 private:
  struct Entry {
    int held = 0;
    int rounds = 0;
  };
  std::map<std::string, Entry> entries_;
};

// What is true of a world, for all statistics of the study.
struct Truth {
  explicit Truth(const WageWorld& world, const WageWorld& other, double edge)
      : median(world.Quantile(0.5)),
        p10(world.Quantile(0.1)),
        p90(world.Quantile(0.9)),
        trimmed_mean(world.TrimmedMean()),
        share_edge(world.ShareBelow(edge)),
        share_inside(world.ShareBelow(1800)),
        gap(median / other.Quantile(0.5) - 1) {}

  double median;
  double p10;
  double p90;
  double trimmed_mean;
  double share_edge;
  double share_inside;
  double gap;  // Over the other world's median.
};

constexpr std::array kStatistics = {"count", "median", "p10",    "p90",
                                    "mean",  "edge",   "inside", "bin",
                                    "gap",   "trend",  "sum"};

struct Point {
  Score score;
  std::vector<double> half_widths;  // Of the median, in logarithm.
};

double Mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) {
    sum += value;
  }
  return sum / static_cast<double>(values.size());
}

double Middle(std::vector<double> values) {
  std::nth_element(
      values.begin(),
      values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
      values.end());
  return values[values.size() / 2];
}

// What one world needs, computed once.
struct Setting {
  Setting(const WageWorld& world, const WageWorld& other,
          const std::vector<int64_t>& edges)
      : middle(edges.size() / 2),
        edge(edges[middle - 1]),
        shares(world.BinShares(edges)),
        other_shares(other.BinShares(edges)),
        truth(world, other, static_cast<double>(edge)) {}

  size_t middle;
  int64_t edge;
  std::vector<double> shares;
  std::vector<double> other_shares;
  Truth truth;
};

Point Simulate(CellSimulator& cells, const Setting& setting, int64_t n,
               int rounds) {
  const Critical critical = FindCritical(0.05, cells.mechanism());
  const std::vector<double>& shares = setting.shares;
  const Truth& truth = setting.truth;
  Point point;
  for (int round = 0; round < rounds; ++round) {
    const CellCdf cdf = cells.Draw(shares, n);
    Score& score = point.score;
    score.Add("count", EstimateCount(cdf, 0, critical).interval,
              static_cast<double>(n));
    const LogQuantile median = FindQuantile(cdf, 0.5, critical);
    point.half_widths.push_back(median.HalfWidth());
    score.Add("median", WageOf(median).interval, truth.median);
    score.Add("p10", WageOf(FindQuantile(cdf, 0.1, critical)).interval,
              truth.p10);
    score.Add("p90", WageOf(FindQuantile(cdf, 0.9, critical)).interval,
              truth.p90);
    score.Add("mean", EstimateTrimmedMean(cdf, critical).interval,
              truth.trimmed_mean);
    score.Add("edge", EstimateShareBelow(cdf, setting.edge, critical).interval,
              truth.share_edge);
    score.Add("inside", EstimateShareBelow(cdf, 1800, critical).interval,
              truth.share_inside);
    score.Add("bin", EstimateHistogram(cdf, critical)[setting.middle].interval,
              shares[setting.middle]);
    // Two cells of one release; and one cell in two, in which more answered.
    const CellCdf second = cells.Draw(setting.other_shares, n);
    const CellCdf later = cells.Draw(setting.other_shares, n + n / 2);
    for (const auto& [name, other] :
         {std::pair("gap", &second), std::pair("trend", &later)}) {
      score.Add(name,
                EstimateDifference(median, FindQuantile(*other, 0.5, critical))
                    .interval,
                truth.gap);
    }
    const CellCdf sum = cells.Draw(shares, n, kParts);
    score.Add("sum", WageOf(FindQuantile(sum, 0.5, critical)).interval,
              truth.median);
  }
  return point;
}

// 93 % less two standard errors.
double LeastCoverage(int rounds) {
  return 0.93 - 2 * std::sqrt(0.93 * 0.07 / rounds);
}

// Prints the coverage table of one design; returns the number of failures.
int CoverageTable(const Design& design, int rounds) {
  std::printf("\n%s: coverage of 95 %% intervals in %%, %d rounds a point\n",
              design.name.c_str(), rounds);
  std::printf("%-11s %6s", "wages", "n");
  for (const char* statistic : kStatistics) {
    std::printf(" %6s", statistic);
  }
  std::printf("  median's half-width, %% (times log-normal's)\n");
  const double least = LeastCoverage(rounds);
  CellSimulator cells(design, 20210401);
  std::map<int64_t, double> smooth_widths;
  int failures = 0;
  const std::vector<WageWorld> worlds = Worlds(1);
  const std::vector<WageWorld> others = Worlds(0.93);
  for (size_t w = 0; w < worlds.size(); ++w) {
    const Setting setting(worlds[w], others[w], design.inner_edges);
    for (const int64_t n : kSizes) {
      const Point point = Simulate(cells, setting, n, rounds);
      std::printf("%-11s %6d", worlds[w].name().c_str(), static_cast<int>(n));
      for (const char* statistic : kStatistics) {
        const double coverage = point.score.Coverage(statistic);
        failures += coverage < least ? 1 : 0;
        std::printf(" %5.1f%s", coverage * 100, coverage < least ? "!" : " ");
      }
      const double width = Mean(point.half_widths);
      smooth_widths.emplace(n, width);
      std::printf("  %6.2f (%.2f)\n", width * 100, width / smooth_widths[n]);
    }
  }
  return failures;
}

// Half-widths of the median in %, log-normal pay (log sd 0.4) in the middle of
// a grid from 20,000 to 300,000, rho 0.1: what sampling alone costs, and what a
// rule cost that believed in smooth bins (64 of them), and missed on scales.
struct Reference {
  int64_t n;
  double sampling_only;
  double believing;
  double limit;  // How many times wider than that is allowed; 0: any.
};

constexpr Reference kReferences[] = {
    {50, 13.1, 27.9, 0}, {100, 9.5, 15.3, 1.25},  {200, 6.8, 9.2, 0},
    {400, 4.9, 6.0, 0},  {1000, 3.06, 3.77, 1.4}, {5000, 1.39, 5.29, 1},
};

// The grids that small and large cells want; a fifth of the loss on the root.
std::vector<Design> ReferenceDesigns() {
  const auto design = [](std::vector<int64_t> fanouts,
                         std::vector<int64_t> micro_rho) {
    Design made;
    int64_t bins = 1;
    for (const int64_t fanout : fanouts) {
      bins *= fanout;
    }
    made.fanouts = std::move(fanouts);
    made.micro_loss_per_level = std::move(micro_rho);
    made.inner_edges = EvenEdges(20000, 300000, bins);
    return made;
  };
  return {design({4, 4, 4, 2}, {20000, 23200, 19500, 15400, 21900}),
          design({4, 4, 4, 4}, {20000, 18600, 17800, 17200, 26400})};
}

int WidthTable(int rounds) {
  // Few rounds do not tell the middle of the widths exactly.
  const double slack = rounds >= 1000 ? 1.0 : 1.1;
  std::printf(
      "\nHalf-width of the median on log-normal pay, %%, rho 0.1\n"
      "%6s %9s %10s %9s %7s %9s %7s\n",
      "n", "sampling", "believing", "128 bins", "times", "256 bins", "times");
  int failures = 0;
  const WageWorld world("log-normal", 58000, 0.4);
  const std::vector<Design> designs = ReferenceDesigns();
  for (const Reference& reference : kReferences) {
    std::printf("%6d %9.2f %10.2f", static_cast<int>(reference.n),
                reference.sampling_only, reference.believing);
    for (const Design& design : designs) {
      CellSimulator cells(design, 1);
      const std::vector<double> shares = world.BinShares(design.inner_edges);
      const Critical critical = FindCritical(0.05, design.mechanism);
      std::vector<double> widths;
      for (int round = 0; round < rounds; ++round) {
        const CellCdf cdf = cells.Draw(shares, reference.n);
        widths.push_back(100 * FindQuantile(cdf, 0.5, critical).HalfWidth());
      }
      const double ratio = Middle(widths) / reference.believing;
      const bool fails = reference.limit > 0 && ratio > reference.limit * slack;
      failures += fails ? 1 : 0;
      std::printf(" %9.2f %6.2f%s", Middle(widths), ratio, fails ? "!" : " ");
    }
    std::printf("\n");
  }
  return failures;
}

int Run(int rounds) {
  int failures = WidthTable(rounds);
  failures +=
      CoverageTable(DesignOf("Gaussian, 64 bins, [4,4,4], rho 0.1",
                             Mechanism::kDiscreteGaussian, {4, 4, 4}, 100000),
                    rounds);
  failures +=
      CoverageTable(DesignOf("Gaussian, 16 bins, [4,4], rho 0.1",
                             Mechanism::kDiscreteGaussian, {4, 4}, 100000),
                    rounds);
  failures +=
      CoverageTable(DesignOf("Laplace, 64 bins, [8,8], epsilon 1",
                             Mechanism::kDiscreteLaplace, {8, 8}, 1000000),
                    rounds);
  std::printf("\n%d figure%s out of bounds (marked !)\n", failures,
              failures == 1 ? "" : "s");
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace commonwage::testing

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 2000;
  if (rounds < 10) {
    std::fputs("usage: coverage_study [rounds per point]\n", stderr);
    return 2;
  }
  return commonwage::testing::Run(rounds);
}
