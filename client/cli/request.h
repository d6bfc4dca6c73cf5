// SPDX-License-Identifier: Apache-2.0
// What was asked on the command line as requests of the API.

#ifndef COMMONWAGE_CLIENT_CLI_REQUEST_H_
#define COMMONWAGE_CLIENT_CLI_REQUEST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "commonwage/v1/statistics.pb.h"

namespace commonwage::client::cli {

// Reads "industry,experience". Fails with WRONG_USE on an empty part.
absl::StatusOr<std::vector<std::string>> ReadDimensions(absl::string_view text);

// Reads "gender=woman,nonbinary,experience=5-7": a part without "=" is one more
// value of the dimension before it. Fails with WRONG_USE on an empty part or if
// the first has no dimension.
absl::StatusOr<std::vector<v1::CellCoordinate>> ReadCell(
    absl::string_view text);

// Reads an amount such as "17.50" into minor units.
//
// Fails with WRONG_USE unless it is a positive amount with no more decimals
// than the currency has.
absl::StatusOr<int64_t> ReadAmount(absl::string_view text,
                                   int minor_unit_exponent);

}  // namespace commonwage::client::cli

#endif  // COMMONWAGE_CLIENT_CLI_REQUEST_H_
