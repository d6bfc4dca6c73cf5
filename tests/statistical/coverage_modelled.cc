// SPDX-License-Identifier: Apache-2.0
#include "tests/statistical/coverage_modelled.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "privacy/estimate/critical.h"
#include "privacy/estimate/quantile.h"
#include "privacy/estimate/shrinkage.h"
#include "tests/statistical/coverage_cells.h"
#include "tests/statistical/coverage_world.h"

namespace commonwage::testing {
namespace {

using privacy::estimate::CellCdf;
using privacy::estimate::Critical;
using privacy::estimate::CriticalFor;
using privacy::estimate::FindQuantile;
using privacy::estimate::Kin;
using privacy::estimate::LogQuantile;
using privacy::estimate::NormalQuantile;
using privacy::estimate::Shrunk;
using privacy::estimate::SpreadAroundParents;

constexpr int kCells = 24;
constexpr double kParentMedian = 2191;
constexpr int64_t kSizes[] = {20, 50, 100, 200, 500, 1000, 3000, 10000};

// How the cells of a table differ from their parent, in log median.
struct Family {
  const char* name;
  double spread;   // Standard deviation.
  bool few_apart;  // One in six is apart, and far; the rest are alike.
  bool heaped;     // A quarter of each cell's workers at one rate.
  bool must_gain;  // Modelling may not lose accuracy.
};

constexpr Family kFamilies[] = {{"alike", 0.0, false, false, true},
                                {"10 % apart", 0.10, false, false, true},
                                {"25 % apart", 0.25, false, false, false},
                                {"few apart", 0.20, true, false, false},
                                {"heaped", 0.10, false, true, false}};

double ShiftOf(const Family& family, int cell) {
  if (family.few_apart) {
    const double far = family.spread * std::sqrt(6.0);
    return cell % 6 == 0 ? (cell % 12 == 0 ? far : -far) : 0;
  }
  return family.spread * NormalQuantile((cell + 0.5) / kCells);
}

std::vector<WageWorld> CellsOf(const Family& family) {
  std::vector<WageWorld> worlds;
  for (int cell = 0; cell < kCells; ++cell) {
    const double median = kParentMedian * std::exp(ShiftOf(family, cell));
    if (family.heaped) {
      worlds.push_back(WageWorld::WithHeaps(
          "", median, 0.4, {{std::round(median * 0.96), 0.25}}));
    } else {
      worlds.emplace_back("", median, 0.4);
    }
  }
  return worlds;
}

struct Outcome {
  int held = 0;
  int of = 0;
  double own_squares = 0;  // Of the errors in log, cut off at 1.
  double modelled_squares = 0;
  double own_width = 0;
  double modelled_width = 0;
};

double CutSquare(double error) { return std::min(error * error, 1.0); }

// Where the parent's figures come from. Its workers are those of the cells.
enum class Parent {
  kTable,  // A coarser table, with noise of its own.
  kSum,    // The cells added up, with their noise.
};

// One table: cells, and the parent that they add up to.
void OneRound(CellSimulator& cells, const std::vector<double>& truths,
              const std::vector<std::vector<double>>& shares, int64_t n,
              Parent kind, Outcome& outcome) {
  const Critical critical = CriticalFor(0.05, cells.mechanism());
  std::vector<int64_t> together(shares.front().size());
  std::vector<double> sum(cells.model().tree.node_count());
  std::vector<Kin> kin;
  for (const std::vector<double>& cell : shares) {
    const std::vector<int64_t> counts = cells.DrawCounts(cell, n);
    const std::vector<double> nodes = cells.DrawNoise(counts);
    for (size_t b = 0; b < counts.size(); ++b) {
      together[b] += counts[b];
    }
    for (size_t i = 0; i < nodes.size(); ++i) {
      sum[i] += nodes[i];
    }
    kin.push_back(
        {FindQuantile(CellCdf(cells.model(), nodes, 1), 0.5, critical), {}});
  }
  const CellCdf over =
      kind == Parent::kTable
          ? CellCdf(cells.model(), cells.DrawNoise(together), 1)
          : CellCdf(cells.model(), sum, shares.size());
  for (Kin& one : kin) {
    one.parent = FindQuantile(over, 0.5, critical);
  }
  const auto spread = SpreadAroundParents(kin, critical);
  for (size_t i = 0; i < kin.size(); ++i) {
    const LogQuantile modelled =
        spread.has_value()
            ? Shrunk(kin[i], *spread, cells.model().grid, critical)
            : kin[i].cell;
    const double truth = std::log(truths[i]);
    ++outcome.of;
    outcome.held +=
        (modelled.open_low || modelled.low <= truth + 1e-9) &&
                (modelled.open_high || modelled.high >= truth - 1e-9)
            ? 1
            : 0;
    outcome.own_squares += CutSquare(kin[i].cell.value - truth);
    outcome.modelled_squares += CutSquare(modelled.value - truth);
    outcome.own_width += kin[i].cell.HalfWidth();
    outcome.modelled_width += modelled.HalfWidth();
  }
}

int FamilyRows(const Design& design, const Family& family, Parent parent,
               int tables, double least) {
  CellSimulator cells(design, 24);
  std::vector<double> truths;
  std::vector<std::vector<double>> shares;
  for (const WageWorld& world : CellsOf(family)) {
    truths.push_back(world.Quantile(0.5));
    shares.push_back(world.BinShares(design.inner_edges));
  }
  int failures = 0;
  for (const int64_t n : kSizes) {
    Outcome outcome;
    for (int table = 0; table < tables; ++table) {
      OneRound(cells, truths, shares, n, parent, outcome);
    }
    const auto of = static_cast<double>(outcome.of);
    const double coverage = outcome.held / of;
    const bool failed = coverage < least ||
                        (family.must_gain &&
                         outcome.modelled_squares > 1.02 * outcome.own_squares);
    failures += failed ? 1 : 0;
    std::printf("%-8s %-6s %-11s %6d %8.1f%s %9.1f %9.1f %11.1f %9.1f\n",
                design.name.c_str(), parent == Parent::kTable ? "table" : "sum",
                family.name, static_cast<int>(n), coverage * 100,
                failed ? "!" : " ", 100 * std::sqrt(outcome.own_squares / of),
                100 * std::sqrt(outcome.modelled_squares / of),
                100 * outcome.own_width / of,
                100 * outcome.modelled_width / of);
  }
  return failures;
}

}  // namespace

int ModelledTable(int rounds, double least) {
  const int tables = std::max(rounds / kCells, 20);
  std::printf(
      "\nModelled medians: %d tables of %d cells a point; errors and "
      "half-widths in %%\n%-8s %-6s %-11s %6s %9s %9s %9s %11s %9s\n",
      tables, kCells, "noise", "parent", "cells", "n", "coverage", "own rmse",
      "modelled", "own width", "modelled");
  const std::vector<int64_t> edges = EvenEdges(800, 6000, 64);
  const Design gaussian{"Gaussian",
                        Mechanism::kDiscreteGaussian,
                        {4, 4, 4},
                        {25000, 25000, 25000, 25000},
                        edges};
  const Design laplace{"Laplace",
                       Mechanism::kDiscreteLaplace,
                       {8, 8},
                       {333333, 333333, 333333},
                       edges};
  int failures = 0;
  for (const Design& design : {gaussian, laplace}) {
    for (const Parent parent : {Parent::kTable, Parent::kSum}) {
      for (const Family& family : kFamilies) {
        failures += FamilyRows(design, family, parent, tables, least);
      }
    }
  }
  return failures;
}

}  // namespace commonwage::testing
