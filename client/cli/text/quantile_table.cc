// SPDX-License-Identifier: Apache-2.0
#include "client/cli/text/quantile_table.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"

#include "client/cli/text/columns.h"

namespace commonwage::client::cli {
namespace {

constexpr size_t kQuality = 4;  // Columns of "good".
constexpr size_t kBetween = 3;  // Columns between two quantiles.

bool IsMedian(double p) { return std::abs(p - 0.5) < 1e-9; }

struct Widths {
  size_t page = kTextWidth;
  size_t label = 0;
  size_t interval = 0;
  size_t value = 0;

  [[nodiscard]] size_t OfQuantile() const {
    return interval + 2 + value + 2 + kQuality;
  }
  [[nodiscard]] bool Stacked() const { return label + 2 + OfQuantile() > page; }
  [[nodiscard]] size_t OfLabel() const { return Stacked() ? 2 : label + 2; }
  // How many quantiles stand side by side.
  [[nodiscard]] size_t Abreast() const {
    const size_t room = page - std::min(OfLabel(), page);
    return std::max<size_t>((room + kBetween) / (OfQuantile() + kBetween), 1);
  }
};

Widths WidthsOf(absl::Span<const QuantileRow> rows, const Unit& unit,
                const Page& page) {
  Widths widths;
  widths.page = std::min(page.width, kTextWidth);
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

// One quantile: interval, value and quality.
std::string Cell(const v1::Estimate& wage, const Unit& unit,
                 const Widths& widths, const Page& page) {
  return absl::StrCat(
      PadLeft(IntervalText(wage, unit), widths.interval), "  ",
      Toned(PadLeft(ValueText(wage, unit), widths.value), Tone::kStrong, page),
      "  ", Toned(QualityWord(wage), ToneOf(wage), page));
}

// The quantiles from `begin` to `end`, under their names.
std::string Block(absl::Span<const QuantileRow> rows, const Unit& unit,
                  const Widths& widths, const Page& page, size_t begin,
                  size_t end) {
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
      absl::StrAppend(&line, i == begin ? "" : between,
                      Cell(row.quantiles[i].wage(), unit, widths, page));
    }
    absl::StrAppend(&text, WithoutTrailingSpace(line));
  }
  return text;
}

}  // namespace

std::string QuantileTable(absl::Span<const QuantileRow> rows, const Unit& unit,
                          const Page& page) {
  if (rows.empty() || rows.front().quantiles.empty()) {
    return "";
  }
  const Widths widths = WidthsOf(rows, unit, page);
  const size_t count = rows.front().quantiles.size();
  std::string text;
  for (size_t begin = 0; begin < count; begin += widths.Abreast()) {
    const size_t end = std::min(begin + widths.Abreast(), count);
    absl::StrAppend(&text, text.empty() ? "" : "\n",
                    Block(rows, unit, widths, page, begin, end));
  }
  return text;
}

std::string NameOfQuantile(double p) {
  return IsMedian(p) ? "median" : absl::StrFormat("p%g", p * 100);
}

std::string QuantileInWords(double p) {
  if (IsMedian(p)) {
    return "median pay";
  }
  const std::string number = absl::StrFormat("%g", p * 100);
  const bool is_whole = number.find('.') == std::string::npos;
  const bool is_teen = number.size() == 2 && number.front() == '1';
  std::string ending = "th";
  if (is_whole && !is_teen) {
    ending = number.back() == '1'   ? "st"
             : number.back() == '2' ? "nd"
             : number.back() == '3' ? "rd"
                                    : "th";
  }
  return absl::StrCat(number, ending, " percentile of pay");
}

}  // namespace commonwage::client::cli
