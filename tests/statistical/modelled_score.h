// SPDX-License-Identifier: Apache-2.0
// Whether modelled figures were nearer to the truth than the cells' own, and
// whether their intervals held: over all cells, and in each.

#ifndef COMMONWAGE_TESTS_STATISTICAL_MODELLED_SCORE_H_
#define COMMONWAGE_TESTS_STATISTICAL_MODELLED_SCORE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"

#include "privacy/estimate/summary.h"

namespace commonwage::testing {

// The quantiles that are looked at.
inline constexpr std::array kScoredQuantiles = {0.5, 0.1, 0.25, 0.75, 0.9};

// What is true of a table: per cell, in the order of the table.
struct TableTruth {
  std::string name;
  std::vector<std::string> by;
  std::vector<int64_t> workers;
  std::vector<std::array<double, kScoredQuantiles.size()>> quantiles;
};

// What a score must show. The coverage of a cell with few modelled figures is
// judged beyond two standard errors of it.
struct Conditions {
  bool nearer = true;            // In median error, and in RMSE.
  double most_rmse_ratio = 1;    // Modelled against plain.
  double least_coverage = 0.93;  // Over cells.
  double least_in_a_cell = 0.85;
  bool by_class = true;  // 30 to 59 and 60 to 99 workers, else together.
};

// Scores the modelled figures of one table over several releases, plain and
// modelled figures of the same cells against each other.
class ModelledScore {
 public:
  explicit ModelledScore(TableTruth truth);

  // Asks `figures` for the table, plain and modelled.
  void Add(const privacy::estimate::Figures& figures);

  // Prints a line per quantile and size class, with what fails marked, and
  // returns how many lines failed. Errors and half-widths are in %.
  int Print(const Conditions& conditions) const;

  static void PrintHead();

 private:
  // One quantile of one cell.
  struct Cell {
    std::vector<double> plain_errors;  // In log, not negative.
    std::vector<double> modelled_errors;
    std::vector<double> plain_half_widths;
    std::vector<double> modelled_half_widths;
    int plain_held = 0;
    int modelled_held = 0;
  };
  struct Class {
    const char* name;
    int64_t least;
    int64_t below;
    bool is_judged;

    bool Has(int64_t workers) const {
      return workers >= least && workers < below;
    }
  };
  // The coverage of single cells.
  struct Worst {
    double plain = 1;
    double modelled = 1;
    bool holds = true;
  };
  void AddCell(size_t i,
               absl::Span<const privacy::estimate::QuantileFigure> plain,
               absl::Span<const privacy::estimate::QuantileFigure> modelled);
  Cell Together(size_t quantile, const Class& size) const;
  Worst WorstOf(size_t quantile, const Class& size, double least) const;
  bool PrintLine(size_t quantile, const Class& size,
                 const Conditions& conditions) const;

  TableTruth truth_;
  int draws_ = 0;
  std::array<std::vector<Cell>, kScoredQuantiles.size()> cells_;
};

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_STATISTICAL_MODELLED_SCORE_H_
