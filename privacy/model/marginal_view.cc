// SPDX-License-Identifier: Apache-2.0
#include "privacy/model/marginal_view.h"

#include <cmath>
#include <utility>

#include "base/check.h"
#include "privacy/noise_law.h"
#include "privacy/noise_terms.h"
#include "privacy/tail.h"

namespace commonwage::privacy::model {
namespace {

// The share of a sum from which on parts near the threshold matter to it.
constexpr double kNearShare = 0.1;

}  // namespace

std::vector<double> ComputeLevelVariances(const Marginal& marginal) {
  std::vector<double> variances;
  for (const NoiseLaw& law : LawPerLevel(marginal)) {
    variances.push_back(static_cast<double>(VarianceOf(law)));
  }
  return variances;
}

CellModel MakeCellModel(const Plan& plan, const Marginal& marginal) {
  const Measure* measure = FindMeasure(plan, marginal.measure);
  COMMONWAGE_CHECK(measure != nullptr);
  return {TreeModel(marginal.fanouts, ComputeLevelVariances(marginal)),
          PayGrid(*measure)};
}

MarginalView::MarginalView(const Plan& plan, const Release& release,
                           size_t index)
    : plan_(&plan),
      marginal_(&plan.marginals[index]),
      measure_(FindMeasure(plan, marginal_->measure)),
      released_(&release.marginals[index]),
      model_(MakeCellModel(plan, *marginal_)),
      cells_(plan, *marginal_),
      near_count_(static_cast<double>(released_->tau) +
                  2 * std::sqrt(ComputeLevelVariances(*marginal_).front())) {}

std::optional<CellSum> MarginalView::AddUp(
    absl::Span<const size_t> cells) const {
  COMMONWAGE_CHECK(!cells.empty());
  std::vector<double> sum(model_.tree.node_count());
  double near = 0;
  for (const size_t cell : cells) {
    const ReleasedCell& nodes = released_->cells[cell];
    // What is left was chosen by its size, and would pass for the whole.
    if (!nodes.has_value()) {
      return std::nullopt;
    }
    for (size_t i = 0; i < sum.size(); ++i) {
      sum[i] += static_cast<double>((*nodes)[i]);
    }
    const auto count = static_cast<double>(nodes->front());
    // So near to tau a cell may be shown only because its noise was high: its
    // count leans upward, by how much nobody can tell.
    if (count < near_count_) {
      near += count;
    }
  }
  CellCdf cdf(model_, sum, cells.size());
  const bool near_threshold = near > kNearShare * cdf.size();
  return CellSum{std::move(cdf), cells.size(), near_threshold};
}

}  // namespace commonwage::privacy::model
