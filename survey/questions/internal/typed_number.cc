// SPDX-License-Identifier: Apache-2.0
#include "survey/questions/internal/typed_number.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "survey/questions/decimal.h"

namespace commonwage {
namespace {

constexpr size_t kMaxDigits = 18;  // They fit 64 bits.

bool IsDigit(char32_t c) { return c >= U'0' && c <= U'9'; }

// The digits between the marks of a run: one more than marks.
struct Parts {
  std::vector<std::string> digits = {""};
  std::vector<char32_t> marks;
};

Parts PartsOf(std::u32string_view run) {
  Parts parts;
  for (const char32_t c : run) {
    if (IsDigit(c)) {
      parts.digits.back().push_back(static_cast<char>(c));
    } else {
      parts.marks.push_back(c);
      parts.digits.emplace_back();
    }
  }
  return parts;
}

// Whether the first `count` marks group the digits up to there: all are the
// same, and every group but the first has its full size.
bool AreGroups(const Parts& parts, size_t count) {
  if (count == 0) {
    return true;
  }
  const std::string& first = parts.digits.front();
  if (first.empty() || first.size() > 3 || first.front() == '0') {
    return false;
  }
  bool threes = true;
  bool indian = parts.marks.front() == U',' && count > 1 && first.size() <= 2;
  for (size_t i = 0; i < count; ++i) {
    if (parts.marks[i] != parts.marks.front() ||
        parts.marks[i] == kArabicDecimalMark) {
      return false;
    }
    const size_t size = parts.digits[i + 1].size();
    threes = threes && size == 3;
    indian = indian && size == (i + 1 == count ? 3U : 2U);
  }
  return threes || indian;
}

// Whether the last mark can stand before decimals.
bool EndsInDecimals(const Parts& parts) {
  const char32_t mark = parts.marks.back();
  for (size_t i = 0; i + 1 < parts.marks.size(); ++i) {
    if (parts.marks[i] == mark) {
      return false;
    }
  }
  return (mark == U'.' || mark == U',' || mark == kArabicDecimalMark) &&
         AreGroups(parts, parts.marks.size() - 1);
}

std::optional<Decimal> Joined(const Parts& parts, bool has_decimals) {
  std::string digits;
  for (const std::string& part : parts.digits) {
    digits += part;
  }
  digits.erase(0, digits.find_first_not_of('0'));
  if (digits.size() > kMaxDigits || parts.digits.back().size() > kMaxDigits) {
    return std::nullopt;
  }
  Decimal number;
  number.decimals =
      has_decimals ? static_cast<int>(parts.digits.back().size()) : 0;
  for (const char digit : digits) {
    number.units = number.units * 10 + (digit - '0');
  }
  return Shortened(number);
}

}  // namespace

NumberReadings ReadNumber(std::u32string_view run) {
  const Parts parts = PartsOf(run);
  NumberReadings readings;
  const auto take = [&](bool has_decimals) {
    const std::optional<Decimal> number = Joined(parts, has_decimals);
    readings.too_long = readings.too_long || !number.has_value();
    if (number.has_value()) {
      readings.numbers.push_back(*number);
    }
  };
  if (AreGroups(parts, parts.marks.size())) {
    take(false);
  }
  if (!parts.marks.empty() && EndsInDecimals(parts)) {
    take(true);
  }
  if (readings.too_long) {
    readings.numbers.clear();
  }
  return readings;
}

}  // namespace commonwage
