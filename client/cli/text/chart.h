// SPDX-License-Identifier: Apache-2.0
// Figures as a table that reads top to bottom: uncertainty before the number,
// p10 to p90 on one common scale, withheld cells all alike.

#ifndef COMMONWAGE_CLIENT_CLI_TEXT_CHART_H_
#define COMMONWAGE_CLIENT_CLI_TEXT_CHART_H_

#include <optional>
#include <string>

#include "absl/types/span.h"

#include "client/cli/text/estimate_text.h"
#include "client/cli/text/page.h"
#include "commonwage/v1/statistics.pb.h"

namespace commonwage::client::cli {

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

// Returns the table, a line per row, under a line with the ends of the scale.
// Counts and the causes of uncertainty have columns if any row has them. It is
// as wide as `page` at most, unless one amount is wider by itself: for that the
// bars shrink, then labels get lines of their own, then counts and causes
// become sentences, as they are under a single row, then the bars go.
std::string Chart(absl::Span<const ChartRow> rows, const Unit& unit,
                  const Page& page);

}  // namespace commonwage::client::cli

#endif  // COMMONWAGE_CLIENT_CLI_TEXT_CHART_H_
