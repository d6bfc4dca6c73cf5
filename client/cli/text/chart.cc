// SPDX-License-Identifier: Apache-2.0
#include "client/cli/text/chart.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "client/cli/text/columns.h"
#include "client/cli/text/words.h"

namespace commonwage::client::cli {
namespace {

constexpr size_t kWidestBar = 36;
constexpr size_t kNarrowestBar = 15;
constexpr size_t kQuality = 4;  // Columns of "good".

// The values that all bars of a table are drawn between.
struct Scale {
  double low = 0;
  double high = 0;
  size_t columns = kWidestBar;

  // Returns the column of a value.
  [[nodiscard]] size_t At(double value) const {
    const double share = high > low ? (value - low) / (high - low) : 0;
    // What is no number, as of a scale without an end, is at the left.
    const double within = share > 0 ? std::min(share, 1.0) : 0;
    return static_cast<size_t>(
        std::lround(within * static_cast<double>(columns - 1)));
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

// The ends of the scale over the bars, in words if they fit.
std::string EndsText(const Scale& scale, const Unit& unit) {
  std::string low = Money(scale.low, unit.minor_unit_exponent);
  std::string high = Money(scale.high, unit.minor_unit_exponent);
  if (Columns(low) + Columns(high) + 10 <= scale.columns) {
    low = absl::StrCat("from ", low);
    high = absl::StrCat("to ", high);
  }
  return absl::StrCat(
      low,
      PadLeft(high, scale.columns - std::min(Columns(low), scale.columns)));
}

// One row as text; what is not there is empty.
struct Texts {
  std::string interval;
  std::string median;
  std::string quality;
  std::string answers;
  std::string noise;
};

Texts TextsOf(const ChartRow& row, const Unit& unit) {
  Texts texts;
  if (row.median.has_value()) {
    texts.interval = IntervalText(*row.median, unit);
    texts.median = ValueText(*row.median, unit);
    texts.quality = QualityWord(*row.median);
    texts.noise = NoiseText(*row.median);
  }
  if (row.count.has_value()) {
    texts.answers = AnswersText(*row.count);
  }
  return texts;
}

// True under open admission too, where one person can send several.
constexpr const char* kAnswers = "answers";
constexpr const char* kNoise = "noise";
constexpr const char* kNoiseAndModel = "noise, model";

// Where everything stands: columns, and how wide they are.
struct Layout {
  size_t label = 4;
  size_t interval = 13;
  size_t median = 6;
  size_t bar = 0;      // 0 if there is none.
  size_t answers = 0;  // 0 if the table has none.
  size_t noise = 0;
  bool modelled = false;   // The noise's column has the model's part too.
  bool stacked = false;    // Labels have lines of their own.
  bool sentences = false;  // Answers and noise have lines of their own.

  [[nodiscard]] size_t Indent() const { return stacked ? 2 : label + 2; }
  [[nodiscard]] size_t OfColumn(size_t width) const {
    return sentences || width == 0 ? 0 : width + 2;
  }
  [[nodiscard]] size_t WithoutBar() const {
    return Indent() + interval + 2 + median + 2 + kQuality + OfColumn(answers) +
           OfColumn(noise);
  }
};

// How wide the columns must be, whatever the page.
Layout WidthsOf(absl::Span<const ChartRow> rows, const Unit& unit) {
  Layout layout;
  for (const ChartRow& row : rows) {
    const Texts texts = TextsOf(row, unit);
    layout.label = std::max(layout.label, Columns(row.label));
    layout.interval = std::max(layout.interval, Columns(texts.interval));
    layout.median = std::max(layout.median, Columns(texts.median));
    if (!texts.answers.empty()) {
      layout.answers =
          std::max({layout.answers, Columns(texts.answers), Columns(kAnswers)});
    }
    if (!texts.noise.empty()) {
      layout.modelled = layout.modelled || row.median->model_sd() > 0;
      layout.noise = Columns(layout.modelled ? kNoiseAndModel : kNoise);
    }
  }
  return layout;
}

// Returns the first layout, from the richest to the barest, that fits the page.
Layout LayoutFor(absl::Span<const ChartRow> rows, const Unit& unit,
                 const std::optional<Scale>& scale, const Page& page) {
  struct Way {
    bool stacked;
    bool sentences;
    bool bars;
  };
  constexpr std::array<Way, 4> kWays = {{{false, false, true},
                                         {true, false, true},
                                         {true, true, true},
                                         {true, true, false}}};
  const size_t least =
      scale.has_value()
          ? std::max(kNarrowestBar,
                     Columns(Money(scale->low, unit.minor_unit_exponent)) + 1 +
                         Columns(Money(scale->high, unit.minor_unit_exponent)))
          : 0;
  Layout layout = WidthsOf(rows, unit);
  for (const Way& way : kWays) {
    layout.stacked = way.stacked;
    layout.sentences = way.sentences || rows.size() == 1;
    layout.bar = 0;
    const bool has_bars = way.bars && scale.has_value();
    const size_t taken = layout.WithoutBar() + (has_bars ? least + 2 : 0);
    if (taken <= page.width) {
      layout.bar =
          has_bars ? std::min(kWidestBar, page.width + least - taken) : 0;
      break;
    }
  }
  return layout;
}

std::string HeadText(const Layout& layout, const std::optional<Scale>& scale,
                     const Unit& unit) {
  std::string text = absl::StrCat(PadRight("", layout.Indent()),
                                  PadLeft("95 % interval", layout.interval),
                                  "  ", PadLeft("median", layout.median));
  if (layout.bar > 0) {
    absl::StrAppend(&text, "  ", EndsText(*scale, unit));
  }
  if (layout.OfColumn(layout.answers) + layout.OfColumn(layout.noise) > 0) {
    absl::StrAppend(&text, PadRight("", 2 + kQuality));
  }
  if (layout.OfColumn(layout.answers) > 0) {
    absl::StrAppend(&text, "  ", PadLeft(kAnswers, layout.answers));
  }
  if (layout.OfColumn(layout.noise) > 0) {
    absl::StrAppend(&text, "  ", layout.modelled ? kNoiseAndModel : kNoise);
  }
  return text;
}

// What stands under a row that has no columns for it.
std::string SentenceText(const ChartRow& row, const Texts& texts,
                         const Page& page) {
  std::string text =
      texts.answers.empty() ? "" : absl::StrCat(texts.answers, " answers");
  if (!texts.noise.empty()) {
    absl::StrAppend(&text, text.empty() ? "" : "; ",
                    UncertaintyInWords(*row.median));
  }
  return text.empty()
             ? ""
             : absl::StrCat("\n", absl::StripSuffix(
                                      Folded(text, "  ", page.width), "\n"));
}

std::string RowText(const ChartRow& row, const Layout& layout,
                    const std::optional<Scale>& scale, const Unit& unit,
                    const Page& page) {
  std::string text =
      layout.stacked ? absl::StrCat(row.label, "\n  ")
                     : absl::StrCat(PadRight(row.label, layout.label), "  ");
  if (!row.shown) {
    return absl::StrCat(
        text, Toned(PadLeft("withheld", layout.interval), Tone::kQuiet, page));
  }
  const Texts texts = TextsOf(row, unit);
  absl::StrAppend(
      &text, PadLeft(texts.interval, layout.interval), "  ",
      Toned(PadLeft(texts.median, layout.median), Tone::kStrong, page));
  if (layout.bar > 0) {
    absl::StrAppend(&text, "  ", Bar(row, *scale));
  }
  const std::string quality =
      row.median.has_value() ? Toned(texts.quality, ToneOf(*row.median), page)
                             : PadRight("", kQuality);
  absl::StrAppend(&text, "  ", quality);
  if (layout.sentences) {
    return absl::StrCat(text, SentenceText(row, texts, page));
  }
  if (layout.answers > 0) {
    absl::StrAppend(&text, "  ", PadLeft(texts.answers, layout.answers));
  }
  if (layout.noise > 0) {
    absl::StrAppend(&text, "  ", PadLeft(texts.noise, layout.noise));
  }
  return text;
}

}  // namespace

std::string Chart(absl::Span<const ChartRow> rows, const Unit& unit,
                  const Page& page) {
  std::optional<Scale> scale = ScaleOf(rows);
  const Layout layout = LayoutFor(rows, unit, scale, page);
  if (scale.has_value()) {
    scale->columns = std::max(layout.bar, size_t{1});
  }
  std::string text = absl::StrCat(HeadText(layout, scale, unit), "\n");
  for (const ChartRow& row : rows) {
    absl::StrAppend(&text,
                    absl::StripTrailingAsciiWhitespace(
                        RowText(row, layout, scale, unit, page)),
                    "\n");
  }
  return text;
}

}  // namespace commonwage::client::cli
