// SPDX-License-Identifier: Apache-2.0
// How far published medians are from exact ones on real wages: the three rounds
// of data/open_wages.csv pooled, by industry and experience, before the display
// rule.
//
//  * Laplace noise at epsilon = 1 per cell in total. The grid is made for small
//    cells: few bins, and narrow ones at the round salaries at which annual pay
//    is known to be heaped, so that a median at one of them is found exactly.
//    Fails if the median of |error| is above 15 % (cells of 10 to 29), 4.5 %
//    (30 to 99), 1.9 % (100 to 299) or 0.7 % (300 to 999).
//    The grid of the template annual-pay must reach the same. Beside it stand
//    tau of the display rule and how many cells it would show.
//  * The example plan's own table and the template's, next to what their
//    previews forecast.
//
// Says loudly that it was skipped where the files are not there.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "privacy/estimate/critical.h"
#include "privacy/estimate/marginal_view.h"
#include "privacy/estimate/preview.h"
#include "privacy/estimate/quantile.h"
#include "privacy/estimate/reference_wages.h"
#include "privacy/noise_terms.h"
#include "privacy/threshold.h"
#include "server/steward/plan_template.h"
#include "survey/fraction.h"
#include "survey/plan_json.h"
#include "tests/statistical/coverage_cells.h"
#include "tests/testing/shared_files.h"

namespace commonwage::testing {
namespace {

using privacy::estimate::CellCdf;
using privacy::estimate::CriticalFor;
using privacy::estimate::FindQuantile;
using privacy::estimate::LogQuantile;

constexpr int kDrawsPerCell = 40;
// The rule that the Laplace tables name, though they are taken before it.
constexpr int64_t kK = 10;
constexpr char kThresholdDelta[] = "1e-7";

struct SizeClass {
  const char* name;
  size_t least;
  double target;  // Median |error|; 0: none.
};
constexpr std::array<SizeClass, 5> kClasses = {{{"10-29", 10, 0.15},
                                                {"30-99", 30, 0.045},
                                                {"100-299", 100, 0.019},
                                                {"300-999", 300, 0.007},
                                                {"1000+", 1000, 0}}};

// Wages per cell, increasing.
using Cells = std::map<std::string, std::vector<int64_t>>;

Cells ReadCells(const std::string& csv) {
  Cells cells;
  std::istringstream lines(csv);
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    std::array<std::string, 6> field;  // period, industry, experience, ...
    for (std::string& one : field) {
      std::getline(fields, one, ',');
    }
    cells[field[1] + "," + field[2]].push_back(
        std::strtoll(field[5].c_str(), nullptr, 10));
  }
  for (auto& [key, wages] : cells) {
    std::sort(wages.begin(), wages.end());
  }
  return cells;
}

double MedianOf(const std::vector<int64_t>& sorted) {
  const size_t n = sorted.size();
  return static_cast<double>(sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
}

double MiddleOf(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[values.size() / 2];
}

size_t ClassOf(size_t workers) {
  size_t c = 0;
  while (c + 1 < kClasses.size() && workers >= kClasses[c + 1].least) {
    ++c;
  }
  return c;
}

std::vector<int64_t> CountsOf(const std::vector<int64_t>& wages,
                              const std::vector<int64_t>& edges) {
  std::vector<int64_t> counts(edges.size() + 1);
  for (const int64_t wage : wages) {
    ++counts[static_cast<size_t>(
        std::upper_bound(edges.begin(), edges.end(), wage) - edges.begin())];
  }
  return counts;
}

// Narrow bins at round salaries, wide ones between.
Design RoundSalaries() {
  Design design{"16 bins, narrow ones at round salaries, [16]",
                Mechanism::kDiscreteLaplace,
                {16},
                {50000, 950000},
                {30000}};
  for (const int64_t salary :
       {40000, 50000, 60000, 70000, 80000, 100000, 120000}) {
    design.inner_edges.push_back(salary);
    design.inner_edges.push_back(salary + 1);
  }
  return design;
}

// For comparison: the example plan's grid, which knows of no round salaries.
Design EvenBins() {
  return {"64 even bins, [8,8]",
          Mechanism::kDiscreteLaplace,
          {8, 8},
          {50000, 600000, 350000},
          EvenEdges(20000, 300000, 64)};
}

Plan AnnualPay() {
  for (const server::steward::PlanTemplate& known :
       server::steward::PlanTemplates()) {
    if (known.name == "annual-pay") {
      return server::steward::PlanFromTemplate(known, {}, absl::UnixEpoch())
          .value();
    }
  }
  std::abort();
}

struct ClassResult {
  size_t cells = 0;
  std::vector<double> errors;  // |estimate / exact - 1|.
  std::vector<double> half_widths;
  std::vector<double> forecasts;  // Half-widths.
  double shown = 0;               // Draws at or above tau, with n >= k.
  double chance = 0;              // Forecast, summed over cells.
};

struct Rule {
  int64_t k = 0;
  int64_t tau = 0;
};

void Measure(CellSimulator& simulator, const std::vector<int64_t>& edges,
             const std::vector<int64_t>& wages, const Rule& rule,
             ClassResult& result) {
  const auto n = static_cast<int64_t>(wages.size());
  const double exact = MedianOf(wages);
  const auto critical = CriticalFor(0.05, simulator.mechanism());
  const std::vector<int64_t> counts = CountsOf(wages, edges);
  for (int draw = 0; draw < kDrawsPerCell; ++draw) {
    const std::vector<double> nodes = simulator.DrawNoise(counts);
    const LogQuantile median =
        FindQuantile(CellCdf(simulator.model(), nodes, 1), 0.5, critical);
    result.errors.push_back(std::abs(std::exp(median.value) / exact - 1));
    result.half_widths.push_back(median.HalfWidth());
    result.shown +=
        n >= rule.k && nodes.front() >= static_cast<double>(rule.tau) ? 1 : 0;
  }
  ++result.cells;
}

using Results = std::array<ClassResult, kClasses.size()>;

bool LaplaceTable(const Cells& cells, const Design& design, bool gated) {
  const privacy::NoiseLaw root{
      Mechanism::kDiscreteLaplace,
      ReducedFraction(1'000'000, design.micro_loss_per_level.front())};
  const int64_t tau = *privacy::MinimalTau(root, kK, kThresholdDelta);
  CellSimulator simulator(design, 1);
  Results results;
  for (const auto& [key, wages] : cells) {
    if (wages.size() >= kClasses.front().least) {
      ClassResult& result = results[ClassOf(wages.size())];
      Measure(simulator, design.inner_edges, wages, {}, result);
      result.chance += static_cast<double>(privacy::ReleaseProbability(
          root, kK, tau, static_cast<int64_t>(wages.size())));
    }
  }
  std::printf(
      "\nLaplace, epsilon = 1 per cell in total: %s; %d draws a cell\n"
      "(with k = %d and delta %s the display rule would ask for a noisy count "
      "of %d)\n%-9s %6s %16s %8s %12s %8s\n",
      design.name.c_str(), kDrawsPerCell, static_cast<int>(kK), kThresholdDelta,
      static_cast<int>(tau), "workers", "cells", "median |error| %", "target",
      "90 % below", "shown %");
  bool met = true;
  for (size_t c = 0; c < kClasses.size(); ++c) {
    std::vector<double>& errors = results[c].errors;
    std::sort(errors.begin(), errors.end());
    const double middle = MiddleOf(errors);
    const double target = gated ? kClasses[c].target : 0;
    const bool missed = target > 0 && middle > target;
    met = met && !missed;
    std::printf("%-9s %6zu %16.2f %8.1f %12.2f %8.1f%s\n", kClasses[c].name,
                results[c].cells, middle * 100, target * 100,
                errors[errors.size() * 9 / 10] * 100,
                100 * results[c].chance / static_cast<double>(results[c].cells),
                missed ? "  MISSED" : "");
  }
  return met;
}

// The grid that `plan new --template annual-pay` gives.
Design TemplateGrid() {
  return {"the template annual-pay, 32 bins, [4,8]",
          Mechanism::kDiscreteLaplace,
          {4, 8},
          {50000, 550000, 400000},
          AnnualPay().measures.front().inner_edges};
}

void PlanTable(const char* title, const Cells& cells, const Plan& plan) {
  const Marginal& marginal = *FindMarginal(plan, "industry_experience");
  const Design design{"", marginal.mechanism, marginal.fanouts,
                      marginal.micro_loss_per_level,
                      FindMeasure(plan, marginal.measure)->inner_edges};
  CellSimulator simulator(design, 2);
  const privacy::NoiseLaw root = privacy::LawPerLevel(marginal).front();
  const auto tau = privacy::MinimalTau(root, plan.k, plan.threshold_delta);
  const Rule rule{plan.k, *tau};
  const privacy::estimate::ReferenceWages wages_assumed(simulator.model().grid);
  Results results;
  for (const auto& [key, wages] : cells) {
    if (wages.size() < kClasses.front().least) {
      continue;
    }
    ClassResult& result = results[ClassOf(wages.size())];
    Measure(simulator, design.inner_edges, wages, rule, result);
    const auto n = static_cast<int64_t>(wages.size());
    result.chance += static_cast<double>(
        privacy::ReleaseProbability(root, rule.k, rule.tau, n));
    const double forecast = privacy::estimate::ExpectedMedianHalfWidth(
        simulator.model(), wages_assumed, n, marginal.mechanism);
    result.forecasts.push_back(forecast >= 0 ? forecast : 10);
  }
  std::printf(
      "\n%s, table industry_experience (Gaussian, %zu bins, shown from %d), "
      "all draws, shown or not; beside it what the preview forecasts for cells "
      "of these sizes\n%-9s %6s %9s %9s %16s %14s %14s\n",
      title, simulator.model().grid.bins(), static_cast<int>(rule.tau),
      "workers", "cells", "shown %", "forecast", "median |error| %",
      "half-width %", "forecast");
  for (size_t c = 0; c < kClasses.size(); ++c) {
    const ClassResult& result = results[c];
    const auto count = static_cast<double>(result.cells);
    const double forecast = MiddleOf(result.forecasts);
    std::printf("%-9s %6zu %9.1f %9.1f %16.2f %14.1f", kClasses[c].name,
                result.cells, 100 * result.shown / (count * kDrawsPerCell),
                100 * result.chance / count, 100 * MiddleOf(result.errors),
                100 * MiddleOf(result.half_widths));
    if (forecast < 10) {
      std::printf(" %14.1f\n", forecast * 100);
    } else {
      std::printf(" %14s\n", "open");
    }
  }
}

int Run() {
  const std::optional<std::string> csv = SharedFile("data/open_wages.csv");
  const std::optional<std::string> json = SharedFile("examples/plan.json");
  if (!csv.has_value() || !json.has_value()) {
    std::puts(
        "SKIPPED: data/open_wages.csv or examples/plan.json is not there; set "
        "COMMONWAGE_SHARED to the directory that holds them.");
    return kSkippedExitCode;
  }
  const Cells cells = ReadCells(*csv);
  const bool met = LaplaceTable(cells, RoundSalaries(), true);
  const bool template_met = LaplaceTable(cells, TemplateGrid(), true);
  LaplaceTable(cells, EvenBins(), false);
  const absl::StatusOr<Plan> plan = ParsePlan(*json);
  if (!plan.ok()) {
    std::puts("The example plan is faulty.");
    return EXIT_FAILURE;
  }
  PlanTable("Example plan", cells, *plan);
  PlanTable("Plan of the template annual-pay", cells, AnnualPay());
  return met && template_met ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace commonwage::testing

int main() { return commonwage::testing::Run(); }
