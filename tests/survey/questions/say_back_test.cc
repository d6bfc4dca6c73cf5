// SPDX-License-Identifier: Apache-2.0
// What the device says back is what it seals.

#include "survey/questions/say_back.h"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <gtest/gtest.h>

#include "survey/questions/compute.h"
#include "survey/text/json.h"
#include "tests/survey/questions/said_sum.h"
#include "tests/survey/questions/vectors.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using testing::AnswersOf;
using testing::Field;
using testing::FormulasOf;
using testing::IsOk;
using testing::ReadFormulas;
using testing::ReadVectors;
using testing::SaidNumber;
using testing::TextOf;
using testing::ValueSaid;

TEST(SayBackTest, SaysWhatTheSharedVectorsSay) {
  const JsonValue vectors = *Field(ReadVectors("sentences.json"), "vectors");
  for (const JsonValue& vector : vectors.items) {
    SCOPED_TRACE(TextOf(vector, "name"));
    const ReadFormulas formulas = FormulasOf(vector);
    ASSERT_TRUE(formulas.faults.empty())
        << formulas.faults.faults()[0].place << ": "
        << formulas.faults.faults()[0].sentence;
    const GivenAnswers answers = AnswersOf(*Field(vector, "answers"), formulas);
    const auto computed =
        ComputeMeasures(formulas.questions, formulas.measures, answers);
    ASSERT_THAT(computed, IsOk());
    const SaidBack said =
        SayBack(formulas.questions, formulas.measures, answers, *computed,
                TextOf(vector, "language"),
                [&](absl::string_view id, absl::string_view value) {
                  return TextOf(*Field(vector, "labels"),
                                value.empty() ? std::string(id)
                                              : absl::StrCat(id, "/", value));
                });
    std::vector<std::string> expected;
    for (const JsonValue& sentence : Field(vector, "said")->items) {
      expected.push_back(sentence.text);
    }
    EXPECT_EQ(said.sentences, expected);
    EXPECT_EQ(said.question, TextOf(vector, "question"));
  }
  EXPECT_GE(vectors.items.size(), 10U);
}

// Rounds as a person does who computes with the sentence.
std::string RoundedTo(const SaidNumber& value, int exponent) {
  testing::cpp_int scale = 1;
  for (int i = 0; i < exponent; ++i) {
    scale *= 10;
  }
  const SaidNumber scaled = value * scale;
  const testing::cpp_int below =
      testing::cpp_int(numerator(scaled) * (scaled < 0 ? -1 : 1)) /
      testing::cpp_int(denominator(scaled));
  const SaidNumber rest = (scaled < 0 ? SaidNumber(-scaled) : scaled) - below;
  const testing::cpp_int nearest = rest * 2 >= 1 ? below + 1 : below;
  return absl::StrCat(scaled < 0 && nearest != 0 ? "-" : "", nearest.str());
}

TEST(SayBackTest, TheSumOfWhatIsSaidIsWhatIsSealed) {
  const JsonValue vectors = *Field(ReadVectors("formulas.json"), "vectors");
  size_t compared = 0;
  for (const JsonValue& vector : vectors.items) {
    if (Field(vector, "values") == nullptr) {
      continue;
    }
    const ReadFormulas formulas = FormulasOf(vector);
    const GivenAnswers answers = AnswersOf(*Field(vector, "answers"), formulas);
    const auto computed =
        ComputeMeasures(formulas.questions, formulas.measures, answers);
    ASSERT_THAT(computed, IsOk());
    const SaidBack said =
        SayBack(formulas.questions, formulas.measures, answers, *computed, "en",
                [](absl::string_view, absl::string_view) { return ""; });
    std::map<std::string, SaidNumber> exact;
    for (size_t i = 0; i < computed->size(); ++i) {
      const MeasureFormula& measure = formulas.measures[i];
      if ((*computed)[i].value == kNotApplicable ||
          !measure.formula.has_value()) {
        continue;
      }
      exact[measure.id] = ValueSaid(said.sentences[i], exact);
      EXPECT_EQ(RoundedTo(exact[measure.id], measure.minor_unit_exponent),
                absl::StrCat((*computed)[i].value))
          << said.sentences[i];
      ++compared;
    }
  }
  EXPECT_GE(compared, 300U);
}

}  // namespace
}  // namespace commonwage
