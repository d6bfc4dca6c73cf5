// SPDX-License-Identifier: Apache-2.0
// Answers of the statistics service as text on standard output. Everything that
// a number stands on is said with it: interval, quality, source.

#ifndef COMMONWAGE_CLIENT_CLI_FIGURES_TEXT_H_
#define COMMONWAGE_CLIENT_CLI_FIGURES_TEXT_H_

#include "commonwage/v1/statistics_service.pb.h"

namespace commonwage::client::cli {

void TellSummary(const v1::SummarizeResponse& response);
void TellGap(const v1::CompareResponse& response);
void TellTrend(const v1::TrendResponse& response);

}  // namespace commonwage::client::cli

#endif  // COMMONWAGE_CLIENT_CLI_FIGURES_TEXT_H_
