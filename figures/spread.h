// SPDX-License-Identifier: Apache-2.0
// How far apart pay is: StatisticsSelection.spread. With Q1 and Q3 the lower
// and the upper quartile it is Q3 / Q1 - 1. Both are of the same workers, so
// that their errors partly cancel; the interval, which is that of a gap of two
// cells (privacy/estimate/gap.h), does not count on it.

#ifndef COMMONWAGE_FIGURES_SPREAD_H_
#define COMMONWAGE_FIGURES_SPREAD_H_

#include <cstddef>

#include "figures/statistic.h"

namespace commonwage::figures {

// A statistic (statistic.h).
struct Spread {
  static size_t Count(const v1::StatisticsSelection& asked, size_t bins);
  static void Check(const v1::StatisticsSelection& asked, Faults& faults);
  static void Tell(const v1::StatisticsSelection& asked, const ShownCell& cell,
                   v1::CellFigures& told);
};

}  // namespace commonwage::figures

#endif  // COMMONWAGE_FIGURES_SPREAD_H_
