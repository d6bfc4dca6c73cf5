// SPDX-License-Identifier: Apache-2.0
#include "tests/statistical/coverage_cells.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>

#include "base/check.h"
#include "privacy/model/marginal_view.h"
#include "privacy/noise_terms.h"

namespace commonwage::testing {
namespace {

Plan PlanOf(const Design& design) {
  Plan plan;
  plan.measures.push_back(
      {"pay", "EUR", PayPeriod::kHour, 2, design.inner_edges});
  plan.marginals.push_back({"all",
                            "pay",
                            {},
                            design.mechanism,
                            design.fanouts,
                            design.micro_loss_per_level});
  return plan;
}

}  // namespace

CellSimulator::CellSimulator(const Plan& plan, const Marginal& marginal,
                             uint64_t seed)
    : mechanism_(marginal.mechanism),
      model_(privacy::model::MakeCellModel(plan, marginal)),
      terms_{TreeShape(marginal.fanouts),
             {},
             0,
             std::numeric_limits<int64_t>::min()},
      people_(seed),
      noise_source_(~seed),
      noise_(noise_source_) {
  for (const privacy::NoiseLaw& law : privacy::LawPerLevel(marginal)) {
    auto noise = privacy::noise::NodeNoise::Create(law);
    COMMONWAGE_CHECK(noise.ok());
    terms_.noise.push_back(*std::move(noise));
  }
}

CellSimulator::CellSimulator(const Design& design, uint64_t seed)
    : CellSimulator(PlanOf(design), PlanOf(design).marginals.front(), seed) {}

std::vector<double> CellSimulator::DrawNoise(
    const std::vector<int64_t>& counts) {
  privacy::noise::ProvenSteps steps;
  const ReleasedCell cell =
      privacy::noise::DrawCellBy(steps, terms_, counts, noise_);
  return std::vector<double>(cell->begin(), cell->end());
}

std::vector<double> CellSimulator::DrawNodes(const std::vector<double>& shares,
                                             int64_t n) {
  return DrawNoise(DrawCounts(shares, n));
}

std::vector<int64_t> CellSimulator::DrawCounts(
    const std::vector<double>& shares, int64_t n) {
  // Inversion by a table: a bin's slots, then the exact comparison.
  std::vector<double> up_to;
  double sum = 0;
  for (const double share : shares) {
    sum += share;
    up_to.push_back(sum);
  }
  constexpr size_t kSlots = 1024;
  std::vector<uint16_t> first(kSlots);
  size_t bin = 0;
  for (size_t slot = 0; slot < kSlots; ++slot) {
    while (bin + 1 < up_to.size() &&
           up_to[bin] <= static_cast<double>(slot) / kSlots) {
      ++bin;
    }
    first[slot] = static_cast<uint16_t>(bin);
  }
  std::vector<int64_t> counts(shares.size());
  for (int64_t i = 0; i < n; ++i) {
    const double u = people_.Unit();
    size_t b = first[static_cast<size_t>(u * kSlots)];
    while (b + 1 < up_to.size() && u >= up_to[b]) {
      ++b;
    }
    ++counts[b];
  }
  return counts;
}

privacy::model::CellCdf CellSimulator::Draw(const std::vector<double>& shares,
                                            int64_t n, size_t parts) {
  const auto number = static_cast<int64_t>(parts);
  std::vector<double> sum(model_.tree.node_count());
  for (int64_t part = 0; part < number; ++part) {
    const int64_t workers = n * (part + 1) / number - n * part / number;
    const std::vector<double> nodes = DrawNodes(shares, workers);
    for (size_t i = 0; i < sum.size(); ++i) {
      sum[i] += nodes[i];
    }
  }
  return privacy::model::CellCdf(model_, sum, parts);
}

}  // namespace commonwage::testing
