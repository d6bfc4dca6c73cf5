// SPDX-License-Identifier: Apache-2.0
#include "figures/quantiles.h"

#include <optional>

#include "absl/strings/str_cat.h"

#include "privacy/estimate/quantile.h"
#include "privacy/estimate/robustness.h"

namespace commonwage::figures {

namespace {

namespace estimate = privacy::estimate;

estimate::Estimate WageAt(double p, const ShownCell& cell) {
  if (cell.modelled != nullptr) {
    const std::optional<estimate::LogQuantile> modelled =
        cell.modelled->QuantileOf(cell.index, p);
    if (modelled.has_value()) {
      return estimate::WageOf(*modelled);
    }
  }
  return estimate::WageOf(
      estimate::FindQuantile(cell.sum.cdf, p, cell.critical));
}

}  // namespace

size_t Quantiles::Count(const v1::StatisticsSelection& asked, size_t /*bins*/) {
  return static_cast<size_t>(asked.quantiles_size());
}

void Quantiles::Check(const v1::StatisticsSelection& asked, Faults& faults) {
  if (asked.quantiles_size() > kMaxEntries) {
    faults.Add("statistics.quantiles", "Must have at most 32 entries.");
  }
  for (int i = 0; i < asked.quantiles_size(); ++i) {
    faults.CheckProbability(absl::StrCat("statistics.quantiles[", i, "]"),
                            asked.quantiles(i));
  }
}

void Quantiles::Tell(const v1::StatisticsSelection& asked,
                     const ShownCell& cell, v1::CellFigures& told) {
  for (const double p : asked.quantiles()) {
    v1::QuantileEstimate* added = told.add_quantiles();
    added->set_p(p);
    *added->mutable_wage() = cell.Tell(WageAt(p, cell));
    const std::optional<double> shift =
        estimate::FindShiftByFalse(cell.sum.cdf, p, cell.k);
    if (shift.has_value()) {
      added->set_shift_by_k_false(*shift);
    }
  }
}

}  // namespace commonwage::figures
