// SPDX-License-Identifier: Apache-2.0
#include "client/cli/request.h"

#include <cstddef>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "command/report.h"

namespace commonwage::client::cli {

absl::StatusOr<std::vector<std::string>> ReadDimensions(
    absl::string_view text) {
  std::vector<std::string> dimensions = absl::StrSplit(text, ',');
  for (const std::string& dimension : dimensions) {
    if (dimension.empty()) {
      return command::WrongUse(
          "--by takes dimensions with commas between them.");
    }
  }
  return dimensions;
}

absl::StatusOr<std::vector<v1::CellCoordinate>> ReadCell(
    absl::string_view text) {
  std::vector<v1::CellCoordinate> cell;
  for (const absl::string_view part : absl::StrSplit(text, ',')) {
    const size_t equals = part.find('=');
    const bool names_dimension = equals != absl::string_view::npos;
    const absl::string_view value =
        names_dimension ? part.substr(equals + 1) : part;
    if (value.empty() || equals == 0 || (!names_dimension && cell.empty())) {
      return command::WrongUse(
          "A cell has the form DIMENSION=VALUE,DIMENSION=VALUE; more values of "
          "one dimension follow it after commas.");
    }
    if (names_dimension) {
      const std::string dimension(part.substr(0, equals));
      if (cell.empty() || cell.back().dimension() != dimension) {
        cell.emplace_back().set_dimension(dimension);
      }
    }
    cell.back().add_values(std::string(value));
  }
  return cell;
}

absl::StatusOr<int64_t> ReadAmount(absl::string_view text,
                                   int minor_unit_exponent) {
  const size_t point = text.find('.');
  const absl::string_view whole = text.substr(0, point);
  std::string decimals(point == absl::string_view::npos
                           ? absl::string_view()
                           : text.substr(point + 1));
  const auto wanted = static_cast<size_t>(minor_unit_exponent);
  const bool fits = decimals.size() <= wanted &&
                    (point == absl::string_view::npos || !decimals.empty());
  decimals.resize(wanted, '0');
  const std::string digits = absl::StrCat(whole, decimals);
  int64_t amount = 0;
  if (!fits || whole.empty() || whole.size() > 15 ||
      digits.find_first_not_of("0123456789") != std::string::npos ||
      !absl::SimpleAtoi(digits, &amount) || amount <= 0) {
    return command::WrongUse(
        "A rate is a positive amount, such as 17.50, with no more decimals "
        "than its currency has.");
  }
  return amount;
}

}  // namespace commonwage::client::cli
