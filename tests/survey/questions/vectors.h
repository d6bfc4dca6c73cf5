// SPDX-License-Identifier: Apache-2.0
// The vectors of tests/golden/questions, which other languages read as well.

#ifndef COMMONWAGE_TESTS_SURVEY_QUESTIONS_VECTORS_H_
#define COMMONWAGE_TESTS_SURVEY_QUESTIONS_VECTORS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <gtest/gtest.h>

#include "survey/questions/compute.h"
#include "survey/questions/decimal.h"
#include "survey/questions/formula_check.h"
#include "survey/questions/questions_json.h"
#include "survey/text/json.h"
#include "survey/text/json_fields.h"
#include "tests/testing/golden.h"

namespace commonwage::testing {

inline JsonValue ReadVectors(absl::string_view name) {
  JsonResult result = ParseJsonObject(Golden(absl::StrCat("questions/", name)));
  EXPECT_TRUE(result.ok) << result.line << ": " << result.sentence;
  return result.value;
}

// Returns a field of an object, or null.
inline const JsonValue* Field(const JsonValue& object, absl::string_view name) {
  for (size_t i = 0; i < object.names.size(); ++i) {
    if (object.names[i] == name) {
      return &object.items[i];
    }
  }
  return nullptr;
}

inline std::string TextOf(const JsonValue& object, absl::string_view name) {
  const JsonValue* field = Field(object, name);
  return field == nullptr ? "" : field->text;
}

// The questions and measures of a vector, and what is wrong with them.
struct ReadFormulas {
  std::vector<Question> questions;
  std::vector<MeasureFormula> measures;
  FaultList faults;
};

inline ReadFormulas FormulasOf(const JsonValue& vector) {
  ReadFormulas read;
  FieldReader fields(vector, "", read.faults);
  read.questions = ReadQuestionList(fields, read.faults);
  fields.RequiredItems(
      "measures", kMaxFormulaMeasures,
      [&](const JsonValue& item, const std::string& place) {
        FieldReader measure(item, place, read.faults);
        read.measures.push_back(ReadMeasureFormula(measure, read.faults));
        measure.RefuseOthers();
      });
  CheckFormulas(read.questions, read.measures, read.faults);
  return read;
}

// Returns the answers of a vector: decimals, and options by their names.
inline GivenAnswers AnswersOf(const JsonValue& given,
                              const ReadFormulas& formulas) {
  GivenAnswers answers;
  const auto units = [&](const std::string& id,
                         int decimals) -> std::optional<int64_t> {
    const std::optional<Decimal> number = ParseDecimal(TextOf(given, id), 4);
    return number.has_value() ? UnitsOf(*number, decimals) : std::nullopt;
  };
  for (const Question& question : formulas.questions) {
    answers.questions.push_back(units(question.id, question.decimals));
  }
  for (const MeasureFormula& measure : formulas.measures) {
    std::optional<int64_t> value =
        units(measure.id, measure.minor_unit_exponent);
    for (size_t i = 0; i < measure.options.size(); ++i) {
      if (TextOf(given, measure.id) == measure.options[i]) {
        value = static_cast<int64_t>(i);
      }
    }
    answers.measures.push_back(value);
  }
  return answers;
}

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_SURVEY_QUESTIONS_VECTORS_H_
