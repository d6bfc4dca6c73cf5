// SPDX-License-Identifier: Apache-2.0
// Do the 95 % intervals hold wherever steps, round pay and a floor stand in the
// bins? Moves thirteen kinds of pay over one bin in twenty positions, finds for
// every figure the position where its interval held least, and measures there
// again with fresh draws. Over the costliest table of every shipped template
// and, where it is found, of the example plan. Prints a table and fails if an
// interval covers less than 93 %, beyond two standard errors.
//
// Usage: position_study [--short]

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/time.h"

#include "base/check.h"
#include "privacy/estimate/gap.h"
#include "privacy/estimate/quantile.h"
#include "privacy/estimate/share.h"
#include "privacy/estimate/trimmed_mean.h"
#include "server/steward/plan_template.h"
#include "survey/plan/plan_json.h"
#include "tests/statistical/coverage_cells.h"
#include "tests/statistical/pay_law.h"
#include "tests/testing/shared_files.h"

namespace commonwage::testing {
namespace {

using privacy::estimate::EstimateShareBelow;
using privacy::estimate::EstimateTrimmedMean;
using privacy::estimate::FindQuantile;
using privacy::estimate::Interval;
using privacy::estimate::LogQuantile;
using privacy::estimate::WageOf;
using privacy::model::CellCdf;
using privacy::model::Critical;
using privacy::model::FindCritical;

constexpr size_t kPositions = 20;
constexpr double kMiss = 0.05;
constexpr size_t kParts = 3;
constexpr std::array kTenths = {0.5, 0.1, 0.9};

// What is looked at, in the order of the table's columns. "all" are the nine
// quantiles of three cells at once, simultaneous intervals.
constexpr std::array kFigures = {"median", "p10",   "p90", "mean", "low share",
                                 "gap",    "trend", "sum", "all"};
using Held = std::array<int, kFigures.size()>;

struct Scope {
  int search = 400;
  int fresh = 2000;
  size_t position_step = 1;
  std::vector<int64_t> sizes = {50, 100, 300, 1000, 5000};
  std::vector<size_t> laws = {};  // Empty: all.
  // A search that held so often cannot hide a coverage below 93 %.
  double beyond_doubt = 0.975;
};

bool Covers(const Interval& interval, double truth) {
  const double slack = 1e-9 * std::abs(truth);
  return (interval.open_low || interval.low <= truth + slack) &&
         (interval.open_high || interval.high >= truth - slack);
}

// A table of a plan, as one cell of it is measured.
struct Table {
  std::string name;
  Plan plan;
  size_t marginal = 0;

  const Marginal& Measured() const { return plan.marginals[marginal]; }
  const std::vector<int64_t>& Edges() const {
    return FindMeasure(plan, Measured().measure)->inner_edges;
  }
};

// A law at one position, and what is true of it.
struct World {
  World(const PayLaw& law, const PayLaw& other_law,
        const std::vector<int64_t>& edges)
      : shares(law.BinShares(edges)),
        other_shares(other_law.BinShares(edges)),
        mean(law.TrimmedMean()),
        edge(edges[0]) {
    for (size_t i = 0; i < kTenths.size(); ++i) {
      tenths[i] = static_cast<double>(law.Quantile(kTenths[i]));
      other_tenths[i] = static_cast<double>(other_law.Quantile(kTenths[i]));
    }
    // The highest edge below which at most 2 % are paid.
    for (const int64_t one : edges) {
      edge = law.ShareBelow(one) <= 0.02 ? one : edge;
    }
    low_share = law.ShareBelow(edge);
  }

  std::vector<double> shares;
  std::vector<double> other_shares;
  std::array<double, kTenths.size()> tenths;
  std::array<double, kTenths.size()> other_tenths;
  double mean;
  int64_t edge;
  double low_share = 0;
};

bool AllHold(const CellCdf& cdf,
             const std::array<double, kTenths.size()>& truths,
             const Critical& critical) {
  bool held = true;
  for (size_t i = 0; i < kTenths.size(); ++i) {
    held &= Covers(WageOf(FindQuantile(cdf, kTenths[i], critical)).interval,
                   truths[i]);
  }
  return held;
}

Held Simulate(CellSimulator& cells, const World& world, int64_t n, int rounds) {
  const Critical critical = FindCritical(kMiss, cells.mechanism());
  const Critical at_once =
      FindCritical(kMiss / (3 * kTenths.size()), cells.mechanism());
  Held held = {};
  for (int round = 0; round < rounds; ++round) {
    const CellCdf cdf = cells.Draw(world.shares, n);
    const CellCdf other = cells.Draw(world.other_shares, n);
    const CellCdf later = cells.Draw(world.other_shares, n + n / 2);
    const CellCdf sum = cells.Draw(world.shares, n, kParts);
    size_t figure = 0;
    const auto add = [&](bool holds) { held[figure++] += holds ? 1 : 0; };
    for (size_t i = 0; i < kTenths.size(); ++i) {
      add(Covers(WageOf(FindQuantile(cdf, kTenths[i], critical)).interval,
                 world.tenths[i]));
    }
    add(Covers(EstimateTrimmedMean(cdf, critical).interval, world.mean));
    add(Covers(EstimateShareBelow(cdf, world.edge, critical).interval,
               world.low_share));
    const LogQuantile median = FindQuantile(cdf, 0.5, critical);
    for (const CellCdf* const against : {&other, &later}) {
      add(Covers(
          EstimateDifference(median, FindQuantile(*against, 0.5, critical))
              .interval,
          world.tenths[0] / world.other_tenths[0] - 1));
    }
    add(Covers(WageOf(FindQuantile(sum, 0.5, critical)).interval,
               world.tenths[0]));
    add(AllHold(cdf, world.tenths, at_once) &&
        AllHold(other, world.other_tenths, at_once) &&
        AllHold(later, world.other_tenths, at_once));
  }
  return held;
}

// One row of the table: a law and a size, every figure at its worst position.
struct Row {
  std::string law;
  int64_t n = 0;
  std::array<double, kFigures.size()> coverage = {};
  std::array<bool, kFigures.size()> again = {};  // Measured with fresh draws.
};

class Study {
 public:
  Study(const Table& table, const Scope& scope) : table_(table), scope_(scope) {
    const std::vector<int64_t>& edges = table.Edges();
    centre_ = std::sqrt(static_cast<double>(edges.front()) *
                        static_cast<double>(edges.back()));
    // How far pay moves until it stands in the bins as before.
    const size_t at =
        static_cast<size_t>(std::lower_bound(edges.begin() + 1, edges.end() - 1,
                                             static_cast<int64_t>(centre_)) -
                            edges.begin());
    width_ = std::log(static_cast<double>(edges[at]) /
                      static_cast<double>(edges[at - 1]));
  }

  // The rows of every `of`-th law from `first` on.
  std::vector<Row> Run(size_t first, size_t of) const {
    std::vector<Row> rows;
    const size_t laws = PayLawsAround(centre_).size();
    for (size_t law = first; law < laws; law += of) {
      if (!scope_.laws.empty() &&
          std::find(scope_.laws.begin(), scope_.laws.end(), law) ==
              scope_.laws.end()) {
        continue;
      }
      std::vector<World> worlds;
      for (size_t at = 0; at < kPositions; at += scope_.position_step) {
        const double moved =
            std::exp(width_ * static_cast<double>(at) / kPositions);
        worlds.emplace_back(PayLawsAround(centre_ * moved)[law],
                            PayLawsAround(centre_ * moved * 0.93)[law],
                            table_.Edges());
      }
      for (const int64_t n : scope_.sizes) {
        rows.push_back(RowOf(law, n, worlds));
      }
    }
    return rows;
  }

 private:
  Row RowOf(size_t law, int64_t n, const std::vector<World>& worlds) const {
    const uint64_t seed = law * 1000003 + static_cast<uint64_t>(n);
    CellSimulator cells(table_.plan, table_.Measured(), seed);
    Row row;
    row.law = PayLawsAround(centre_)[law].name();
    row.n = n;
    std::array<size_t, kFigures.size()> worst = {};
    std::array<int, kFigures.size()> least;
    least.fill(scope_.search + 1);
    for (size_t at = 0; at < worlds.size(); ++at) {
      const Held held = Simulate(cells, worlds[at], n, scope_.search);
      for (size_t figure = 0; figure < held.size(); ++figure) {
        if (held[figure] < least[figure]) {
          least[figure] = held[figure];
          worst[figure] = at;
        }
      }
    }
    CellSimulator fresh(table_.plan, table_.Measured(), ~seed);
    for (size_t at = 0; at < worlds.size(); ++at) {
      bool doubtful = false;
      for (size_t figure = 0; figure < worst.size(); ++figure) {
        row.coverage[figure] = worst[figure] == at
                                   ? Part(least[figure], scope_.search)
                                   : row.coverage[figure];
        doubtful |=
            worst[figure] == at && row.coverage[figure] < scope_.beyond_doubt;
      }
      if (!doubtful) {
        continue;
      }
      const Held held = Simulate(fresh, worlds[at], n, scope_.fresh);
      for (size_t figure = 0; figure < worst.size(); ++figure) {
        if (worst[figure] == at) {
          row.coverage[figure] = Part(held[figure], scope_.fresh);
          row.again[figure] = true;
        }
      }
    }
    return row;
  }

  static double Part(int held, int rounds) {
    return static_cast<double>(held) / rounds;
  }

  const Table& table_;
  const Scope& scope_;
  double centre_ = 0;
  double width_ = 0;
};

int Print(const Table& table, const std::vector<Row>& rows, double least) {
  std::printf("\n%s: coverage of 95 %% intervals in %%, worst position\n",
              table.name.c_str());
  std::printf("%-14s %5s", "pay", "n");
  for (const char* figure : kFigures) {
    std::printf(" %9s", figure);
  }
  std::printf("\n");
  int failures = 0;
  for (const Row& row : rows) {
    std::printf("%-14s %5d", row.law.c_str(), static_cast<int>(row.n));
    for (size_t figure = 0; figure < kFigures.size(); ++figure) {
      const bool fails = row.coverage[figure] < least;
      failures += fails ? 1 : 0;
      std::printf(" %7.1f%s%s", row.coverage[figure] * 100,
                  row.again[figure] ? " " : "*", fails ? "!" : " ");
    }
    std::printf("\n");
  }
  return failures;
}

// The table that costs most, as most of a plan's cells do: those of everybody
// and of large groups are given little.
size_t CostliestOf(const Plan& plan) {
  size_t costliest = 0;
  int64_t most = 0;
  for (size_t m = 0; m < plan.marginals.size(); ++m) {
    int64_t loss = 0;
    for (const int64_t level : plan.marginals[m].micro_loss_per_level) {
      loss += level;
    }
    if (loss > most) {
      costliest = m;
      most = loss;
    }
  }
  return costliest;
}

Table TableOf(const std::string& name, Plan plan) {
  const size_t marginal = CostliestOf(plan);
  return {name, std::move(plan), marginal};
}

std::vector<Table> Tables() {
  std::vector<Table> tables;
  for (const auto& plan_template : server::steward::PlanTemplates()) {
    auto plan =
        server::steward::PlanFromTemplate(plan_template, {}, absl::UnixEpoch());
    COMMONWAGE_CHECK(plan.ok());
    tables.push_back(
        TableOf("template " + plan_template.name, *std::move(plan)));
  }
  const std::optional<std::string> example = SharedFile("examples/plan.json");
  if (!example.has_value()) {
    std::printf("SKIPPED: the example plan: it was not found.\n");
  } else {
    auto plan = ParsePlan(*example);
    COMMONWAGE_CHECK(plan.ok());
    tables.push_back(TableOf("example plan", *std::move(plan)));
  }
  return tables;
}

int Run(const Scope& scope) {
  const double least = 0.93 - 2 * std::sqrt(0.93 * 0.07 / scope.fresh);
  int failures = 0;
  for (const Table& table : Tables()) {
    const Study study(table, scope);
    std::vector<Row> odd;
    std::thread other([&] { odd = study.Run(1, 2); });
    std::vector<Row> rows = study.Run(0, 2);
    other.join();
    rows.insert(rows.end(), odd.begin(), odd.end());
    failures += Print(table, rows, least);
    std::fflush(stdout);
  }
  std::printf(
      "\n* by %d draws; all others by %d fresh ones at their worst of %d "
      "positions\n%d figure%s below %.1f %% (marked !)\n",
      scope.search, scope.fresh,
      static_cast<int>(kPositions / scope.position_step), failures,
      failures == 1 ? "" : "s", 100 * least);
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace commonwage::testing

int main(int argc, char** argv) {
  commonwage::testing::Scope scope;
  if (argc == 2 && std::string_view(argv[1]) == "--short") {
    scope.search = 60;
    scope.fresh = 300;
    scope.position_step = 4;
    scope.sizes = {100, 1000};
    // Smooth, 1 and 8 steps, rounded 1,000, a floor.
    scope.laws = {0, 1, 5, 10, 12};
    scope.beyond_doubt = 0.95;
  } else if (argc != 1) {
    std::fputs("usage: position_study [--short]\n", stderr);
    return 2;
  }
  return commonwage::testing::Run(scope);
}
