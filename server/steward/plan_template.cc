// SPDX-License-Identifier: Apache-2.0
#include "server/steward/plan_template.h"

#include <vector>

namespace commonwage::server::steward {
namespace {

// Sources, all public: section 1 of the German ordinance on the statutory
// minimum wage for 2026 and 2027 (13.90 and 14.60 an hour); the United States'
// Fair Labor Standards Act (7.25 an hour); and the research series of the
// United States' Bureau of Labor Statistics on deciles of usual weekly earnings
// of nonhourly full-time workers, third quarter of 2016: the first decile is
// 522, the eighth 1,906, the ninth 2,510 dollars, which is 27,144, 99,112 and
// 130,520 in 52 weeks. Twice as many earn more than the eighth as earn more
// than the ninth, so that Pareto's index is ln 2 / ln(2510 / 1906) = 2.5.
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
      .anchors = {{"minimum-wage-2026", "13.90"},
                  {"minimum-wage-2027", "14.60"}},
      .k = 10,
      .threshold_delta = "1e-7",
      .survey_cap_micro_rho = 1'600'000,
      .marginals = {{{}, 20'000},
                    {{"platform"}, 95'000},
                    {{"vehicle"}, 95'000},
                    {{"region"}, 95'000},
                    {{"platform", "region"}, 95'000}},
      .expected = {.least = 10, .most = 500},
      .bins = 128,
      .fanouts = {4, 4, 4, 2},
      .root_share = 0.18};
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
                     {"gender",
                      {"man", "nonbinary", "undisclosed", "woman"},
                      "man"}},
      .measure = {.id = "monthly_pay",
                  .currency = "EUR",
                  .period = PayPeriod::kMonth,
                  .minor_unit_exponent = 0,
                  .inner_edges = {}},
      .low = "2409",
      .high = "7228",
      .anchors = {{"minimum-wage-2027-full-time", "2531"}},
      .k = 5,
      .threshold_delta = "1e-6",
      .survey_cap_micro_rho = 960'000,
      .marginals = {{{}, 40'000}, {{"job"}, 220'000}, {{"gender"}, 220'000}},
      .expected = {.least = 10, .most = 200},
      .bins = 64,
      .fanouts = {4, 4, 4},
      .root_share = 0.25};
}

PlanTemplate AnnualPay() {
  return {
      .name = "annual-pay",
      .for_whom = "employees of many industries, some ten thousands",
      .title = "Annual pay by industry and experience",
      .pay_label =
          "Gross pay per year for full-time work. Grid: from the federal "
          "minimum wage of the United States (7.25 an hour) for 2,080 hours to "
          "300,000; four fifths of its bins lie between the first and the "
          "ninth decile of full-time salaries there, and round salaries, which "
          "many people are paid exactly, in the middle of a bin.",
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
           {"gender", {"man", "nonbinary", "undisclosed", "woman"}, "man"}},
      .measure = {.id = "annual_pay",
                  .currency = "USD",
                  .period = PayPeriod::kYear,
                  .minor_unit_exponent = 0,
                  .inner_edges = {},
                  .upper_tail =
                      Tail{.from = 202'500, .micro_index = 2'500'000}},
      .low = "15080",
      .high = "300000",
      .edge_runs = {{15'080, 15'080, 1},
                    {17'500, 25'000, 2'500},
                    {27'500, 130'500, 1'000},
                    {132'500, 202'500, 5'000},
                    {225'000, 250'000, 25'000},
                    {300'000, 300'000, 1}},
      .anchors = {},
      .k = 10,
      .threshold_delta = "1e-7",
      .survey_cap_micro_rho = 1'600'000,
      .marginals = {{{}, 10'000},
                    {{"industry"}, 50'000},
                    {{"experience"}, 20'000},
                    {{"region"}, 20'000},
                    {{"gender"}, 40'000},
                    {{"industry", "experience"}, 80'000},
                    {{"industry", "region"}, 60'000},
                    {{"experience", "region"}, 60'000},
                    {{"gender", "experience"}, 60'000}},
      .expected = {.least = 10, .most = 500},
      .bins = 128,
      .fanouts = {4, 4, 4, 2},
      .root_share = 0.18};
}

}  // namespace

std::vector<PlanTemplate> PlanTemplates() {
  return {Couriers(), SmallUnion(), AnnualPay()};
}

}  // namespace commonwage::server::steward
