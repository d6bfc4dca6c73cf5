// SPDX-License-Identifier: Apache-2.0
// What a cell of some size may expect of a plan, after the rule that shows or
// withholds it.
//
// Small cells have no such thing as typical counts: what noise does to the
// order of bins is most of their width. So forecasts are taken over
// kForecastRounds rounds that are worked out in full, at fixed points that fill
// the space of all noises and workers evenly (a Latin hypercube made from a
// fixed sequence): no randomness, the same for everybody. Cells near the
// threshold are shown when their root's noise is high, so the root's noise is
// taken from its law given that the cell is shown.
//
// A forecast knows no data and spends no budget.

#ifndef COMMONWAGE_PRIVACY_FORECAST_FORECAST_ROUNDS_H_
#define COMMONWAGE_PRIVACY_FORECAST_FORECAST_ROUNDS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "privacy/model/cell_cdf.h"
#include "privacy/model/pay_grid.h"
#include "privacy/noise_law.h"
#include "survey/plan/plan.h"

namespace commonwage::privacy::forecast {

// No privacy implications.
inline constexpr size_t kForecastRounds = 64;

// A median is called useful within this half-width, as a fraction of it.
inline constexpr double kUsefulHalfWidth = 0.2;

// When a cell is shown: n >= k and n + Z >= tau, Z of `root`.
struct DisplayRule {
  NoiseLaw root;
  int64_t k = 0;
  int64_t tau = 0;
};

struct CellForecast {
  double chance_shown = 0;
  // 95 % half-width of the median as a fraction of it, in the middle one of the
  // rounds that show the cell; nullopt where the interval reaches an end of the
  // grid there, and where hardly any round (one in 1,000) shows it.
  std::optional<double> median_half_width;
  // Share of the rounds that show the cell in which the half-width is at most
  // kUsefulHalfWidth.
  double useful = 0;
};

// Forecasts cells of reference wages on one grid. From round to round their
// median lies elsewhere around the middle of the grid, within a thirty-second
// of its width, so that no place of the bins' edges is the lucky one.
//
// Keeps what it has drawn. Not thread-safe.
class ForecastRounds {
 public:
  explicit ForecastRounds(const model::PayGrid& grid);

  // Forecasts a cell of `n` workers that is measured as `model`, whose grid
  // must be the one given before, says.
  CellForecast Of(const model::CellModel& model, const DisplayRule& rule,
                  int64_t n);

 private:
  // Per round, then per bin or node.
  using Rounds = std::vector<std::vector<double>>;

  const Rounds& Counts(int64_t n);
  const Rounds& Noise(size_t node_count, Mechanism mechanism);

  std::vector<std::vector<double>> up_to_;  // Of wages, per round and bin.
  std::map<int64_t, Rounds> counts_;
  std::map<std::tuple<size_t, Mechanism>, Rounds> noise_;
};

}  // namespace commonwage::privacy::forecast

#endif  // COMMONWAGE_PRIVACY_FORECAST_FORECAST_ROUNDS_H_
