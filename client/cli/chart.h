// SPDX-License-Identifier: Apache-2.0
// Figures as a table that reads top to bottom: uncertainty before the number,
// p10 to p90 on one common scale, withheld cells all alike.

#ifndef COMMONWAGE_CLIENT_CLI_CHART_H_
#define COMMONWAGE_CLIENT_CLI_CHART_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"

#include "commonwage/v1/statistics.pb.h"

namespace commonwage::client::cli {

// How amounts of a table are written.
struct Unit {
  int minor_unit_exponent = 0;
};

// One row of the table.
struct ChartRow {
  std::string label;
  bool shown = false;  // Else the cell is withheld.
  // What was asked for; may be unset.
  std::optional<v1::Estimate> median;
  std::optional<v1::Estimate> p10;
  std::optional<v1::Estimate> p90;
  std::optional<v1::Estimate> count;
};

// Returns the table, a line per row, under a line with the ends of the scale;
// at most 100 characters wide, for which the bars shrink, and then labels get
// lines of their own. Counts and the causes of uncertainty have columns if any
// row has them.
std::string Chart(absl::Span<const ChartRow> rows, const Unit& unit);

// Return one estimate's interval and value as people read them.
std::string IntervalText(const v1::Estimate& estimate, const Unit& unit);
std::string ValueText(const v1::Estimate& estimate, const Unit& unit);
// The count's interval in whole answers, rounded outward: "407 – 465".
std::string AnswersText(const v1::Estimate& count);
// How much of the variance is of the noise, and how much of who happened to
// answer: "30/70 %"; of a modelled figure also how much of the model, which is
// not chance: "20/50/30 %". Empty if none is known.
std::string CausesText(const v1::Estimate& estimate);
std::string QualityWord(const v1::Estimate& estimate);

}  // namespace commonwage::client::cli

#endif  // COMMONWAGE_CLIENT_CLI_CHART_H_
