// SPDX-License-Identifier: Apache-2.0
// Every statistic that can be asked for of a cell.

#ifndef COMMONWAGE_FIGURES_REGISTRY_H_
#define COMMONWAGE_FIGURES_REGISTRY_H_

#include <cstddef>
#include <vector>

#include "commonwage/v1/statistics.pb.h"
#include "figures/statistic.h"

namespace commonwage::figures {

// Returns the statistics in the order of their fields in
// v1::StatisticsSelection. Each field has one: else this does not compile.
std::vector<Statistic> Statistics();

// Returns how many figures a cell has if its grid has `bins` bins; 0 if nothing
// is asked for.
size_t FiguresPerCell(const v1::StatisticsSelection& asked, size_t bins);

// Returns the figures asked for of a shown cell.
v1::CellFigures TellFigures(const v1::StatisticsSelection& asked,
                            ShownCell cell);

}  // namespace commonwage::figures

#endif  // COMMONWAGE_FIGURES_REGISTRY_H_
