// SPDX-License-Identifier: Apache-2.0
#include "server/steward/plan_template.h"

#include <algorithm>
#include <array>
#include <map>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "server/steward/pay_grid.h"
#include "survey/plan_json.h"

namespace commonwage::server::steward {
namespace {

// Sources, all public: section 1 of the German ordinance on the statutory
// minimum wage for 2026 and 2027 (13.90 and 14.60 an hour); the United States'
// Fair Labor Standards Act (7.25 an hour); the Occupational Employment and Wage
// Statistics of the United States' Bureau of Labor Statistics, whose tables end
// at 239,200 a year.
PlanTemplate Couriers() {
  return {
      .name = "couriers",
      .for_whom = "workers on delivery and ride platforms, some thousands",
      .title = "Pay of couriers and drivers on platforms",
      .pay_label =
          "Pay per hour online, tips included, expenses taken off. Grid: from "
          "half of the German statutory minimum wage of 2026 to two and a half "
          "times it; the minimum wages of 2026 and 2027 are edges.",
      .dimensions = {{"platform",
                      {"groceries", "meals", "parcels", "rides", "several",
                       "other", "undisclosed"}},
                     {"vehicle",
                      {"bicycle", "car", "e-bike", "on-foot", "scooter", "van",
                       "undisclosed"}},
                     {"region",
                      {"capital", "east", "north", "south", "west",
                       "undisclosed"}}},
      .measure = {.id = "hourly_pay",
                  .currency = "EUR",
                  .period = PayPeriod::kHour,
                  .minor_unit_exponent = 2,
                  .inner_edges = {}},
      .low = "6.95",
      .high = "34.75",
      .bins = 32,
      .anchors = {{"minimum-wage-2026", "13.90"},
                  {"minimum-wage-2027", "14.60"}},
      .k = 10,
      .threshold_delta = "1e-7",
      .survey_cap_micro_rho = 1'600'000,
      .marginals = {{{"platform"}, 100'000},
                    {{"vehicle"}, 100'000},
                    {{"region"}, 100'000},
                    {{"platform", "region"}, 100'000}}};
}

PlanTemplate SmallUnion() {
  return {
      .name = "small-union",
      .for_whom = "one union or workplace, some hundreds of members",
      .title = "Monthly pay of our members",
      .pay_label =
          "Gross pay per month for full-time work. Grid: from the German "
          "statutory minimum wage of 2026 for 40 hours a week to three times "
          "it; the minimum wage of 2027 for 40 hours is an edge.",
      .dimensions = {{"job",
                      {"administration", "operations", "specialist",
                       "team-lead", "other"}},
                     {"gender", {"man", "nonbinary", "undisclosed", "woman"}}},
      .measure = {.id = "monthly_pay",
                  .currency = "EUR",
                  .period = PayPeriod::kMonth,
                  .minor_unit_exponent = 0,
                  .inner_edges = {}},
      .low = "2409",
      .high = "7228",
      .bins = 16,
      .anchors = {{"minimum-wage-2027-full-time", "2531"}},
      .k = 5,
      .threshold_delta = "1e-6",
      .survey_cap_micro_rho = 960'000,
      .marginals = {{{"job"}, 240'000}, {{"gender"}, 240'000}}};
}

PlanTemplate AnnualPay() {
  return {
      .name = "annual-pay",
      .for_whom = "employees of many industries, some ten thousands",
      .title = "Annual pay by industry and experience",
      .pay_label =
          "Gross pay per year for full-time work. Grid: from the federal "
          "minimum wage of the United States (7.25 an hour) for 2,080 hours to "
          "the top code of the Occupational Employment and Wage Statistics; "
          "round salaries, which many people are paid exactly, have bins of "
          "their own.",
      .dimensions =
          {{"industry",
            {"agriculture", "arts", "construction", "education", "finance",
             "government", "health", "hospitality", "it", "law",
             "manufacturing", "nonprofit", "retail", "science", "social-work",
             "transport", "utilities", "other", "undisclosed"}},
           {"experience",
            {"0-1", "2-4", "5-7", "8-10", "11-20", "21-30", "31+",
             "undisclosed"}},
           {"region",
            {"midwest", "northeast", "south", "west", "other", "undisclosed"}},
           {"gender", {"man", "nonbinary", "undisclosed", "woman"}}},
      .measure = {.id = "annual_pay",
                  .currency = "USD",
                  .period = PayPeriod::kYear,
                  .minor_unit_exponent = 0,
                  .inner_edges = {}},
      .low = "15080",
      .high = "239200",
      .bins = 32,
      .anchors = {},
      .heaps = {"50000", "60000", "100000", "80000", "40000", "70000", "120000",
                "30000", "90000", "150000", "75000", "65000", "55000", "45000"},
      .k = 10,
      .threshold_delta = "1e-7",
      .survey_cap_micro_rho = 1'600'000,
      .marginals = {{{"industry"}, 80'000},
                    {{"industry", "experience"}, 80'000},
                    {{"industry", "region"}, 80'000},
                    {{"experience", "region"}, 80'000},
                    {{"gender", "experience"}, 80'000}}};
}

Marginal MakeMarginal(const PlanTemplate& chosen,
                      const std::vector<std::string>& by, int64_t micro_rho,
                      size_t bins) {
  Marginal marginal;
  marginal.id = absl::StrJoin(by, "_");
  marginal.measure = chosen.measure.id;
  marginal.by = by;
  marginal.mechanism = Mechanism::kDiscreteGaussian;
  marginal.fanouts = FanoutsOf(bins);
  const size_t levels = marginal.fanouts.size() + 1;
  marginal.micro_loss_per_level.assign(
      levels, micro_rho / static_cast<int64_t>(levels));
  return marginal;
}

// The template's dimensions, with the values that were chosen.
absl::StatusOr<std::vector<Dimension>> DimensionsOf(
    const PlanTemplate& chosen, const PlanChoices& choices) {
  std::vector<Dimension> dimensions = chosen.dimensions;
  for (const Dimension& choice : choices.dimensions) {
    const auto found = std::find_if(
        dimensions.begin(), dimensions.end(),
        [&](const Dimension& known) { return known.id == choice.id; });
    if (found == dimensions.end()) {
      return Refusal(absl::StatusCode::kInvalidArgument, "DIMENSION_UNKNOWN",
                     "The template has no dimension of that name; plan new "
                     "without --values shows those it has.");
    }
    found->values = choice.values;
  }
  return dimensions;
}

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

absl::StatusOr<Measure> MeasureOf(const PlanTemplate& chosen,
                                  const PlanChoices& choices) {
  Measure measure = chosen.measure;
  if (choices.currency.empty() || choices.currency == measure.currency) {
    return measure;
  }
  if (choices.low.empty() || choices.high.empty()) {
    return Refusal(absl::StatusCode::kInvalidArgument, "GRID_MISSING",
                   "The template's grid is in another currency: give --low and "
                   "--high with --currency.");
  }
  measure.currency = choices.currency;
  if (measure.minor_unit_exponent > 0) {
    measure.minor_unit_exponent = DecimalsOf(measure.currency);
  }
  return measure;
}

// The template's anchors and the steward's, of which an ID counts once.
std::vector<TemplateAnchor> AnchorsOf(const PlanTemplate& chosen,
                                      const PlanChoices& choices,
                                      bool own_grid) {
  std::vector<TemplateAnchor> anchors = choices.anchors;
  if (own_grid) {
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

// Adds both edges of the bins that stand for the template's heaps.
absl::Status AddHeaps(const PlanTemplate& chosen, size_t bins,
                      std::vector<int64_t>& edges) {
  for (const std::string& amount : chosen.heaps) {
    COMMONWAGE_ASSIGN_OR_RETURN(
        const int64_t rate,
        ParseAmount(amount, chosen.measure.minor_unit_exponent));
    // Low and high end are edges too, and bins are one more than edges.
    if (edges.size() + 2 + 2 < bins) {
      edges.insert(edges.end(), {rate, rate + 1});
    }
  }
  return absl::OkStatus();
}

absl::Status SetGrid(const PlanTemplate& chosen, const PlanChoices& choices,
                     Plan& plan) {
  COMMONWAGE_ASSIGN_OR_RETURN(Measure measure, MeasureOf(chosen, choices));
  const bool own_grid = !choices.low.empty() || !choices.high.empty();
  const std::vector<TemplateAnchor> anchors =
      AnchorsOf(chosen, choices, own_grid);
  std::vector<int64_t> anchor_edges;
  for (const TemplateAnchor& anchor : anchors) {
    COMMONWAGE_ASSIGN_OR_RETURN(
        const int64_t edge,
        ParseAmount(anchor.amount, measure.minor_unit_exponent));
    anchor_edges.push_back(edge);
    plan.anchors.push_back({anchor.id, measure.id, edge});
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      const int64_t low,
      ParseAmount(choices.low.empty() ? chosen.low : choices.low,
                  measure.minor_unit_exponent));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const int64_t high,
      ParseAmount(choices.high.empty() ? chosen.high : choices.high,
                  measure.minor_unit_exponent));
  const size_t bins = TreeBins(choices.bins.value_or(chosen.bins));
  if (!own_grid) {
    COMMONWAGE_RETURN_IF_ERROR(AddHeaps(chosen, bins, anchor_edges));
  }
  COMMONWAGE_ASSIGN_OR_RETURN(measure.inner_edges,
                              LogSpacedEdges(low, high, bins, anchor_edges));
  // The template's label tells of its grid and of all of its anchors.
  if (!own_grid &&
      anchors.size() == chosen.anchors.size() + choices.anchors.size()) {
    plan.labels.push_back({measure.id, "", "en", chosen.pay_label});
  }
  plan.measures.push_back(std::move(measure));
  return absl::OkStatus();
}

absl::Time NextMidnight(absl::Time now) {
  const absl::CivilDay today = absl::ToCivilDay(now, absl::UTCTimeZone());
  return absl::FromCivil(today + 1, absl::UTCTimeZone());
}

std::string QuarterOf(absl::Time opens_at) {
  const absl::CivilMonth month =
      absl::ToCivilMonth(opens_at, absl::UTCTimeZone());
  return absl::StrCat(month.year(), "-q", (month.month() + 2) / 3);
}

}  // namespace

std::vector<PlanTemplate> PlanTemplates() {
  return {Couriers(), SmallUnion(), AnnualPay()};
}

absl::StatusOr<Plan> PlanFromTemplate(const PlanTemplate& chosen,
                                      const PlanChoices& choices,
                                      absl::Time now) {
  Plan plan;
  plan.survey = choices.survey.empty() ? chosen.name : choices.survey;
  plan.opens_at = choices.opens_at.value_or(NextMidnight(now));
  plan.closes_at =
      choices.closes_at.value_or(plan.opens_at + absl::Hours(24 * 30));
  plan.round = choices.round.empty() ? QuarterOf(plan.opens_at) : choices.round;
  plan.k = chosen.k;
  plan.threshold_delta = chosen.threshold_delta;
  plan.survey_cap_micro_rho = chosen.survey_cap_micro_rho;
  plan.labels.push_back({plan.survey, "", "en", chosen.title});
  COMMONWAGE_ASSIGN_OR_RETURN(plan.dimensions, DimensionsOf(chosen, choices));
  COMMONWAGE_RETURN_IF_ERROR(SetGrid(chosen, choices, plan));
  for (const auto& [by, micro_rho] : chosen.marginals) {
    plan.marginals.push_back(
        MakeMarginal(chosen, by, micro_rho, BinCount(plan.measures.front())));
  }
  // What the steward chose has not been checked yet.
  return ParsePlan(WritePlan(plan));
}

}  // namespace commonwage::server::steward
