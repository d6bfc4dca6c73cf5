// SPDX-License-Identifier: Apache-2.0
#include "client/cli/chart.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "absl/strings/str_cat.h"

#include "client/cli/words.h"

namespace commonwage::client::cli {
namespace {

constexpr size_t kChartWidth = 36;

size_t Columns(const std::string& text) {
  // Every byte but the continuations of a UTF-8 character begins one.
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(),
      [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// The values that all bars of a table are drawn between.
struct Scale {
  double low = 0;
  double high = 0;

  // Returns the column of a value.
  [[nodiscard]] size_t At(double value) const {
    const double share = high > low ? (value - low) / (high - low) : 0;
    return static_cast<size_t>(
        std::lround(std::clamp(share, 0.0, 1.0) * (kChartWidth - 1)));
  }
};

std::optional<Scale> ScaleOf(absl::Span<const ChartRow> rows) {
  std::optional<Scale> scale;
  for (const ChartRow& row : rows) {
    for (const std::optional<v1::Estimate>& estimate :
         {row.p10, row.median, row.p90}) {
      if (!estimate.has_value()) {
        continue;
      }
      if (!scale.has_value()) {
        scale = Scale{estimate->value(), estimate->value()};
      }
      scale->low = std::min(scale->low, estimate->value());
      scale->high = std::max(scale->high, estimate->value());
    }
  }
  return scale;
}

std::string Bar(const ChartRow& row, const Scale& scale) {
  std::vector<std::string> cells(kChartWidth, " ");
  if (row.p10.has_value() && row.p90.has_value()) {
    const size_t left = scale.At(row.p10->value());
    const size_t right = scale.At(row.p90->value());
    for (size_t i = left; i <= right; ++i) {
      cells[i] = "─";
    }
    cells[left] = row.p10->off_grid() ? "<" : "├";
    cells[right] = row.p90->off_grid() ? ">" : "┤";
  }
  if (row.median.has_value()) {
    cells[scale.At(row.median->value())] = "●";
  }
  std::string bar;
  for (const std::string& cell : cells) {
    bar += cell;
  }
  return bar;
}

}  // namespace

std::string PadLeft(const std::string& text, size_t width) {
  return std::string(width - std::min(width, Columns(text)), ' ') + text;
}

std::string PadRight(const std::string& text, size_t width) {
  return text + std::string(width - std::min(width, Columns(text)), ' ');
}

std::string IntervalText(const v1::Estimate& estimate, const Unit& unit) {
  const v1::Interval& interval = estimate.interval();
  const std::string low = interval.open_low()
                              ? "…"
                              : Money(interval.low(), unit.minor_unit_exponent);
  const std::string high =
      interval.open_high() ? "…"
                           : Money(interval.high(), unit.minor_unit_exponent);
  return absl::StrCat(low, " – ", high);
}

std::string ValueText(const v1::Estimate& estimate, const Unit& unit) {
  std::string value = Money(estimate.value(), unit.minor_unit_exponent);
  if (estimate.off_grid()) {
    const v1::Interval& interval = estimate.interval();
    if (interval.open_low() == interval.open_high()) {
      return "…";
    }
    return absl::StrCat(interval.open_low() ? "<" : ">", value);
  }
  if (estimate.modelled()) {
    absl::StrAppend(&value, " m");
  }
  return estimate.quality() == v1::QUALITY_POOR ? absl::StrCat("(", value, ")")
                                                : value;
}

std::string QualityWord(const v1::Estimate& estimate) {
  switch (estimate.quality()) {
    case v1::QUALITY_GOOD:
      return "good";
    case v1::QUALITY_FAIR:
      return "fair";
    default:
      return "poor";
  }
}

std::string Chart(absl::Span<const ChartRow> rows, const Unit& unit) {
  size_t label_width = 4;
  size_t interval_width = 13;
  size_t value_width = 6;
  for (const ChartRow& row : rows) {
    label_width = std::max(label_width, Columns(row.label));
    if (row.median.has_value()) {
      interval_width =
          std::max(interval_width, Columns(IntervalText(*row.median, unit)));
      value_width =
          std::max(value_width, Columns(ValueText(*row.median, unit)));
    }
  }
  const std::optional<Scale> scale = ScaleOf(rows);
  std::string text = absl::StrCat(PadRight("", label_width), "  ",
                                  PadLeft("95 % interval", interval_width),
                                  "  ", PadLeft("median", value_width), "  ");
  if (scale.has_value()) {
    const std::string low = Money(scale->low, unit.minor_unit_exponent);
    const std::string high = Money(scale->high, unit.minor_unit_exponent);
    absl::StrAppend(
        &text, low,
        PadLeft(high, kChartWidth - std::min(kChartWidth, Columns(low))));
  }
  absl::StrAppend(&text, "\n");
  for (const ChartRow& row : rows) {
    absl::StrAppend(&text, PadRight(row.label, label_width), "  ");
    if (!row.shown) {
      absl::StrAppend(&text, PadLeft("withheld", interval_width), "\n");
      continue;
    }
    const v1::Estimate* median =
        row.median.has_value() ? &*row.median : nullptr;
    absl::StrAppend(
        &text,
        PadLeft(median != nullptr ? IntervalText(*median, unit) : "",
                interval_width),
        "  ",
        PadLeft(median != nullptr ? ValueText(*median, unit) : "", value_width),
        "  ", scale.has_value() ? Bar(row, *scale) : "", "  ",
        median != nullptr ? QualityWord(*median) : "", "\n");
  }
  return text;
}

}  // namespace commonwage::client::cli
