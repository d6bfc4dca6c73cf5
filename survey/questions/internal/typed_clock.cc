// SPDX-License-Identifier: Apache-2.0
#include "survey/questions/internal/typed_clock.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "survey/questions/internal/typed_marks.h"

namespace commonwage {
namespace {

using Kind = TypedToken::Kind;

constexpr size_t kMaxClockDigits = 5;

// Returns the number that a token is, if it is a short one without marks.
std::optional<int64_t> PlainNumber(const TypedToken& token) {
  if (token.kind != Kind::kNumber || token.run.size() > kMaxClockDigits) {
    return std::nullopt;
  }
  int64_t number = 0;
  for (const char32_t c : token.run) {
    if (c < U'0' || c > U'9') {
      return std::nullopt;
    }
    number = number * 10 + static_cast<int64_t>(c - U'0');
  }
  return number;
}

bool IsUnit(const TypedToken& token, const char* unit) {
  return token.kind == Kind::kWord && UnitOfWord(token.word) == unit;
}

Decimal HoursOf(int64_t minutes, int decimals) {
  int64_t scale = 1;
  for (int i = 0; i < decimals; ++i) {
    scale *= 10;
  }
  return Shortened({(2 * minutes * scale + 60) / 120, decimals});
}

}  // namespace

std::optional<Decimal> ReadClock(const std::vector<TypedToken>& tokens,
                                 int decimals) {
  const size_t count = tokens.size();
  if (count < 2 || count > 4) {
    return std::nullopt;
  }
  const std::optional<int64_t> first = PlainNumber(tokens[0]);
  if (first.has_value() && count == 2 && IsUnit(tokens[1], "minute")) {
    return HoursOf(*first, decimals);
  }
  const bool parted =
      tokens[1].kind == Kind::kColon || IsUnit(tokens[1], "hour");
  const std::optional<int64_t> second =
      count >= 3 ? PlainNumber(tokens[2]) : std::nullopt;
  if (!first.has_value() || !parted || !second.has_value() ||
      tokens[2].run.size() != 2 || *second >= 60 ||
      (count == 4 && !IsUnit(tokens[3], "minute") &&
       !IsUnit(tokens[3], "hour"))) {
    return std::nullopt;
  }
  return HoursOf(*first * 60 + *second, decimals);
}

}  // namespace commonwage
