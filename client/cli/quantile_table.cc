// SPDX-License-Identifier: Apache-2.0
#include "client/cli/quantile_table.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"

#include "client/cli/columns.h"

namespace commonwage::client::cli {
namespace {

constexpr size_t kQuality = 4;  // Columns of "good".
constexpr size_t kBetween = 3;  // Columns between two quantiles.

struct Widths {
  size_t label = 0;
  size_t interval = 0;
  size_t value = 0;

  [[nodiscard]] size_t OfQuantile() const {
    return interval + 2 + value + 2 + kQuality;
  }
  [[nodiscard]] bool Stacked() const {
    return label + 2 + OfQuantile() > kTextWidth;
  }
  [[nodiscard]] size_t OfLabel() const { return Stacked() ? 2 : label + 2; }
  // How many quantiles stand side by side.
  [[nodiscard]] size_t Abreast() const {
    const size_t room = kTextWidth - std::min(OfLabel(), kTextWidth);
    return std::max<size_t>((room + kBetween) / (OfQuantile() + kBetween), 1);
  }
};

Widths WidthsOf(absl::Span<const QuantileRow> rows, const Unit& unit) {
  Widths widths;
  for (const QuantileRow& row : rows) {
    widths.label = std::max(widths.label, Columns(row.label));
    for (const v1::QuantileEstimate& quantile : row.quantiles) {
      widths.interval = std::max(widths.interval,
                                 Columns(IntervalText(quantile.wage(), unit)));
      widths.value =
          std::max(widths.value, Columns(ValueText(quantile.wage(), unit)));
    }
  }
  return widths;
}

std::string WithoutTrailingSpace(absl::string_view line) {
  return absl::StrCat(absl::StripTrailingAsciiWhitespace(line), "\n");
}

// The quantiles from `begin` to `end`, under their names.
std::string Block(absl::Span<const QuantileRow> rows, const Unit& unit,
                  const Widths& widths, size_t begin, size_t end) {
  const std::string between(kBetween, ' ');
  std::string line(widths.OfLabel(), ' ');
  for (size_t i = begin; i < end; ++i) {
    absl::StrAppend(&line, i == begin ? "" : between,
                    PadRight(NameOfQuantile(rows.front().quantiles[i].p()),
                             widths.OfQuantile()));
  }
  std::string text = WithoutTrailingSpace(line);
  for (const QuantileRow& row : rows) {
    line = widths.Stacked() ? absl::StrCat(row.label, "\n  ")
                            : PadRight(row.label, widths.OfLabel());
    for (size_t i = begin; i < std::min(end, row.quantiles.size()); ++i) {
      const v1::Estimate& wage = row.quantiles[i].wage();
      absl::StrAppend(&line, i == begin ? "" : between,
                      PadLeft(IntervalText(wage, unit), widths.interval), "  ",
                      PadLeft(ValueText(wage, unit), widths.value), "  ",
                      PadRight(QualityWord(wage), kQuality));
    }
    absl::StrAppend(&text, WithoutTrailingSpace(line));
  }
  return text;
}

}  // namespace

std::string QuantileTable(absl::Span<const QuantileRow> rows,
                          const Unit& unit) {
  if (rows.empty() || rows.front().quantiles.empty()) {
    return "";
  }
  const Widths widths = WidthsOf(rows, unit);
  const size_t count = rows.front().quantiles.size();
  std::string text;
  for (size_t begin = 0; begin < count; begin += widths.Abreast()) {
    const size_t end = std::min(begin + widths.Abreast(), count);
    absl::StrAppend(&text, text.empty() ? "" : "\n",
                    Block(rows, unit, widths, begin, end));
  }
  return text;
}

std::string NameOfQuantile(double p) {
  return std::abs(p - 0.5) < 1e-9 ? "median" : absl::StrFormat("p%g", p * 100);
}

}  // namespace commonwage::client::cli
