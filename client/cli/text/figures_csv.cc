// SPDX-License-Identifier: Apache-2.0
#include "client/cli/text/figures_csv.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

#include "client/cli/text/estimate_text.h"
#include "client/cli/text/figures_words.h"
#include "client/cli/text/words.h"

namespace commonwage::client::cli {
namespace {

using Fields = std::vector<std::string>;

// Text that came with a release: never a formula.
std::string TextField(absl::string_view text) {
  const std::string safe =
      !text.empty() && absl::StrContains("=+-@\t\r", text.substr(0, 1))
          ? absl::StrCat("'", text)
          : std::string(text);
  return safe.find_first_of(",\"\r\n") != std::string::npos
             ? absl::StrCat("\"", absl::StrReplaceAll(safe, {{"\"", "\"\""}}),
                            "\"")
             : safe;
}

// How a figure's numbers are written.
enum class Kind { kWage, kShare, kCount };

std::string Number(double value, Kind kind, const Unit& unit) {
  if (kind != Kind::kWage) {
    return absl::StrFormat("%.10g", value);
  }
  return absl::StrFormat("%.*f", unit.minor_unit_exponent,
                         value / std::pow(10.0, unit.minor_unit_exponent));
}

std::string PositionName(const v1::Estimate& estimate) {
  return std::string(
      absl::StripPrefix(v1::Position_Name(estimate.position()), "POSITION_"));
}

// What every line of a response has in front and at its end.
class Table {
 public:
  explicit Table(const v1::SummarizeResponse& response)
      : response_(response),
        unit_({std::clamp(response.release().minor_unit_exponent(), 0, 9)}),
        wage_unit_(TextField(absl::StrCat(
            Plain(response.release().currency()), " per ",
            absl::AsciiStrToLower(Plain(response.release().period()))))) {}

  [[nodiscard]] std::string Head() const;
  [[nodiscard]] std::string LinesOf(const v1::CellSummary& cell) const;

 private:
  [[nodiscard]] std::string Line(const v1::CellSummary& cell,
                                 const Fields& figure) const;
  [[nodiscard]] Fields FieldsOf(const std::string& figure,
                                const std::string& at,
                                const v1::Estimate& estimate, Kind kind) const;
  [[nodiscard]] std::vector<Fields> FiguresOf(
      const v1::CellFigures& figures) const;

  const v1::SummarizeResponse& response_;
  Unit unit_;
  std::string wage_unit_;
};

std::string Table::Head() const {
  Fields names = {"round"};
  if (!response_.cells().empty()) {
    for (const v1::CellCoordinate& coordinate : response_.cells(0).key()) {
      names.push_back(TextField(Plain(coordinate.dimension())));
    }
  }
  for (const char* name :
       {"figure", "at", "value", "interval_low", "interval_high", "quality",
        "position", "modelled", "noise_sd", "sampling_sd", "model_sd", "unit",
        "confidence", "citation"}) {
    names.emplace_back(name);
  }
  return absl::StrCat(absl::StrJoin(names, ","), "\r\n");
}

std::string Table::Line(const v1::CellSummary& cell,
                        const Fields& figure) const {
  Fields fields = {TextField(RoundOf(response_.release().name()))};
  for (const v1::CellCoordinate& coordinate : cell.key()) {
    fields.push_back(
        TextField(Plain(absl::StrJoin(coordinate.values(), " + "))));
  }
  fields.insert(fields.end(), figure.begin(), figure.end());
  fields.push_back(absl::StrFormat("%.10g", response_.confidence()));
  fields.push_back(TextField(Plain(cell.citation())));
  return absl::StrCat(absl::StrJoin(fields, ","), "\r\n");
}

Fields Table::FieldsOf(const std::string& figure, const std::string& at,
                       const v1::Estimate& estimate, Kind kind) const {
  const v1::Interval& interval = estimate.interval();
  const auto number = [this, kind](double value) {
    return Number(value, kind, unit_);
  };
  return {figure,
          at,
          IsBound(estimate) ? "" : number(estimate.value()),
          interval.open_low() ? "" : number(interval.low()),
          interval.open_high() ? "" : number(interval.high()),
          QualityWord(estimate),
          PositionName(estimate),
          estimate.modelled() ? "yes" : "no",
          number(estimate.noise_sd()),
          number(estimate.sampling_sd()),
          number(estimate.model_sd()),
          kind == Kind::kWage    ? wage_unit_
          : kind == Kind::kShare ? "share"
                                 : "answers"};
}

std::vector<Fields> Table::FiguresOf(const v1::CellFigures& figures) const {
  std::vector<Fields> lines;
  if (figures.has_count()) {
    lines.push_back(FieldsOf("count", "", figures.count(), Kind::kCount));
  }
  for (const v1::QuantileEstimate& quantile : figures.quantiles()) {
    lines.push_back(FieldsOf("quantile", absl::StrFormat("%g", quantile.p()),
                             quantile.wage(), Kind::kWage));
  }
  if (figures.has_trimmed_mean()) {
    lines.push_back(
        FieldsOf("trimmed_mean", "0.8", figures.trimmed_mean(), Kind::kWage));
  }
  for (const v1::ShareEstimate& share : figures.shares_below()) {
    lines.push_back(
        FieldsOf("share_below",
                 Number(static_cast<double>(share.rate()), Kind::kWage, unit_),
                 share.share(), Kind::kShare));
  }
  for (const v1::HistogramBin& bin : figures.histogram()) {
    // A bin has a share and no interval of its own.
    Fields fields = {"bin",
                     bin.has_low() ? Number(static_cast<double>(bin.low()),
                                            Kind::kWage, unit_)
                                   : "",
                     Number(bin.share(), Kind::kShare, unit_)};
    fields.resize(11);
    fields.emplace_back("share");
    lines.push_back(std::move(fields));
  }
  return lines;
}

std::string Table::LinesOf(const v1::CellSummary& cell) const {
  if (!cell.has_figures()) {
    Fields withheld = {"withheld"};
    withheld.resize(12);
    return Line(cell, withheld);
  }
  std::string lines;
  for (const Fields& figure : FiguresOf(cell.figures())) {
    absl::StrAppend(&lines, Line(cell, figure));
  }
  return lines;
}

}  // namespace

std::string CsvOf(const v1::SummarizeResponse& response) {
  const Table table(response);
  std::string text = table.Head();
  for (const v1::CellSummary& cell : response.cells()) {
    absl::StrAppend(&text, table.LinesOf(cell));
  }
  return text;
}

}  // namespace commonwage::client::cli
