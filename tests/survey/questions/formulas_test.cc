// SPDX-License-Identifier: Apache-2.0
// Formulas against vectors that another language computed, and what a plan or
// an answer must not be.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "base/error.h"
#include "survey/questions/compute.h"
#include "survey/questions/formula.h"
#include "survey/questions/question.h"
#include "survey/questions/questions_json.h"
#include "survey/text/json.h"
#include "survey/text/json_fields.h"
#include "tests/survey/questions/vectors.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using testing::AnswersOf;
using testing::Field;
using testing::FormulasOf;
using testing::HasReason;
using testing::IsOk;
using testing::ReadFormulas;
using testing::ReadVectors;
using testing::TextOf;

std::vector<std::string> PlacesOf(const std::vector<Fault>& faults) {
  std::vector<std::string> places;
  for (const Fault& fault : faults) {
    EXPECT_TRUE(absl::EndsWith(fault.sentence, ".")) << fault.sentence;
    places.push_back(fault.place);
  }
  return places;
}

std::vector<std::string> TextsOf(const JsonValue& list) {
  std::vector<std::string> texts;
  for (const JsonValue& item : list.items) {
    texts.push_back(item.text);
  }
  return texts;
}

void ExpectValues(const JsonValue& expected, const ReadFormulas& formulas,
                  const std::vector<ComputedMeasure>& computed) {
  ASSERT_EQ(computed.size(), formulas.measures.size());
  for (size_t i = 0; i < computed.size(); ++i) {
    const JsonValue* value = Field(expected, formulas.measures[i].id);
    ASSERT_NE(value, nullptr);
    const bool applicable = value->kind == JsonValue::Kind::kText;
    EXPECT_EQ(computed[i].why == WhyNotApplicable::kNone, applicable);
    EXPECT_EQ(computed[i].because_of.empty(), applicable);
    EXPECT_EQ(absl::StrCat(computed[i].value),
              applicable ? value->text : absl::StrCat(kNotApplicable))
        << formulas.measures[i].id;
  }
}

TEST(FormulasTest, GiveWhatFractionsOfAnotherLanguageGive) {
  const JsonValue vectors = *Field(ReadVectors("formulas.json"), "vectors");
  size_t computed = 0;
  for (const JsonValue& vector : vectors.items) {
    SCOPED_TRACE(TextOf(vector, "name"));
    if (Field(vector, "faults") != nullptr) {
      continue;
    }
    ++computed;
    JsonValue plan = vector;
    const ReadFormulas formulas = FormulasOf(plan);
    ASSERT_TRUE(formulas.faults.empty())
        << formulas.faults.faults()[0].place << ": "
        << formulas.faults.faults()[0].sentence;
    const auto values =
        ComputeMeasures(formulas.questions, formulas.measures,
                        AnswersOf(*Field(vector, "answers"), formulas));
    if (const JsonValue* refused = Field(vector, "refused")) {
      EXPECT_THAT(values, HasReason(Reason::kAnswerRefused));
      EXPECT_EQ(PlacesOf(FaultsOf(values.status())), TextsOf(*refused));
      continue;
    }
    ASSERT_THAT(values, IsOk());
    ExpectValues(*Field(vector, "values"), formulas, *values);
  }
  EXPECT_GE(computed, 200U);
}

TEST(FormulasTest, AreRefusedWithThePlaceOfEveryFault) {
  const JsonValue vectors = *Field(ReadVectors("formulas.json"), "vectors");
  size_t hostile = 0;
  for (const JsonValue& vector : vectors.items) {
    const JsonValue* faults = Field(vector, "faults");
    if (faults == nullptr) {
      continue;
    }
    ++hostile;
    EXPECT_EQ(PlacesOf(FormulasOf(vector).faults.faults()), TextsOf(*faults))
        << TextOf(vector, "name");
  }
  EXPECT_GE(hostile, 20U);
}

TEST(FormulasTest, NameTheCircleTheyGoRoundIn) {
  const JsonValue vectors = *Field(ReadVectors("formulas.json"), "vectors");
  for (const JsonValue& vector : vectors.items) {
    if (TextOf(vector, "name") == "a circle of three") {
      EXPECT_EQ(FormulasOf(vector).faults.faults()[0].sentence,
                "These go round in a circle: x, z, y, x.");
      return;
    }
  }
  FAIL() << "the vector is not there";
}

TEST(FormulasTest, AreWrittenAsTheyWereRead) {
  const JsonValue vectors = *Field(ReadVectors("formulas.json"), "vectors");
  for (const JsonValue& vector : vectors.items) {
    SCOPED_TRACE(TextOf(vector, "name"));
    if (Field(vector, "faults") != nullptr) {
      continue;
    }
    const ReadFormulas read = FormulasOf(vector);
    JsonWriter writer;
    writer.BeginObject();
    WriteQuestionList(read.questions, writer);
    writer.Name("measures");
    writer.BeginList();
    for (const MeasureFormula& measure : read.measures) {
      writer.BeginObject();
      WriteMeasureFormula(measure, writer);
      writer.EndObject();
    }
    writer.EndList();
    writer.EndObject();
    const JsonResult again = ParseJsonObject(std::move(writer).Finish());
    ASSERT_TRUE(again.ok) << again.sentence;
    EXPECT_EQ(FormulasOf(again.value).questions, read.questions);
    EXPECT_EQ(FormulasOf(again.value).measures, read.measures);
  }
}

Question Money(std::string id) {
  Question question;
  question.id = std::move(id);
  question.currency = "EUR";
  question.decimals = 2;
  return question;
}

MeasureFormula Asked() {
  return {.id = "asked", .currency = "EUR", .minor_unit_exponent = 2};
}

TEST(ComputeMeasuresTest, NamesEveryQuestionThatWasLeftOut) {
  const std::vector<Question> questions = {Money("a"), Money("b")};
  const auto computed = ComputeMeasures(
      questions, {Asked()}, {{std::nullopt, std::nullopt}, {std::nullopt}});
  EXPECT_THAT(computed, HasReason(Reason::kAnswerRefused));
  EXPECT_EQ(PlacesOf(FaultsOf(computed.status())),
            (std::vector<std::string>{"a", "b", "asked"}));
}

TEST(ComputeMeasuresTest, RefusesWhatIsBeyondTheLimitAndRepeatsNoneOfIt) {
  const std::vector<Question> questions = {Money("a")};
  for (const int64_t units : {kMaxDecimalUnits + 1, -kMaxDecimalUnits - 1,
                              std::numeric_limits<int64_t>::max(),
                              std::numeric_limits<int64_t>::min()}) {
    const auto computed =
        ComputeMeasures(questions, {Asked()}, {{units}, {units}});
    EXPECT_EQ(PlacesOf(FaultsOf(computed.status())),
              (std::vector<std::string>{"a", "asked"}));
    EXPECT_FALSE(
        absl::StrContains(computed.status().ToString(), absl::StrCat(units)));
  }
}

TEST(ComputeMeasuresTest, RefusesAnOptionThatIsNotInTheList) {
  const std::vector<MeasureFormula> measures = {
      {.id = "vote", .kind = MeasureKind::kChoice, .options = {"yes", "no"}}};
  EXPECT_THAT(ComputeMeasures({}, measures, {{}, {1}}), IsOk());
  for (const int64_t option : {int64_t{-1}, int64_t{2}, kNotApplicable}) {
    EXPECT_THAT(ComputeMeasures({}, measures, {{}, {option}}),
                HasReason(Reason::kAnswerRefused));
  }
}

}  // namespace
}  // namespace commonwage
