// SPDX-License-Identifier: Apache-2.0
// Are modelled figures nearer to the truth than the cells' own, and do their
// intervals hold in each cell? Draws releases by the code that publishes, asks
// by the code that answers, and compares, over the figures that were offered,
//  * on the open wages, each period by itself, the cells of industry by
//    experience and of industry by region with those exact figures of theirs:
//    under the example plan, and with 128 bins and a table of every dimension.
//    Constants of the model were chosen on 2021-04, but for the cautions: those
//    that did there (2 and 2) lost in the ninth decile of 2019-04. Three more
//    tables, on which nothing was chosen, confirm them.
//  * on made tables with those of the populations that the workers are drawn
//    from: cells that stray from row and column in several ways, and pay that
//    is smooth, heaped, rounded or a scale.
// Prints the table and fails unless, for cells of 30 to 99 workers, median
// error and RMSE are less than those of the plain figures (open wages), and
// intervals hold in 93 % over cells and 85 % in each.
//
// Usage: modelled_accuracy [--short]
//   --short: fewer draws, tables and designs; size classes taken together.
//
// Says loudly that the open wages were skipped where the files are not there.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "privacy/estimate/summary.h"
#include "privacy/noise/release_round.h"
#include "privacy/noise/tally.h"
#include "privacy/plan_loss.h"
#include "survey/answer.h"
#include "survey/cells.h"
#include "survey/manifest.h"
#include "survey/plan/plan_json.h"
#include "tests/statistical/coverage_world.h"
#include "tests/statistical/made_tables.h"
#include "tests/statistical/modelled_score.h"
#include "tests/testing/plan_parts.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/shared_files.h"

namespace commonwage::testing {
namespace {

using privacy::estimate::Figures;
using privacy::noise::Tally;

constexpr std::array kPeriods = {"2021-04", "2019-04", "2023-04"};

struct Scope {
  bool is_short = false;
  int draws = 200;
};

Figures DrawFigures(const Manifest& manifest, const Tally& tally,
                    SeededRandom& random) {
  auto release = privacy::noise::DrawRelease(manifest, ManifestHash(), tally,
                                             false, "test", random);
  COMMONWAGE_CHECK(release.ok());
  auto figures = Figures::Of(manifest, *std::move(release));
  COMMONWAGE_CHECK(figures.ok());
  return *std::move(figures);
}

Manifest ManifestOf(Plan plan) {
  Manifest manifest;
  manifest.plan = std::move(plan);
  const auto loss = privacy::LossOf(manifest.plan);
  COMMONWAGE_CHECK(loss.ok());
  for (const privacy::MarginalLoss& marginal : loss->marginals) {
    manifest.taus.push_back(marginal.tau);
  }
  return manifest;
}

// The answers of one period, by dimension and measure.
std::vector<std::map<std::string, std::string>> ReadAnswers(
    const std::string& csv, const std::string& period) {
  std::istringstream lines(csv);
  std::string line;
  std::getline(lines, line);
  std::vector<std::map<std::string, std::string>> answers;
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    std::map<std::string, std::string> answer;
    for (const char* const name : {"period", "industry", "experience", "region",
                                   "gender", "annual_pay"}) {
      std::getline(fields, answer[name], ',');
    }
    if (answer.extract("period").mapped() == period) {
      answers.push_back(std::move(answer));
    }
  }
  return answers;
}

// The least wage that a share p is paid at most, or the middle between it and
// the next where that is just as true.
double QuantileOf(const std::vector<int64_t>& increasing, double p) {
  const size_t n = increasing.size();
  const double place = p * static_cast<double>(n);
  const double whole = std::round(place);
  if (std::abs(place - whole) < 1e-9 && whole >= 1 &&
      whole < static_cast<double>(n)) {
    const auto k = static_cast<size_t>(whole);
    return static_cast<double>(increasing[k - 1] + increasing[k]) / 2;
  }
  return static_cast<double>(
      increasing[std::min(static_cast<size_t>(place), n - 1)]);
}

TableTruth TruthOf(const Plan& plan, const std::vector<std::string>& by,
                   const std::vector<Answer>& answers, std::string name) {
  TableTruth truth;
  truth.name = std::move(name);
  truth.by = by;
  const auto marginal =
      std::find_if(plan.marginals.begin(), plan.marginals.end(),
                   [&by](const Marginal& one) { return one.by == by; });
  COMMONWAGE_CHECK(marginal != plan.marginals.end());
  const CellSpace cells(plan, *marginal);
  std::vector<std::vector<int64_t>> wages(cells.size());
  for (const Answer& answer : answers) {
    wages[CellOfAnswer(cells, answer)].push_back(answer.minor_units.front());
  }
  for (std::vector<int64_t>& cell : wages) {
    std::sort(cell.begin(), cell.end());
    truth.workers.push_back(static_cast<int64_t>(cell.size()));
    truth.quantiles.emplace_back();
    for (size_t q = 0; q < kScoredQuantiles.size() && !cell.empty(); ++q) {
      truth.quantiles.back()[q] = QuantileOf(cell, kScoredQuantiles[q]);
    }
  }
  return truth;
}

// The tables that are looked at; `confirming` are some that the constants were
// not fitted to, in any period. Industry by gender was looked at once while
// they were set (docs/FIGURES.md); the other two were not.
std::vector<std::vector<std::string>> TablesOf(bool confirming) {
  if (confirming) {
    return {{"industry", "gender"},
            {"experience", "region"},
            {"industry", "experience", "gender"}};
  }
  return {{"industry", "experience"}, {"industry", "region"}};
}

// The example plan with the grid and trees that small groups want, and a table
// of each dimension.
Plan WithFinerGrid(Plan plan, bool confirming) {
  Measure& measure = plan.measures.front();
  measure.inner_edges = EvenEdges(20000, 300000, 128);
  plan.marginals.clear();
  std::vector<std::vector<std::string>> tables = TablesOf(false);
  for (const Dimension& dimension : plan.dimensions) {
    tables.push_back({dimension.id});
  }
  if (confirming) {
    for (const std::vector<std::string>& by : TablesOf(true)) {
      tables.push_back(by);
    }
  }
  for (const std::vector<std::string>& by : tables) {
    plan.marginals.push_back({"table" + std::to_string(plan.marginals.size()),
                              measure.id,
                              by,
                              Mechanism::kDiscreteGaussian,
                              {4, 4, 4, 2},
                              {20000, 23200, 19500, 15400, 21900}});
  }
  return plan;
}

// "2021-04 64 ind x exp".
std::string NameOf(const std::string& period, const Plan& plan,
                   const std::vector<std::string>& by) {
  std::string name =
      period + " " + std::to_string(BinCount(plan.measures.front())) + " ";
  for (const std::string& id : by) {
    name += (id == by.front() ? "" : " x ") + id.substr(0, 3);
  }
  return name;
}

int WagesOfPeriod(const Plan& plan,
                  const std::vector<std::vector<std::string>>& tables,
                  const std::string& csv, const std::string& period,
                  const Scope& scope) {
  const Manifest manifest = ManifestOf(plan);
  std::vector<Answer> answers;
  Tally tally(plan);
  for (const auto& by_id : ReadAnswers(csv, period)) {
    answers.push_back(MakeAnswer(plan, by_id).value());
    COMMONWAGE_CHECK(tally.Add(answers.back()).ok());
  }
  std::vector<ModelledScore> scores;
  scores.reserve(tables.size());
  for (const std::vector<std::string>& by : tables) {
    scores.emplace_back(TruthOf(plan, by, answers, NameOf(period, plan, by)));
  }
  SeededRandom random(20210401);
  for (int draw = 0; draw < scope.draws; ++draw) {
    const Figures figures = DrawFigures(manifest, tally, random);
    for (ModelledScore& score : scores) {
      score.Add(figures);
    }
  }
  Conditions conditions;
  conditions.by_class = !scope.is_short;
  int failures = 0;
  for (const ModelledScore& score : scores) {
    failures += score.Print(conditions);
  }
  std::fflush(stdout);
  return failures;
}

// Returns the number of failures; nullopt if the files are not there.
std::optional<int> OpenWages(const Scope& scope) {
  const std::optional<std::string> csv = SharedFile("data/open_wages.csv");
  const std::optional<std::string> json = SharedFile("examples/plan.json");
  if (!csv.has_value() || !json.has_value()) {
    return std::nullopt;
  }
  const Plan plan = ParsePlan(*json).value();
  std::printf(
      "\nOpen wages: period, bins, industry, experience, region, gender; %d "
      "draws a point\n",
      scope.draws);
  ModelledScore::PrintHead();
  int failures = 0;
  for (const char* const period : kPeriods) {
    if (!scope.is_short) {
      failures += WagesOfPeriod(plan, TablesOf(false), *csv, period, scope);
    }
    failures += WagesOfPeriod(WithFinerGrid(plan, false), TablesOf(false), *csv,
                              period, scope);
  }
  if (scope.is_short) {
    return failures;
  }
  std::printf(
      "\nTables that the constants were not fitted to (industry by gender was "
      "looked at)\n");
  ModelledScore::PrintHead();
  for (const char* const period : kPeriods) {
    failures += WagesOfPeriod(WithFinerGrid(plan, true), TablesOf(true), *csv,
                              period, scope);
  }
  return failures;
}

std::vector<std::pair<Straying, PayKind>> KindsOf(const Scope& scope) {
  if (scope.is_short) {
    return {{Straying::kLittle, PayKind::kSmooth},
            {Straying::kFew, PayKind::kHeaped},
            {Straying::kFew, PayKind::kScale}};
  }
  return {{Straying::kNone, PayKind::kSmooth},
          {Straying::kLittle, PayKind::kSmooth},
          {Straying::kMuch, PayKind::kSmooth},
          {Straying::kFew, PayKind::kSmooth},
          {Straying::kOneByOne, PayKind::kSmooth},
          {Straying::kThreeWay, PayKind::kSmooth},
          {Straying::kFew, PayKind::kUneven},
          {Straying::kFew, PayKind::kHeaped},
          {Straying::kFew, PayKind::kRoundPay},
          {Straying::kFew, PayKind::kScale}};
}

ModelledScore ScoreOf(MadeTable& table, uint64_t seed, const Scope& scope) {
  ModelledScore score(table.truth());
  SeededRandom random(seed);
  for (int draw = 0; draw < scope.draws; ++draw) {
    score.Add(DrawFigures(table.manifest(), table.DrawWorkers(), random));
  }
  return score;
}

int MadeTables(const Scope& scope) {
  const MadeDesign gaussian64{"64 bins,",
                              Mechanism::kDiscreteGaussian,
                              {4, 4, 4},
                              {20000, 20000, 20000, 20000}};
  const MadeDesign gaussian128{"128 bins,",
                               Mechanism::kDiscreteGaussian,
                               {4, 4, 4, 2},
                               {20000, 23200, 19500, 15400, 21900}};
  const MadeDesign laplace{"Laplace,",
                           Mechanism::kDiscreteLaplace,
                           {4, 8},
                           {400000, 300000, 300000}};
  std::printf("\nMade tables: design, how cells stray, pay; %d draws a point\n",
              scope.draws);
  ModelledScore::PrintHead();
  Conditions conditions;
  // The populations' own law decides what can be had; it must cost nothing.
  conditions.nearer = false;
  conditions.most_rmse_ratio = 1.03;
  conditions.by_class = !scope.is_short;
  int failures = 0;
  uint64_t seed = 1;
  for (const MadeDesign& design : {gaussian128, gaussian64, laplace}) {
    for (const auto& [straying, pay] : KindsOf(scope)) {
      MadeTable table(design, straying, pay, ++seed);
      failures += ScoreOf(table, ~seed, scope).Print(conditions);
      std::fflush(stdout);
    }
    if (scope.is_short) {
      break;
    }
  }
  return failures;
}

int Run(const Scope& scope) {
  const int made = MadeTables(scope);
  const std::optional<int> open = OpenWages(scope);
  const int failures = made + open.value_or(0);
  std::printf("\n%d line%s out of bounds (marked !)\n", failures,
              failures == 1 ? "" : "s");
  if (failures > 0) {
    return EXIT_FAILURE;
  }
  if (!open.has_value()) {
    std::puts(
        "SKIPPED: data/open_wages.csv or examples/plan.json is not there; set "
        "COMMONWAGE_SHARED to the directory that holds them.");
    return kSkippedExitCode;
  }
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace commonwage::testing

int main(int argc, char** argv) {
  const bool is_short = argc == 2 && std::strcmp(argv[1], "--short") == 0;
  if (argc > 2 || (argc == 2 && !is_short)) {
    std::fputs("usage: modelled_accuracy [--short]\n", stderr);
    return 2;
  }
  return commonwage::testing::Run({is_short, is_short ? 30 : 200});
}
