// SPDX-License-Identifier: Apache-2.0
#include "figures/registry.h"

#include <cstddef>
#include <vector>

#include "base/check.h"
#include "figures/histogram.h"
#include "figures/quantiles.h"
#include "figures/shares_below.h"
#include "figures/trimmed_mean.h"
#include "figures/workers.h"

namespace commonwage::figures {
namespace {

using Asked = v1::StatisticsSelection;
using Told = v1::CellFigures;
constexpr NearThreshold kTurnsGrey = NearThreshold::kTurnsGrey;

// protoc writes the numbers of a message's fields as one enumeration, which has
// no name.
using AskedField = decltype(Asked::kCountFieldNumber);

// The registry: where a statistic is asked for, its file pair, where it is
// told, and what becomes of it near the threshold. Without a default, so that a
// field that has no line here is an error of -Wswitch.
Statistic StatisticOf(AskedField field) {
  switch (field) {
    case Asked::kCountFieldNumber:
      return MakeStatistic<Workers>(Told::kCountFieldNumber, kTurnsGrey);
    case Asked::kQuantilesFieldNumber:
      return MakeStatistic<Quantiles>(Told::kQuantilesFieldNumber, kTurnsGrey);
    case Asked::kHistogramFieldNumber:
      return MakeStatistic<Histogram>(Told::kHistogramFieldNumber, kTurnsGrey);
    case Asked::kTrimmedMeanFieldNumber:
      return MakeStatistic<TrimmedMean>(Told::kTrimmedMeanFieldNumber,
                                        kTurnsGrey);
    case Asked::kSharesBelowFieldNumber:
      return MakeStatistic<SharesBelow>(Told::kSharesBelowFieldNumber,
                                        kTurnsGrey);
  }
  CheckFailed("a field of StatisticsSelection", __FILE__, __LINE__);
}

}  // namespace

std::vector<Statistic> Statistics() {
  const google::protobuf::Descriptor& asked = *Asked::descriptor();
  std::vector<Statistic> statistics;
  for (int i = 0; i < asked.field_count(); ++i) {
    statistics.push_back(
        StatisticOf(static_cast<AskedField>(asked.field(i)->number())));
  }
  return statistics;
}

size_t FiguresPerCell(const v1::StatisticsSelection& asked, size_t bins) {
  size_t figures = 0;
  for (const Statistic& statistic : Statistics()) {
    figures += statistic.count(asked, bins);
  }
  return figures;
}

v1::CellFigures TellFigures(const v1::StatisticsSelection& asked,
                            ShownCell cell) {
  v1::CellFigures told;
  told.set_near_threshold(cell.sum.near_threshold);
  for (const Statistic& statistic : Statistics()) {
    if (statistic.count(asked, /*bins=*/1) == 0) {
      continue;
    }
    cell.is_grey =
        cell.sum.near_threshold && statistic.near_threshold == kTurnsGrey;
    statistic.tell(asked, cell, told);
  }
  return told;
}

}  // namespace commonwage::figures
