// SPDX-License-Identifier: Apache-2.0
// Figures as comma-separated values (RFC 4180), which spreadsheets and
// statistics programs read: one line per group and figure.

#ifndef COMMONWAGE_CLIENT_CLI_TEXT_FIGURES_CSV_H_
#define COMMONWAGE_CLIENT_CLI_TEXT_FIGURES_CSV_H_

#include <string>

#include "commonwage/v1/statistics_service.pb.h"

namespace commonwage::client::cli {

// Returns the figures of `response` under a line of names:
//
//   round, one column per dimension, figure, at, value, interval_low,
//   interval_high, quality, position, modelled, noise_sd, sampling_sd,
//   model_sd, unit, confidence, citation
//
// `figure` is "quantile", "share_below", "count", "trimmed_mean" or "bin"; `at`
// is what it is of: p, the rate, the bin's lower edge. Wages are in the
// currency's units with a point and no grouping, shares in [0, 1]. A side of an
// interval that is open is empty, and so is the value of a figure that is only
// a bound (`position` is then BELOW, ABOVE or UNKNOWN). A withheld group has
// one line, whose figure is "withheld". Text that a spreadsheet would take for
// a formula has an apostrophe before it.
std::string CsvOf(const v1::SummarizeResponse& response);

}  // namespace commonwage::client::cli

#endif  // COMMONWAGE_CLIENT_CLI_TEXT_FIGURES_CSV_H_
