// SPDX-License-Identifier: Apache-2.0
// What a statistic of a cell is to the rest of figures/. Each has a file pair
// here, and a line in registry.cc.

#ifndef COMMONWAGE_FIGURES_STATISTIC_H_
#define COMMONWAGE_FIGURES_STATISTIC_H_

#include <cstddef>
#include <cstdint>

#include "commonwage/v1/statistics.pb.h"
#include "figures/reply_parts.h"
#include "figures/request/faults.h"
#include "privacy/estimate/estimate.h"
#include "privacy/estimate/modelled_quantiles.h"
#include "privacy/model/critical.h"
#include "privacy/model/marginal_view.h"
#include "survey/plan/plan.h"

namespace commonwage::figures {

// How often a statistic that takes a number (a quantile, a rate) can be asked
// for in one request.
inline constexpr int kMaxEntries = 32;

// A shown cell, or a sum of such, and how its figures are made. Withheld cells
// never get this far.
struct ShownCell {
  const privacy::model::CellSum& sum;
  const Measure& measure;
  int64_t k = 0;                             // The plan's.
  const privacy::model::Critical& critical;  // How far intervals reach.
  size_t index = 0;  // Of the cell in its table; of a sum, of its first part.
  // The table's, if the request asks for them and this is no sum; else null.
  privacy::estimate::ModelledQuantiles* modelled = nullptr;
  bool is_grey = false;  // Every figure of it is kPoor.

  // Returns `figure` as the reply has it.
  [[nodiscard]] v1::Estimate Tell(privacy::estimate::Estimate figure) const {
    if (is_grey) {
      figure.quality = privacy::estimate::Quality::kPoor;
    }
    return ToProto(figure);
  }
};

// Whether the figures of a statistic turn grey (kPoor) in a cell near the
// threshold. Such cells are shown more often when their noise is high, so that
// whatever depends on their count leans.
enum class NearThreshold { kTurnsGrey, kStays };

// A registered statistic. Post-processing: spends no budget.
struct Statistic {
  // The field of v1::CellFigures that has it.
  int told_in = 0;
  NearThreshold near_threshold = NearThreshold::kTurnsGrey;
  // Returns how many figures, each with an interval of its own, a cell has of
  // it if its grid has `bins` bins; 0 unless asked for. That bounds the size of
  // a reply, and is what simultaneous intervals are shared among.
  size_t (*count)(const v1::StatisticsSelection& asked, size_t bins);
  // Adds what is wrong with how it is asked for.
  void (*check)(const v1::StatisticsSelection& asked, Faults& faults);
  // Computes it and writes it down. Called if asked for, once per shown cell.
  void (*tell)(const v1::StatisticsSelection& asked, const ShownCell& cell,
               v1::CellFigures& told);
};

// Returns the statistic that `Pair` makes: a type with the three functions.
template <typename Pair>
constexpr Statistic MakeStatistic(int told_in, NearThreshold near_threshold) {
  return {told_in, near_threshold, &Pair::Count, &Pair::Check, &Pair::Tell};
}

}  // namespace commonwage::figures

#endif  // COMMONWAGE_FIGURES_STATISTIC_H_
