// SPDX-License-Identifier: Apache-2.0
// The quantiles of groups as numbers, which a bar cannot be quoted for.

#ifndef COMMONWAGE_CLIENT_CLI_TEXT_QUANTILE_TABLE_H_
#define COMMONWAGE_CLIENT_CLI_TEXT_QUANTILE_TABLE_H_

#include <string>
#include <vector>

#include "absl/types/span.h"

#include "client/cli/text/estimate_text.h"
#include "client/cli/text/page.h"
#include "commonwage/v1/statistics.pb.h"

namespace commonwage::client::cli {

// One group of the table.
struct QuantileRow {
  std::string label;
  std::vector<v1::QuantileEstimate> quantiles;
};

// Returns the quantiles of `rows`, which have the same ones in the same order
// as the first: of each the interval, the value and how good it is. As many
// stand side by side as fit; empty if there is none. What a row lacks is left
// blank. At most as wide as `page` and kTextWidth, unless one label or amount
// is wider by itself.
std::string QuantileTable(absl::Span<const QuantileRow> rows, const Unit& unit,
                          const Page& page);

// Returns "median", or "p90" and the like, as a table's head.
std::string NameOfQuantile(double p);

// Returns "median pay", or "90th percentile of pay" and the like, as sentences
// have it.
std::string QuantileInWords(double p);

}  // namespace commonwage::client::cli

#endif  // COMMONWAGE_CLIENT_CLI_TEXT_QUANTILE_TABLE_H_
