// SPDX-License-Identifier: Apache-2.0
#include "server/steward/template_grid.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "server/steward/grid_builder.h"

namespace commonwage::server::steward {
namespace {

// More would leave little of the template's own edges.
constexpr size_t kMostAnchorsInRuns = 20;

// Returns how many decimals amounts of a currency have: ISO 4217, list one, as
// its maintenance agency SIX publishes it. Two, unless listed here.
int DecimalsOf(absl::string_view currency) {
  static constexpr std::array<absl::string_view, 16> kNone = {
      "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW",
      "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"};
  static constexpr std::array<absl::string_view, 7> kThree = {
      "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
  if (std::find(kNone.begin(), kNone.end(), currency) != kNone.end()) {
    return 0;
  }
  return std::find(kThree.begin(), kThree.end(), currency) != kThree.end() ? 3
                                                                           : 2;
}

// The measure without its grid.
absl::StatusOr<Measure> WithoutGrid(const PlanTemplate& chosen,
                                    const PlanChoices& choices) {
  Measure measure = chosen.measure;
  if (IsOwnGrid(chosen, choices)) {
    measure.upper_tail.reset();
    measure.lower_tail.reset();
  }
  if (choices.currency.empty() || choices.currency == measure.currency) {
    return measure;
  }
  if (choices.steps.empty() && (choices.low.empty() || choices.high.empty())) {
    return Refusal(Reason::kGridMissing,
                   "The template's grid is in another currency: give --low and "
                   "--high, or --steps, with --currency.");
  }
  measure.currency = choices.currency;
  if (measure.minor_unit_exponent > 0) {
    measure.minor_unit_exponent = DecimalsOf(measure.currency);
  }
  return measure;
}

absl::StatusOr<std::vector<int64_t>> AmountsOf(
    const std::vector<std::string>& texts, const Measure& measure) {
  std::vector<int64_t> amounts;
  for (const std::string& text : texts) {
    COMMONWAGE_ASSIGN_OR_RETURN(amounts.emplace_back(),
                                ParseAmount(text, measure.minor_unit_exponent));
  }
  return amounts;
}

absl::StatusOr<std::vector<int64_t>> AnchorEdges(const PlanTemplate& chosen,
                                                 const PlanChoices& choices,
                                                 const Measure& measure) {
  std::vector<std::string> texts;
  for (const TemplateAnchor& anchor : AnchorsOf(chosen, choices)) {
    texts.push_back(anchor.amount);
  }
  return AmountsOf(texts, measure);
}

// An end of the grid: as chosen, else as the steps have it, else as the
// template has it.
absl::StatusOr<int64_t> EndOf(const std::string& choice,
                              std::optional<int64_t> of_steps,
                              const std::string& of_template,
                              const Measure& measure) {
  if (choice.empty() && of_steps.has_value()) {
    return *of_steps;
  }
  return ParseAmount(choice.empty() ? of_template : choice,
                     measure.minor_unit_exponent);
}

// The template's own edges; in place of the nearest ones, the anchors.
std::vector<int64_t> RunEdges(const std::vector<EdgeRun>& runs,
                              const std::vector<int64_t>& anchors) {
  std::set<int64_t> free;
  for (const EdgeRun& run : runs) {
    for (int64_t edge = run.first; edge <= run.last; edge += run.step) {
      free.insert(edge);
    }
  }
  std::set<int64_t> fixed;
  for (const int64_t anchor : anchors) {
    if (!fixed.insert(anchor).second) {
      continue;
    }
    free.erase(std::min_element(
        free.begin(), free.end(), [anchor](int64_t a, int64_t b) {
          return std::abs(a - anchor) < std::abs(b - anchor);
        }));
  }
  fixed.merge(free);
  return {fixed.begin(), fixed.end()};
}

}  // namespace

bool IsOwnGrid(const PlanTemplate& chosen, const PlanChoices& choices) {
  return !choices.low.empty() || !choices.high.empty() ||
         !choices.steps.empty() ||
         (!choices.currency.empty() &&
          choices.currency != chosen.measure.currency);
}

std::vector<TemplateAnchor> AnchorsOf(const PlanTemplate& chosen,
                                      const PlanChoices& choices) {
  std::vector<TemplateAnchor> anchors = choices.anchors;
  if (IsOwnGrid(chosen, choices)) {
    return anchors;
  }
  for (const TemplateAnchor& known : chosen.anchors) {
    if (std::none_of(choices.anchors.begin(), choices.anchors.end(),
                     [&](const auto& own) { return own.id == known.id; })) {
      anchors.push_back(known);
    }
  }
  return anchors;
}

absl::StatusOr<Measure> MeasureOf(const PlanTemplate& chosen,
                                  const PlanChoices& choices, size_t bins) {
  COMMONWAGE_ASSIGN_OR_RETURN(Measure measure, WithoutGrid(chosen, choices));
  COMMONWAGE_ASSIGN_OR_RETURN(std::vector<int64_t> fixed,
                              AnchorEdges(chosen, choices, measure));
  COMMONWAGE_ASSIGN_OR_RETURN(measure.steps, AmountsOf(choices.steps, measure));
  std::sort(measure.steps.begin(), measure.steps.end());
  measure.steps.erase(std::unique(measure.steps.begin(), measure.steps.end()),
                      measure.steps.end());
  std::optional<int64_t> steps_low;
  std::optional<int64_t> steps_high;
  if (!measure.steps.empty()) {
    steps_low = std::max<int64_t>(measure.steps.front() / 5 * 4, 1);
    steps_high = measure.steps.back() / 4 * 5 + 5;
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      const int64_t low, EndOf(choices.low, steps_low, chosen.low, measure));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const int64_t high,
      EndOf(choices.high, steps_high, chosen.high, measure));
  for (const int64_t step : measure.steps) {
    fixed.insert(fixed.end(), {step, step + 1});
  }
  const bool is_own = IsOwnGrid(chosen, choices);
  const bool has_runs =
      !is_own && !chosen.edge_runs.empty() && bins == chosen.bins &&
      fixed.size() < kMostAnchorsInRuns &&
      std::all_of(fixed.begin(), fixed.end(),
                  [&](int64_t edge) { return low <= edge && edge <= high; });
  if (has_runs) {
    measure.inner_edges = RunEdges(chosen.edge_runs, fixed);
  } else {
    COMMONWAGE_ASSIGN_OR_RETURN(measure.inner_edges,
                                LogSpacedEdges(low, high, bins, fixed));
  }
  if (measure.upper_tail.has_value()) {
    const auto from =
        std::lower_bound(measure.inner_edges.begin(), measure.inner_edges.end(),
                         measure.upper_tail->from);
    measure.upper_tail->from =
        from != measure.inner_edges.end() ? *from : measure.inner_edges.back();
  }
  return measure;
}

}  // namespace commonwage::server::steward
