// SPDX-License-Identifier: Apache-2.0
// Many answers at once, and what the next round is offered of them.

#include "survey/questions/answer_sheet.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include <gtest/gtest.h>

#include "survey/questions/carried.h"
#include "survey/questions/formula.h"
#include "survey/questions/question.h"

namespace commonwage {
namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;

std::vector<Question> SomeQuestions() {
  Question paid;
  paid.id = "paid";
  paid.currency = "EUR";
  paid.decimals = 2;
  paid.plausible = PlausibleRange{2'000, 250'000};
  Question hours;
  hours.id = "hours";
  hours.kind = QuestionKind::kNumber;
  hours.unit = "hour";
  hours.decimals = 1;
  return {paid, hours};
}

std::vector<MeasureFormula> SomeMeasures() {
  return {
      {.id = "hourly",
       .currency = "EUR",
       .minor_unit_exponent = 2,
       .formula = Formula{{{Term::Names::kQuestion, "paid", {}, {}}},
                          {{Term::Names::kQuestion, "hours", {}, {}}}}},
      {.id = "vote", .kind = MeasureKind::kChoice, .options = {"yes", "no"}}};
}

AnswerSheet Read(const Entries& entries) {
  return ReadAnswerSheet(
      SomeQuestions(), SomeMeasures(), entries, "en",
      [](absl::string_view id, absl::string_view value) -> std::string {
        return id == "vote" && value == "no" ? "Rather not" : "";
      });
}

TEST(AnswerSheetTest, TakesWhatIsAsked) {
  const AnswerSheet sheet =
      Read({{"hours", "7:30"}, {"paid", "310,00 €"}, {"vote", "rather not"}});
  EXPECT_TRUE(sheet.faults.empty());
  EXPECT_TRUE(sheet.questions_back.empty());
  EXPECT_EQ(sheet.answers.questions,
            (std::vector<std::optional<int64_t>>{31'000, 75}));
  EXPECT_EQ(sheet.answers.measures,
            (std::vector<std::optional<int64_t>>{std::nullopt, 1}));
}

TEST(AnswerSheetTest, AcceptsWhatIsNotPlausibleAndAsksBack) {
  const AnswerSheet sheet = Read({{"paid", "3"}});
  EXPECT_TRUE(sheet.faults.empty());
  EXPECT_EQ(sheet.answers.questions[0], 300);
  ASSERT_EQ(sheet.questions_back.size(), 1U);
  EXPECT_TRUE(absl::StartsWith(sheet.questions_back[0], "paid: 3.00 EUR?"));
}

TEST(AnswerSheetTest, NamesEveryFieldAndTellsWhatWasTypedToTheDeviceAlone) {
  const AnswerSheet sheet = Read({{"paid", "4711 USD"},
                                  {"hours", "47.000"},
                                  {"hours", "8"},
                                  {"vote", "4711"},
                                  {"secret4711", "1"},
                                  {"hourly", "4711"}});
  std::vector<std::string> places;
  for (const Fault& fault : sheet.faults) {
    places.push_back(fault.place);
    EXPECT_FALSE(absl::StrContains(fault.sentence, "47")) << fault.sentence;
  }
  EXPECT_EQ(places,
            (std::vector<std::string>{"paid", "hours", "hours", "vote", ""}));
  ASSERT_EQ(sheet.explanations.size(), sheet.faults.size());
  EXPECT_EQ(sheet.explanations[0],
            "paid: we read 4711.00 USD. Please give an amount in EUR, such as "
            "17.50.");
  EXPECT_EQ(sheet.explanations[2],
            "hours: This was answered twice; please answer it once.");
}

TEST(CarriedTest, IsOfferedOnlyWhereItIsComputedInTheSameWay) {
  const std::vector<Question> questions = SomeQuestions();
  const std::vector<MeasureFormula> measures = SomeMeasures();
  const auto same = [&](const std::vector<Question>& now_questions,
                        const std::vector<MeasureFormula>& now_measures) {
    return IsSameComputation({questions, measures},
                             {now_questions, now_measures}, "hourly");
  };
  EXPECT_TRUE(same(questions, measures));
  EXPECT_FALSE(
      IsSameComputation({questions, measures}, {questions, measures}, "vote"));
  EXPECT_FALSE(same(questions, {}));
  std::vector<Question> other_questions = questions;
  other_questions[1].plausible.reset();
  other_questions[1].decimals = 2;
  EXPECT_TRUE(same(other_questions, measures));
  other_questions[1].unit = "minute";
  EXPECT_FALSE(same(other_questions, measures));
  std::vector<MeasureFormula> other = measures;
  other[0].formula->numerator[0].times = Decimal{100, 2};
  EXPECT_TRUE(same(questions, other));
  other[0].formula->numerator[0].times = Decimal{101, 2};
  EXPECT_FALSE(same(questions, other));
  other = measures;
  other[0].period = PayPeriod::kWeek;
  EXPECT_FALSE(same(questions, other));
  other = measures;
  other[0].currency = "USD";
  EXPECT_FALSE(same(questions, other));
}

TEST(CarriedTest, IsRoundedToTheDecimalsOfTheQuestion) {
  MeasureFormula measure;
  measure.minor_unit_exponent = 2;
  Question question;
  const auto carried = [&](int64_t value, int decimals) {
    question.decimals = decimals;
    return CarriedAnswer(measure, value, question);
  };
  EXPECT_EQ(carried(1'243, 2), 1'243);
  EXPECT_EQ(carried(1'243, 4), 124'300);
  EXPECT_EQ(carried(1'245, 1), 125);
  EXPECT_EQ(carried(-1'245, 1), -125);
  EXPECT_EQ(carried(1'244, 1), 124);
  EXPECT_EQ(carried(1'250, 0), 13);
  EXPECT_EQ(carried(kNotApplicable, 2), std::nullopt);
  EXPECT_EQ(carried(kMaxMeasureValue, 3), std::nullopt);
}

}  // namespace
}  // namespace commonwage
