// SPDX-License-Identifier: Apache-2.0
// What it costs that intervals hold on every kind of pay: half-widths of the
// median on smooth pay, over the template's tables, beside those of the rule
// before, which interpolated between the edges of 16 or 32 bins and held the
// median of a pay scale in two fifths of releases. Prints the table.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include <gtest/gtest.h>

#include "privacy/estimate/quantile.h"
#include "privacy/model/critical.h"
#include "server/steward/plan_template.h"
#include "tests/statistical/coverage_cells.h"
#include "tests/statistical/coverage_world.h"

namespace commonwage::testing {
namespace {

constexpr std::array<int64_t, 4> kWorkers = {50, 100, 400, 1000};
constexpr int kRounds = 400;

// Half-widths of the rule before in %, at kWorkers, of the same pay in the same
// template's costliest table.
struct Before {
  std::string name;
  double low;  // The middle of this range is the median, in minor units.
  double high;
  std::array<double, kWorkers.size()> half_widths;
};

std::vector<Before> AllBefore() {
  return {{"couriers", 695, 3475, {29.7, 16.0, 5.5, 3.23}},
          {"small-union", 2409, 7228, {13.7, 8.0, 3.5, 2.20}},
          {"annual-pay", 15080, 239200, {29.1, 16.1, 5.8, 3.38}}};
}

Plan PlanNamed(const std::string& name) {
  for (const auto& known : server::steward::PlanTemplates()) {
    if (known.name == name) {
      return server::steward::PlanFromTemplate(known, {}, absl::UnixEpoch())
          .value();
    }
  }
  ADD_FAILURE() << name;
  return {};
}

// The table that most cells are in.
const Marginal& Largest(const Plan& plan) {
  return *std::max_element(plan.marginals.begin(), plan.marginals.end(),
                           [](const Marginal& a, const Marginal& b) {
                             return a.micro_loss_per_level.front() <
                                    b.micro_loss_per_level.front();
                           });
}

// The middle half-width in log pay, over twenty places of the median.
double HalfWidth(CellSimulator& cells, const Measure& measure,
                 const Before& before, int64_t n) {
  const double low = std::log(before.low);
  const double high = std::log(before.high);
  const auto critical = privacy::model::FindCritical(0.05, cells.mechanism());
  std::vector<double> widths;
  for (int round = 0; round < kRounds; ++round) {
    const double place = (round % 20 + 0.5) / 20 - 0.5;
    const WageWorld world("", std::exp((low + high) / 2 + place * 0.05),
                          std::min(0.394, (high - low) / 4));
    widths.push_back(
        privacy::estimate::FindQuantile(
            cells.Draw(world.BinShares(measure.inner_edges), n), 0.5, critical)
            .HalfWidth());
  }
  std::sort(widths.begin(), widths.end());
  return widths[kRounds / 2];
}

TEST(HalfWidthTest, IntervalsThatHoldOnEveryKindOfPayAreLittleWider) {
  for (const Before& before : AllBefore()) {
    const Plan plan = PlanNamed(before.name);
    const Marginal& table = Largest(plan);
    CellSimulator cells(plan, table, 11);
    std::printf("%-12s +- %% at", before.name.c_str());
    for (size_t i = 0; i < kWorkers.size(); ++i) {
      const double now =
          100 * HalfWidth(cells, plan.measures.front(), before, kWorkers[i]);
      std::printf("  %d: %.1f (before %.1f, times %.2f)",
                  static_cast<int>(kWorkers[i]), now, before.half_widths[i],
                  now / before.half_widths[i]);
      const double allowed = kWorkers[i] == 100    ? 1.25
                             : kWorkers[i] == 1000 ? 1.4
                                                   : 1.5;
      EXPECT_LT(now, allowed * before.half_widths[i])
          << before.name << " " << kWorkers[i];
    }
    std::printf("\n");
  }
}

}  // namespace
}  // namespace commonwage::testing
