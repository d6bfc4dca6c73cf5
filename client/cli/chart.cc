// SPDX-License-Identifier: Apache-2.0
#include "client/cli/chart.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "absl/strings/str_cat.h"

#include "client/cli/columns.h"
#include "client/cli/words.h"

namespace commonwage::client::cli {
namespace {

constexpr size_t kTableWidth = 100;
constexpr size_t kWidestBar = 36;
constexpr size_t kNarrowestBar = 10;

// Whether a figure is off the grid, so that its value is no estimate.
bool IsBound(const v1::Estimate& estimate) {
  return estimate.position() == v1::POSITION_BELOW ||
         estimate.position() == v1::POSITION_ABOVE ||
         estimate.position() == v1::POSITION_UNKNOWN;
}

// The values that all bars of a table are drawn between.
struct Scale {
  double low = 0;
  double high = 0;
  size_t columns = kWidestBar;

  // Returns the column of a value.
  [[nodiscard]] size_t At(double value) const {
    const double share = high > low ? (value - low) / (high - low) : 0;
    return static_cast<size_t>(std::lround(std::clamp(share, 0.0, 1.0) *
                                           static_cast<double>(columns - 1)));
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
  std::vector<std::string> cells(scale.columns, " ");
  if (row.p10.has_value() && row.p90.has_value()) {
    const size_t left = scale.At(row.p10->value());
    const size_t right = scale.At(row.p90->value());
    for (size_t i = left; i <= right; ++i) {
      cells[i] = "─";
    }
    cells[left] = IsBound(*row.p10) ? "<" : "├";
    cells[right] = IsBound(*row.p90) ? ">" : "┤";
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

// The ends of the scale as the head of the bars.
struct Ends {
  std::string low;
  std::string high;
};

Ends EndsOf(const Scale& scale, const Unit& unit) {
  return {Money(scale.low, unit.minor_unit_exponent),
          Money(scale.high, unit.minor_unit_exponent)};
}

// One row as text; what is not there is empty.
struct Texts {
  std::string interval;
  std::string median;
  std::string quality;
  std::string answers;
  std::string causes;
};

Texts TextsOf(const ChartRow& row, const Unit& unit) {
  Texts texts;
  if (row.median.has_value()) {
    texts.interval = IntervalText(*row.median, unit);
    texts.median = ValueText(*row.median, unit);
    texts.quality = QualityWord(*row.median);
    texts.causes = CausesText(*row.median);
  }
  if (row.count.has_value()) {
    texts.answers = AnswersText(*row.count);
  }
  return texts;
}

// Widths of the columns; of answers and causes, 0 if the table has none.
struct Widths {
  size_t label = 4;
  size_t interval = 13;
  size_t median = 6;
  size_t bar = 0;  // Not used without a scale.
  size_t answers = 0;
  size_t causes = 0;
  bool modelled = false;  // The causes have a third.
  bool stacked = false;   // Labels have lines of their own.

  [[nodiscard]] size_t WithoutBar() const {
    constexpr size_t kQuality = 4;
    return (stacked ? 2 : label + 2) + interval + 2 + median + 2 + 2 +
           kQuality + (answers > 0 ? answers + 2 : 0) +
           (causes > 0 ? causes + 2 : 0);
  }
};

// True under open admission too, where one person can send several.
constexpr const char* kAnswers = "answers";
constexpr const char* kCauses = "noise/chance";
constexpr const char* kCausesModelled = "noise/chance/model";

Widths WidthsOf(absl::Span<const ChartRow> rows, const Unit& unit,
                const std::optional<Scale>& scale) {
  Widths widths;
  for (const ChartRow& row : rows) {
    const Texts texts = TextsOf(row, unit);
    widths.label = std::max(widths.label, Columns(row.label));
    widths.interval = std::max(widths.interval, Columns(texts.interval));
    widths.median = std::max(widths.median, Columns(texts.median));
    if (!texts.answers.empty()) {
      widths.answers =
          std::max({widths.answers, Columns(texts.answers), Columns(kAnswers)});
    }
    if (!texts.causes.empty()) {
      widths.modelled = widths.modelled || row.median->model_sd() > 0;
      widths.causes = Columns(widths.modelled ? kCausesModelled : kCauses);
    }
  }
  size_t least = 0;
  if (scale.has_value()) {
    const Ends ends = EndsOf(*scale, unit);
    least = std::max(kNarrowestBar, Columns(ends.low) + 1 + Columns(ends.high));
  }
  widths.stacked = widths.WithoutBar() + least > kTableWidth;
  const size_t taken = std::min(widths.WithoutBar(), kTableWidth);
  widths.bar =
      std::clamp(kTableWidth - taken, least, std::max(least, kWidestBar));
  return widths;
}

std::string LabelText(const std::string& label, const Widths& widths) {
  return widths.stacked ? absl::StrCat(label, "\n  ")
                        : absl::StrCat(PadRight(label, widths.label), "  ");
}

std::string HeadText(const Widths& widths, const std::optional<Scale>& scale,
                     const Unit& unit) {
  std::string text =
      absl::StrCat(PadRight("", widths.stacked ? 2 : widths.label + 2),
                   PadLeft("95 % interval", widths.interval), "  ",
                   PadLeft("median", widths.median), "  ");
  if (scale.has_value()) {
    const Ends ends = EndsOf(*scale, unit);
    absl::StrAppend(&text, ends.low,
                    PadLeft(ends.high, widths.bar - Columns(ends.low)));
  }
  if (widths.answers > 0 || widths.causes > 0) {
    absl::StrAppend(&text, PadRight("", 6));
  }
  if (widths.answers > 0) {
    absl::StrAppend(&text, "  ", PadLeft(kAnswers, widths.answers));
  }
  if (widths.causes > 0) {
    absl::StrAppend(&text, "  ", widths.modelled ? kCausesModelled : kCauses);
  }
  return text;
}

std::string RowText(const ChartRow& row, const Widths& widths,
                    const std::optional<Scale>& scale, const Unit& unit) {
  std::string text = LabelText(row.label, widths);
  if (!row.shown) {
    return absl::StrCat(text, PadLeft("withheld", widths.interval));
  }
  const Texts texts = TextsOf(row, unit);
  absl::StrAppend(&text, PadLeft(texts.interval, widths.interval), "  ",
                  PadLeft(texts.median, widths.median), "  ",
                  scale.has_value() ? Bar(row, *scale) : "", "  ");
  if (widths.answers == 0 && widths.causes == 0) {
    return absl::StrCat(text, texts.quality);
  }
  absl::StrAppend(&text, PadRight(texts.quality, 4));
  if (widths.answers > 0) {
    absl::StrAppend(&text, "  ", PadLeft(texts.answers, widths.answers));
  }
  if (widths.causes > 0) {
    absl::StrAppend(&text, "  ", PadLeft(texts.causes, widths.causes));
  }
  return text;
}

}  // namespace

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
  if (IsBound(estimate)) {
    // A bound on a side that is open as well bounds nothing.
    const bool is_below = estimate.position() == v1::POSITION_BELOW;
    const bool is_open = is_below ? estimate.interval().open_high()
                                  : estimate.interval().open_low();
    if (is_open || estimate.position() == v1::POSITION_UNKNOWN) {
      return "…";
    }
    return absl::StrCat(is_below ? "<" : ">", value);
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

std::string AnswersText(const v1::Estimate& count) {
  return absl::StrCat(Money(std::floor(count.interval().low()), 0), " – ",
                      Money(std::ceil(count.interval().high()), 0));
}

std::string CausesText(const v1::Estimate& estimate) {
  const double noise = estimate.noise_sd() * estimate.noise_sd();
  const double chance = estimate.sampling_sd() * estimate.sampling_sd();
  const double model = estimate.model_sd() * estimate.model_sd();
  const double all = noise + chance + model;
  // A figure off the grid is a bound, and its deviations are not of it.
  if (!std::isfinite(noise / all) || IsBound(estimate)) {
    return "";
  }
  const auto of_noise = std::lround(100 * noise / all);
  if (model <= 0) {
    return absl::StrCat(of_noise, "/", 100 - of_noise, " %");
  }
  // The last of the three takes what rounding leaves.
  const auto of_chance = std::lround(100 * chance / all);
  return absl::StrCat(of_noise, "/", of_chance, "/",
                      std::max(100 - of_noise - of_chance, 0L), " %");
}

std::string Chart(absl::Span<const ChartRow> rows, const Unit& unit) {
  std::optional<Scale> scale = ScaleOf(rows);
  const Widths widths = WidthsOf(rows, unit, scale);
  if (scale.has_value()) {
    scale->columns = widths.bar;
  }
  std::string text = absl::StrCat(HeadText(widths, scale, unit), "\n");
  for (const ChartRow& row : rows) {
    absl::StrAppend(&text, RowText(row, widths, scale, unit), "\n");
  }
  return text;
}

}  // namespace commonwage::client::cli
