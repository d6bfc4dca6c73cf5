// SPDX-License-Identifier: Apache-2.0
#include "privacy/decimal_bound.h"

#include <cmath>
#include <cstdlib>
#include <string>

#include "absl/strings/ascii.h"

#include "base/error.h"

namespace commonwage::privacy {
namespace {

constexpr size_t kMaxDecimalLength = 64;
constexpr long double kLeastDelta = 1e-300L;

void SkipDigits(absl::string_view& rest) {
  while (!rest.empty() &&
         absl::ascii_isdigit(static_cast<unsigned char>(rest.front()))) {
    rest.remove_prefix(1);
  }
}

// Whether `text` is digits[.digits][e[sign]digits].
bool IsPlainDecimal(absl::string_view text) {
  const auto skip_some = [&text] {
    const size_t before = text.size();
    SkipDigits(text);
    return text.size() < before;
  };
  if (!skip_some()) {
    return false;
  }
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    if (!skip_some()) {
      return false;
    }
  }
  if (!text.empty() && (text.front() == 'e' || text.front() == 'E')) {
    text.remove_prefix(1);
    if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
      text.remove_prefix(1);
    }
    if (!skip_some()) {
      return false;
    }
  }
  return text.empty();
}

}  // namespace

absl::StatusOr<long double> ParseDecimalBound(absl::string_view text) {
  const absl::Status faulty =
      Refusal(Reason::kDeltaFaulty,
              "threshold_delta must be a decimal number between 0 and 1, such "
              "as \"1e-7\".");
  if (text.size() > kMaxDecimalLength || !IsPlainDecimal(text)) {
    return faulty;
  }
  const long double nearest = std::strtold(std::string(text).c_str(), nullptr);
  if (!(nearest >= kLeastDelta && nearest < 1)) {
    return faulty;
  }
  // strtold rounds to nearest, perhaps upward; one step down is surely not up.
  return std::nextafter(nearest, 0.0L);
}

}  // namespace commonwage::privacy
