// SPDX-License-Identifier: Apache-2.0
#include "server/steward/plan_template.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "privacy/forecast/preview.h"
#include "privacy/model/pay_grid.h"
#include "server/steward/plan_check.h"
#include "server/steward/plan_preview.h"
#include "survey/plan/plan_json.h"
#include "tests/testing/plan_parts.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::steward {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;

absl::Time Now() {
  return absl::FromCivil(absl::CivilSecond(2026, 5, 20, 13, 0, 0),
                         absl::UTCTimeZone());
}

PlanTemplate TemplateNamed(const std::string& name) {
  for (PlanTemplate& known : PlanTemplates()) {
    if (known.name == name) {
      return known;
    }
  }
  ADD_FAILURE() << name;
  return {};
}

// Forecast of a marginal's cells with `n` people.
privacy::forecast::GroupForecast ForecastOf(const std::string& name,
                                            size_t marginal, int64_t n) {
  const auto plan = PlanFromTemplate(TemplateNamed(name), {}, Now());
  const auto preview = privacy::forecast::Preview(*plan);
  for (const auto& group : preview->marginals[marginal].groups) {
    if (group.n == n) {
      return group;
    }
  }
  return {};
}

TEST(PlanTemplateTest, EveryTemplateIsAPlanWithoutFaults) {
  EXPECT_EQ(PlanTemplates().size(), 3U);
  for (const PlanTemplate& known : PlanTemplates()) {
    const auto plan = PlanFromTemplate(known, {}, Now());
    ASSERT_OK(plan) << known.name;
    EXPECT_OK(ReadCheckedPlan(WritePlan(*plan))) << known.name;
    EXPECT_EQ(plan->survey, known.name);
    EXPECT_EQ(plan->round, "2026-q2");
    EXPECT_EQ(plan->opens_at, absl::FromCivil(absl::CivilDay(2026, 5, 21),
                                              absl::UTCTimeZone()));
    EXPECT_EQ(plan->closes_at - plan->opens_at, absl::Hours(720));
  }
}

TEST(PlanTemplateTest, NamesThePublicSourceOfItsGrid) {
  for (const PlanTemplate& known : PlanTemplates()) {
    EXPECT_THAT(known.pay_label, HasSubstr("minimum wage")) << known.name;
    const auto plan = PlanFromTemplate(known, {}, Now());
    ASSERT_OK(plan);
    EXPECT_EQ(plan->labels.back().id, plan->measures.front().id);
    EXPECT_EQ(plan->labels.back().text, known.pay_label);
  }
}

// Where the template's plan has a table.
size_t TableIn(const std::string& name, const std::string& id) {
  return testing::MarginalIndex(
             *PlanFromTemplate(TemplateNamed(name), {}, Now()), id)
      .value();
}

TEST(PlanTemplateTest, GivesUsefulCellsAtItsSize) {
  // Hundreds of members in five jobs: 30 people are shown, 100 within a tenth.
  const size_t job = TableIn("small-union", "job");
  EXPECT_GT(ForecastOf("small-union", job, 30).chance_shown, 0.99);
  EXPECT_LT(ForecastOf("small-union", job, 100).median_half_width.value_or(9),
            0.1);
  // Thousands: 50 are shown, and 500 are within a twelfth.
  const size_t platform = TableIn("couriers", "platform");
  EXPECT_GT(ForecastOf("couriers", platform, 50).chance_shown, 0.95);
  EXPECT_LT(ForecastOf("couriers", platform, 500).median_half_width.value_or(9),
            0.08);
  // Ten thousands.
  const size_t pair = TableIn("annual-pay", "industry_experience");
  EXPECT_GT(ForecastOf("annual-pay", pair, 100).chance_shown, 0.99);
  EXPECT_LT(ForecastOf("annual-pay", pair, 1000).median_half_width.value_or(9),
            0.05);
}

TEST(PlanTemplateTest, StatesTheBudgetThatIsBestForTheCellsItExpects) {
  for (const PlanTemplate& known : PlanTemplates()) {
    const auto best = ChooseBudget(known, {});
    ASSERT_OK(best) << known.name;
    int64_t bins = 1;
    for (const int64_t fanout : best->fanouts) {
      bins *= fanout;
    }
    EXPECT_EQ(best->mechanism, Mechanism::kDiscreteGaussian) << known.name;
    EXPECT_EQ(static_cast<size_t>(bins), known.bins) << known.name;
    EXPECT_EQ(best->fanouts, known.fanouts) << known.name;
    EXPECT_EQ(best->root_share, known.root_share) << known.name;
    // Of a thousand workers the median is within 5 %.
    EXPECT_LE(best->half_width.value_or(9), 0.05) << known.name;
    // And the plan has it.
    const auto plan = PlanFromTemplate(known, {}, Now());
    ASSERT_OK(plan);
    EXPECT_EQ(BinCount(plan->measures.front()), known.bins);
    EXPECT_THAT(plan->marginals, Contains(Field(&Marginal::micro_loss_per_level,
                                                best->micro_loss_per_level)));
  }
}

TEST(PlanTemplateTest, GivesEveryTotalOfItsTables) {
  for (const PlanTemplate& known : PlanTemplates()) {
    const auto plan = PlanFromTemplate(known, {}, Now());
    ASSERT_OK(plan);
    EXPECT_EQ(plan->marginals.front().id, "all");
    EXPECT_TRUE(plan->marginals.front().by.empty());
    const auto preview = privacy::forecast::Preview(*plan);
    ASSERT_OK(preview);
    EXPECT_THAT(preview->warnings, Not(Contains(HasSubstr("No table"))));
    EXPECT_THAT(preview->warnings, Not(Contains(HasSubstr("is a sum of"))));
    EXPECT_GE(preview->rounds_under_cap, 2) << known.name;
  }
}

TEST(PlanTemplateTest, NamesMenAsTheBaseOfAGenderGap) {
  for (const PlanTemplate& known : PlanTemplates()) {
    const auto plan = PlanFromTemplate(known, {}, Now());
    ASSERT_OK(plan);
    if (const Dimension* gender = FindDimension(*plan, "gender")) {
      EXPECT_EQ(gender->base, "man");
      PlanChoices other;
      other.dimensions = {{"gender", {"f", "m"}}};
      EXPECT_OK(PlanFromTemplate(known, other, Now()));
    }
  }
}

// What people are paid by the year is a round number more often than not.
TEST(PlanTemplateTest, RoundSalariesLieInTheMiddleOfABin) {
  const auto plan = PlanFromTemplate(TemplateNamed("annual-pay"), {}, Now());
  ASSERT_OK(plan);
  const Measure& pay = plan->measures.front();
  const std::vector<int64_t>& edges = pay.inner_edges;
  for (int64_t salary = 28'000; salary <= 130'000; salary += 1'000) {
    const size_t bin = BinOf(pay, salary);
    EXPECT_EQ(salary - edges[bin - 1], edges[bin] - salary) << salary;
  }
  for (int64_t salary = 135'000; salary <= 200'000; salary += 5'000) {
    const size_t bin = BinOf(pay, salary);
    EXPECT_EQ(salary - edges[bin - 1], edges[bin] - salary) << salary;
  }
  // Four fifths of the bins between the first and the ninth decile.
  const auto within = std::count_if(
      edges.begin(), edges.end(),
      [](int64_t edge) { return edge >= 27'144 && edge <= 130'520; });
  EXPECT_GE(within * 5, static_cast<int64_t>(edges.size()) * 4);
  ASSERT_TRUE(pay.upper_tail.has_value());
  EXPECT_EQ(pay.upper_tail->micro_index, 2'500'000);
  // ln 2 / ln(2510 / 1906), as its comment says.
  EXPECT_NEAR(std::log(2) / std::log(2510.0 / 1906), 2.5, 0.02);
  EXPECT_EQ(522 * 52, 27'144);
  EXPECT_EQ(2510 * 52, 130'520);
}

TEST(PlanTemplateTest, AnchorsTakeTheNearestEdgesOfTheTemplatesOwnGrid) {
  PlanChoices choices;
  choices.anchors = {{"living-wage", "45120"}, {"agreed", "45130"}};
  const auto plan =
      PlanFromTemplate(TemplateNamed("annual-pay"), choices, Now());
  ASSERT_OK(plan);
  const std::vector<int64_t>& edges = plan->measures.front().inner_edges;
  EXPECT_EQ(edges.size(), 127U);
  EXPECT_THAT(edges, AllOf(Contains(45120), Contains(45130), Contains(43500),
                           Contains(47500), Not(Contains(45500))));
  EXPECT_TRUE(plan->measures.front().upper_tail.has_value());
}

TEST(PlanTemplateTest, GivesEveryStepOfAPayScaleABinOfItsOwn) {
  PlanChoices choices;
  choices.steps = {"3300", "2650", "2800", "2950", "2800"};
  choices.anchors = {{"minimum", "2600"}};
  const auto plan =
      PlanFromTemplate(TemplateNamed("small-union"), choices, Now());
  ASSERT_OK(plan);
  const Measure& pay = plan->measures.front();
  EXPECT_THAT(pay.steps, ElementsAre(2650, 2800, 2950, 3300));
  EXPECT_EQ(pay.inner_edges.front(), 2120);  // Four fifths of the lowest step.
  EXPECT_EQ(pay.inner_edges.back(), 4130);   // Five quarters, rounded up.
  EXPECT_THAT(pay.inner_edges, Contains(2600));
  EXPECT_EQ(plan->labels.size(), 1U);  // The template's source is not theirs.
  EXPECT_EQ(privacy::model::PayGrid(pay).IsStep(BinOf(pay, 2950)), true);
  // With its own currency, and on a grid that must hold all of them.
  choices.currency = "CHF";
  choices.low = "2500";
  choices.high = "5000";
  EXPECT_OK(PlanFromTemplate(TemplateNamed("small-union"), choices, Now()));
  choices.high = "3000";
  EXPECT_THAT(PlanFromTemplate(TemplateNamed("small-union"), choices, Now()),
              HasReason(Reason::kGridUnusable));
  choices.steps = {"many"};
  EXPECT_THAT(PlanFromTemplate(TemplateNamed("small-union"), choices, Now()),
              HasReason(Reason::kAmountMalformed));
}

TEST(PlanTemplateTest, LeavesOutNumbersOfBinsThatAScaleDoesNotFitInto) {
  PlanChoices choices;
  for (int step = 0; step < 50; ++step) {
    choices.steps.push_back(std::to_string(2500 + 40 * step));
  }
  const auto plan =
      PlanFromTemplate(TemplateNamed("small-union"), choices, Now());
  ASSERT_OK(plan);
  EXPECT_GE(BinCount(plan->measures.front()), 128U);
}

TEST(PlanTemplateTest, MeasuresForTheGroupsThatTheStewardExpects) {
  const PlanTemplate couriers = TemplateNamed("couriers");
  PlanChoices large;
  large.expected = {.least = 400, .most = 5'000};
  const auto best = ChooseBudget(couriers, large);
  ASSERT_OK(best);
  // All are shown anyhow, so the root needs no more than the least share.
  EXPECT_EQ(best->root_share, 0.12);
  EXPECT_GT(best->yield.useful, 0.99);
  const auto plan = PlanFromTemplate(couriers, large, Now());
  ASSERT_OK(plan);
  EXPECT_EQ(plan->marginals[1].micro_loss_per_level,
            best->micro_loss_per_level);
}

TEST(PlanTemplateTest, TakesWhatTheStewardChooses) {
  PlanChoices choices;
  choices.survey = "riders";
  choices.round = "2026-spring";
  choices.low = "5.00";
  choices.high = "30";
  choices.bins = 16;
  choices.currency = "GBP";
  choices.anchors = {{"living-wage", "13.45"}};
  choices.dimensions = {{"region", {"north", "south", "undisclosed"}}};
  choices.opens_at = Now() + absl::Hours(1);
  choices.closes_at = Now() + absl::Hours(2);
  const auto plan = PlanFromTemplate(TemplateNamed("couriers"), choices, Now());
  ASSERT_OK(plan);
  EXPECT_EQ(RoundIdOf(*plan), "riders.2026-spring");
  const Measure& measure = plan->measures.front();
  EXPECT_EQ(measure.currency, "GBP");
  EXPECT_EQ(measure.inner_edges.front(), 500);
  EXPECT_EQ(measure.inner_edges.back(), 3000);
  EXPECT_EQ(BinCount(measure), 16U);
  EXPECT_THAT(measure.inner_edges, Contains(1345));
  ASSERT_EQ(plan->anchors.size(), 1U);
  EXPECT_EQ(plan->anchors[0].id, "living-wage");
  EXPECT_EQ(FindDimension(*plan, "region")->values.size(), 3U);
  // Loss does not grow or shrink with the number of levels.
  int64_t micro_rho = 0;
  for (const Marginal& marginal : plan->marginals) {
    for (const int64_t level : marginal.micro_loss_per_level) {
      micro_rho += level;
    }
  }
  EXPECT_EQ(micro_rho, 400'000);
}

TEST(PlanTemplateTest, AnotherCurrencyNeedsItsOwnGrid) {
  const PlanTemplate couriers = TemplateNamed("couriers");
  PlanChoices choices;
  choices.currency = "JPY";
  const auto refused = PlanFromTemplate(couriers, choices, Now());
  EXPECT_THAT(refused, HasReason(Reason::kGridMissing));
  EXPECT_THAT(refused.status().message(),
              AllOf(HasSubstr("--low"), HasSubstr("--high")));
  choices.low = "600";
  EXPECT_THAT(PlanFromTemplate(couriers, choices, Now()),
              HasReason(Reason::kGridMissing));
  choices.currency = "EUR";
  choices.low = "";
  const auto same = PlanFromTemplate(couriers, choices, Now());
  ASSERT_OK(same);
  EXPECT_EQ(same->anchors.size(), 2U);
}

TEST(PlanTemplateTest, AmountsHaveTheDecimalsOfTheirCurrency) {
  const auto decimals = [](const std::string& name,
                           const std::string& currency) {
    PlanChoices choices;
    choices.currency = currency;
    choices.low = "600";
    choices.high = "3000";
    const auto plan = PlanFromTemplate(TemplateNamed(name), choices, Now());
    EXPECT_OK(plan) << currency;
    return plan.ok() ? plan->measures.front().minor_unit_exponent : -1;
  };
  EXPECT_EQ(decimals("couriers", "JPY"), 0);
  EXPECT_EQ(decimals("couriers", "GBP"), 2);
  EXPECT_EQ(decimals("couriers", "KWD"), 3);
  // A template that counts in whole units keeps doing so.
  EXPECT_EQ(decimals("small-union", "GBP"), 0);
  EXPECT_EQ(decimals("small-union", "KWD"), 0);
}

TEST(PlanTemplateTest, AddsAnchorsToItsOwn) {
  const PlanTemplate couriers = TemplateNamed("couriers");
  PlanChoices choices;
  choices.anchors = {{"living-wage", "15.00"}};
  const auto added = PlanFromTemplate(couriers, choices, Now());
  ASSERT_OK(added);
  EXPECT_EQ(added->anchors.size(), 3U);
  EXPECT_THAT(added->measures.front().inner_edges,
              AllOf(Contains(1390), Contains(1460), Contains(1500)));
  EXPECT_EQ(added->labels.size(), 2U);
  // One of the template's names takes its place; the label's claim goes too.
  choices.anchors = {{"minimum-wage-2027", "14.70"}};
  const auto replaced = PlanFromTemplate(couriers, choices, Now());
  ASSERT_OK(replaced);
  EXPECT_EQ(replaced->anchors.size(), 2U);
  EXPECT_THAT(replaced->measures.front().inner_edges, Contains(1470));
  EXPECT_EQ(replaced->labels.size(), 1U);
}

TEST(PlanTemplateTest, TakesTheNearestNumberOfBinsThatMakesATree) {
  PlanChoices choices;
  choices.bins = 97;
  const auto plan = PlanFromTemplate(TemplateNamed("couriers"), choices, Now());
  ASSERT_OK(plan);
  EXPECT_EQ(BinCount(plan->measures.front()), 96U);
  EXPECT_GT(plan->marginals.front().fanouts.size(), 1U);
}

TEST(PlanTemplateTest, DropsItsAnchorsAndSourceOnAnotherGrid) {
  PlanChoices choices;
  choices.low = "20.00";
  choices.high = "60.00";
  const auto plan = PlanFromTemplate(TemplateNamed("couriers"), choices, Now());
  ASSERT_OK(plan);
  EXPECT_TRUE(plan->anchors.empty());
  EXPECT_EQ(plan->labels.size(), 1U);
}

TEST(PlanTemplateTest, RefusesChoicesThatMakeNoPlan) {
  const PlanTemplate couriers = TemplateNamed("couriers");
  PlanChoices unknown_dimension;
  unknown_dimension.dimensions = {{"mood", {"a", "b"}}};
  EXPECT_THAT(PlanFromTemplate(couriers, unknown_dimension, Now()),
              HasReason(Reason::kDimensionUnknown));
  PlanChoices bad_amount;
  bad_amount.low = "cheap";
  EXPECT_THAT(PlanFromTemplate(couriers, bad_amount, Now()),
              HasReason(Reason::kAmountMalformed));
  PlanChoices bad_name;
  bad_name.survey = "no blanks please";
  const auto plan = PlanFromTemplate(couriers, bad_name, Now());
  EXPECT_THAT(plan, HasReason(Reason::kPlanFaulty));
  EXPECT_FALSE(FaultsOf(plan.status()).empty());
}

TEST(PlanCheckTest, ReportsEveryFaultWithItsPlace) {
  auto plan = PlanFromTemplate(TemplateNamed("couriers"), {}, Now());
  ASSERT_OK(plan);
  plan->k = 1;
  plan->marginals[1].measure = "nothing";
  const v1::PlanCheckReport report =
      PlanCheckReportOf(ReadCheckedPlan(WritePlan(*plan)).status());
  EXPECT_FALSE(report.ok());
  ASSERT_GE(report.faults_size(), 2);
  EXPECT_EQ(report.faults(0).place(), "k");
  EXPECT_THAT(report.faults(1).place(), HasSubstr("marginals[1]"));
  EXPECT_TRUE(PlanCheckReportOf(absl::OkStatus()).ok());
}

TEST(PlanCheckTest, FindsAPlanThatItsOwnCapForbids) {
  auto plan = PlanFromTemplate(TemplateNamed("couriers"), {}, Now());
  ASSERT_OK(plan);
  plan->survey_cap_micro_rho = 1000;
  const absl::Status status = ReadCheckedPlan(WritePlan(*plan)).status();
  EXPECT_THAT(status, HasReason(Reason::kPlanFaulty));
  ASSERT_FALSE(FaultsOf(status).empty());
}

TEST(PlanPreviewTest, ShowsTheSameFiguresAsTextAndAsJson) {
  const auto plan = PlanFromTemplate(TemplateNamed("couriers"), {}, Now());
  ASSERT_OK(plan);
  const auto preview = privacy::forecast::Preview(*plan);
  ASSERT_OK(preview);
  const v1::PlanPreview message = MessageOf(*preview);
  ASSERT_EQ(message.marginals_size(), 5);
  EXPECT_EQ(message.marginals(1).id(), "platform");
  EXPECT_EQ(message.marginals(1).cell_count(), 7);
  EXPECT_EQ(message.marginals(1).groups_size(), 8);
  EXPECT_EQ(message.marginals(1).share_shown(),
            preview->marginals[1].yield.shown);
  EXPECT_EQ(message.marginals(1).share_useful(),
            preview->marginals[1].yield.useful);
  EXPECT_EQ(message.micro_rho(), preview->micro_rho);
  EXPECT_NE(message.odds_in_words(), "");
  const std::string text = TextOf(*preview);
  EXPECT_THAT(text, HasSubstr("shown from a noisy count of " +
                              std::to_string(message.marginals(0).tau())));
  EXPECT_THAT(text, HasSubstr("couriers.2026-q2"));
  EXPECT_THAT(text, HasSubstr("of 100 cells of 10 to 500 people 66 would be "
                              "shown, 45 with a median within"));
}

TEST(PlanPreviewTest, FitsATerminalOf80Columns) {
  for (const PlanTemplate& known : PlanTemplates()) {
    auto plan = PlanFromTemplate(known, {}, Now());
    ASSERT_OK(plan);
    plan->marginals.erase(plan->marginals.begin());  // Warns of totals.
    const auto preview = privacy::forecast::Preview(*plan);
    ASSERT_OK(preview);
    const std::string text = TextOf(*preview);
    EXPECT_THAT(text, HasSubstr("No table of "));
    for (const absl::string_view line : absl::StrSplit(text, '\n')) {
      EXPECT_LE(line.size(), 80U) << line;
    }
  }
}

TEST(PlanPreviewTest, SaysInPlaceWhyThereIsNoEpsilon) {
  auto plan = PlanFromTemplate(TemplateNamed("couriers"), {}, Now());
  ASSERT_OK(plan);
  plan->threshold_delta = "1e-5";  // Five tables: 5e-5 at most in all.
  const auto preview = privacy::forecast::Preview(*plan);
  ASSERT_OK(preview);
  const v1::PlanPreview message = MessageOf(*preview);
  ASSERT_EQ(message.epsilons_size(), 3);
  EXPECT_TRUE(message.epsilons(0).has_epsilon());
  EXPECT_EQ(message.epsilons(0).note(), "");
  for (const int row : {1, 2}) {
    EXPECT_GT(message.epsilons(row).delta(), 0);
    EXPECT_FALSE(message.epsilons(row).has_epsilon());
    EXPECT_THAT(message.epsilons(row).note(), HasSubstr("threshold_delta"));
  }
  const std::string text = TextOf(*preview);
  EXPECT_THAT(text, HasSubstr("at delta 1e-04"));
  EXPECT_THAT(text, HasSubstr("no epsilon at delta 1e-05: the rule"));
  EXPECT_THAT(text, HasSubstr("no epsilon at delta 1e-06: the rule"));
}

TEST(PlanPreviewTest, TheOtherMechanismIsJudgedByWhatItWouldShowToo) {
  auto plan = PlanFromTemplate(TemplateNamed("couriers"), {}, Now());
  ASSERT_OK(plan);
  plan->marginals = {plan->marginals[1]};
  // One such table in all: Laplace would be quieter, and yet show fewer cells.
  plan->survey_cap_micro_rho = 95'000;
  auto preview = privacy::forecast::Preview(*plan);
  ASSERT_OK(preview);
  EXPECT_EQ(MessageOf(*preview).marginals(0).quieter_mechanism(),
            v1::MECHANISM_DISCRETE_LAPLACE);
  EXPECT_GT(MessageOf(*preview).marginals(0).other_tau(),
            MessageOf(*preview).marginals(0).tau());
  EXPECT_THAT(TextOf(*preview), HasSubstr("quieter"));
  EXPECT_THAT(TextOf(*preview), HasSubstr("fewer cells"));
  // Room for sixteen: nothing speaks for Laplace.
  plan->survey_cap_micro_rho = 1'520'000;
  preview = privacy::forecast::Preview(*plan);
  ASSERT_OK(preview);
  EXPECT_THAT(TextOf(*preview), Not(HasSubstr("quieter")));
  EXPECT_THAT(TextOf(*preview), Not(HasSubstr("noisier")));
}

}  // namespace
}  // namespace commonwage::server::steward
