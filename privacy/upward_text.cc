// SPDX-License-Identifier: Apache-2.0
#include "privacy/upward_text.h"

#include <cmath>
#include <cstdlib>

#include "absl/strings/str_format.h"

namespace commonwage::privacy {
namespace {

// What a reader of `text` takes it for.
double ReadBack(const std::string& text) {
  return std::strtod(text.c_str(), nullptr);
}

}  // namespace

std::string RoundedUp(double value, int decimals) {
  if (std::isinf(value)) {
    return "inf";
  }
  const std::string nearest = absl::StrFormat("%.*f", decimals, value);
  return ReadBack(nearest) >= value
             ? nearest
             : absl::StrFormat("%.*f", decimals,
                               ReadBack(nearest) + std::pow(10.0, -decimals));
}

std::string SmallRoundedUp(double value) {
  if (value == 0) {
    return "0";
  }
  std::string nearest = absl::StrFormat("%.1e", value);
  if (ReadBack(nearest) >= value) {
    return nearest;
  }
  const double exponent = std::floor(std::log10(value));
  return absl::StrFormat("%.1e",
                         ReadBack(nearest) + std::pow(10.0, exponent - 1));
}

std::string CasesInHundred(int64_t cases_in_ten_thousand) {
  const int64_t tenths = (cases_in_ten_thousand + 9) / 10;
  return absl::StrFormat("%d.%d", tenths / 10, tenths % 10);
}

}  // namespace commonwage::privacy
