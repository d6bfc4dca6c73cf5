// SPDX-License-Identifier: Apache-2.0
#include "figures/shares_below.h"

#include <cstdint>

#include "absl/strings/str_cat.h"

#include "privacy/estimate/share.h"
#include "survey/plan/plan.h"

namespace commonwage::figures {

size_t SharesBelow::Count(const v1::StatisticsSelection& asked,
                          size_t /*bins*/) {
  return static_cast<size_t>(asked.shares_below_size());
}

void SharesBelow::Check(const v1::StatisticsSelection& asked, Faults& faults) {
  if (asked.shares_below_size() > kMaxEntries) {
    faults.Add("statistics.shares_below", "Must have at most 32 entries.");
  }
  for (int i = 0; i < asked.shares_below_size(); ++i) {
    const int64_t rate = asked.shares_below(i);
    if (rate <= 0 || rate > kMaxMinorUnits) {
      faults.Add(absl::StrCat("statistics.shares_below[", i, "]"),
                 "Must be a positive number of minor units, at most 10^15.");
    }
  }
}

void SharesBelow::Tell(const v1::StatisticsSelection& asked,
                       const ShownCell& cell, v1::CellFigures& told) {
  for (const int64_t rate : asked.shares_below()) {
    v1::ShareEstimate* added = told.add_shares_below();
    added->set_rate(rate);
    *added->mutable_share() = cell.Tell(privacy::estimate::EstimateShareBelow(
        cell.sum.cdf, rate, cell.critical));
  }
}

}  // namespace commonwage::figures
