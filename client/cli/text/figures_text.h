// SPDX-License-Identifier: Apache-2.0
// Answers of the statistics service as text on standard output. Everything that
// a number stands on is said with it: interval, quality, source.

#ifndef COMMONWAGE_CLIENT_CLI_TEXT_FIGURES_TEXT_H_
#define COMMONWAGE_CLIENT_CLI_TEXT_FIGURES_TEXT_H_

#include "client/cli/text/page.h"
#include "commonwage/v1/statistics_service.pb.h"

namespace commonwage::client::cli {

void TellSummary(const v1::SummarizeResponse& response, const Page& page);
void TellGap(const v1::CompareResponse& response, const Page& page);
void TellTrend(const v1::TrendResponse& response, const Page& page);

}  // namespace commonwage::client::cli

#endif  // COMMONWAGE_CLIENT_CLI_TEXT_FIGURES_TEXT_H_
