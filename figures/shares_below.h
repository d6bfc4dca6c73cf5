// SPDX-License-Identifier: Apache-2.0
// Shares of people paid less than a rate: StatisticsSelection.shares_below.

#ifndef COMMONWAGE_FIGURES_SHARES_BELOW_H_
#define COMMONWAGE_FIGURES_SHARES_BELOW_H_

#include <cstddef>

#include "figures/statistic.h"

namespace commonwage::figures {

// A statistic (statistic.h).
struct SharesBelow {
  static size_t Count(const v1::StatisticsSelection& asked, size_t bins);
  static void Check(const v1::StatisticsSelection& asked, Faults& faults);
  static void Tell(const v1::StatisticsSelection& asked, const ShownCell& cell,
                   v1::CellFigures& told);
};

}  // namespace commonwage::figures

#endif  // COMMONWAGE_FIGURES_SHARES_BELOW_H_
