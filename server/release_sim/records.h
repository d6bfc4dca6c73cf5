// SPDX-License-Identifier: Apache-2.0
// Answers from a table instead of an inbox.

#ifndef COMMONWAGE_SERVER_RELEASE_SIM_RECORDS_H_
#define COMMONWAGE_SERVER_RELEASE_SIM_RECORDS_H_

#include "absl/status/statusor.h"

#include "privacy/noise/tally.h"
#include "server/release_sim/csv_reader.h"
#include "survey/plan/plan.h"

namespace commonwage::server::release_sim {

// Counts every row. The first one names the columns; there must be one for each
// dimension, with values of its list, and one for each measure, with whole
// numbers of minor units. Other columns are ignored. Pay beyond the grid counts
// in the end bins.
//
// Fails with INVALID_ARGUMENT (RECORDS_FAULTY, or CSV_MALFORMED), naming line
// and column but never repeating what is there, if a column is missing or
// there twice, a row has more or fewer fields than the first, or a value is
// unknown or no whole number; and as the source fails.
absl::StatusOr<privacy::noise::Tally> TallyOfRecords(const Plan& plan,
                                                     CsvReader::Source source);

}  // namespace commonwage::server::release_sim

#endif  // COMMONWAGE_SERVER_RELEASE_SIM_RECORDS_H_
