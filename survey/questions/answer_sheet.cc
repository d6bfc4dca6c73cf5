// SPDX-License-Identifier: Apache-2.0
#include "survey/questions/answer_sheet.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "base/typed_text.h"
#include "survey/questions/shown_amount.h"
#include "survey/questions/typed_amount.h"

namespace commonwage {
namespace {

class SheetReader {
 public:
  SheetReader(absl::Span<const Question> questions,
              absl::Span<const MeasureFormula> measures,
              absl::string_view language, FindLabel label)
      : questions_(questions),
        measures_(measures),
        language_(language),
        label_(label) {
    sheet_.answers.questions.resize(questions.size());
    sheet_.answers.measures.resize(measures.size());
  }

  void Take(const std::string& id, absl::string_view typed) {
    const std::optional<size_t> question = QuestionIndex(questions_, id);
    const std::optional<size_t> measure = AskedMeasure(id);
    if (!question.has_value() && !measure.has_value()) {
      RefuseUnasked();
      return;
    }
    if (!seen_.insert(id).second) {
      Refuse(id, "This was answered twice; please answer it once.", "");
      return;
    }
    if (TrimTyped(typed).empty()) {
      return;
    }
    if (question.has_value()) {
      sheet_.answers.questions[*question] =
          Amount(id, typed, FormOf(questions_[*question]));
    } else if (measures_[*measure].kind == MeasureKind::kChoice) {
      sheet_.answers.measures[*measure] = Option(measures_[*measure], typed);
    } else {
      sheet_.answers.measures[*measure] =
          Amount(id, typed, FormOf(measures_[*measure]));
    }
  }

  AnswerSheet Finish() && { return std::move(sheet_); }

 private:
  [[nodiscard]] std::optional<size_t> AskedMeasure(absl::string_view id) const {
    for (size_t i = 0; i < measures_.size(); ++i) {
      if (measures_[i].id == id && !measures_[i].formula.has_value()) {
        return i;
      }
    }
    return std::nullopt;
  }

  [[nodiscard]] std::string NameFor(absl::string_view id) const {
    std::string name = label_(id, "");
    return name.empty() ? std::string(id) : name;
  }

  void Refuse(absl::string_view id, std::string sentence,
              std::string explanation) {
    if (explanation.empty()) {
      explanation = absl::StrCat(NameFor(id), ": ", sentence);
    }
    sheet_.faults.push_back({std::string(id), std::move(sentence)});
    sheet_.explanations.push_back(std::move(explanation));
  }

  // What is not asked is not named: something private may stand in its place.
  void RefuseUnasked() {
    if (std::exchange(refused_unasked_, true)) {
      return;
    }
    std::vector<std::string> ids;
    for (const Question& question : questions_) {
      ids.push_back(question.id);
    }
    for (const MeasureFormula& measure : measures_) {
      if (!measure.formula.has_value()) {
        ids.push_back(measure.id);
      }
    }
    const std::string sentence = absl::StrCat(
        "Something was given that this round does not ask. It "
        "asks: ",
        absl::StrJoin(ids, ", "), ".");
    Refuse("", sentence, sentence);
  }

  std::optional<int64_t> Amount(const std::string& id, absl::string_view typed,
                                const AmountForm& form) {
    const TypedAmount read = ReadTypedAmount(typed, form);
    std::string said = SayOfTyped(read, form, NameFor(id), language_);
    if (read.outcome != TypedOutcome::kAmount) {
      Refuse(id, FaultSentence(form), std::move(said));
      return std::nullopt;
    }
    if (!read.plausible) {
      sheet_.questions_back.push_back(std::move(said));
    }
    return read.units;
  }

  std::optional<int64_t> Option(const MeasureFormula& measure,
                                absl::string_view typed) {
    const absl::string_view option = TrimTyped(typed);
    for (size_t i = 0; i < measure.options.size(); ++i) {
      if (option == measure.options[i] ||
          absl::EqualsIgnoreCase(option,
                                 label_(measure.id, measure.options[i]))) {
        return static_cast<int64_t>(i);
      }
    }
    Refuse(measure.id,
           absl::StrCat("Please choose one of: ",
                        absl::StrJoin(measure.options, ", "), "."),
           "");
    return std::nullopt;
  }

  absl::Span<const Question> questions_;
  absl::Span<const MeasureFormula> measures_;
  absl::string_view language_;
  FindLabel label_;
  std::set<std::string> seen_;
  bool refused_unasked_ = false;
  AnswerSheet sheet_;
};

}  // namespace

AnswerSheet ReadAnswerSheet(
    absl::Span<const Question> questions,
    absl::Span<const MeasureFormula> measures,
    absl::Span<const std::pair<std::string, std::string>> entries,
    absl::string_view language, FindLabel label) {
  SheetReader reader(questions, measures, language, label);
  for (const auto& [id, typed] : entries) {
    reader.Take(id, typed);
  }
  return std::move(reader).Finish();
}

}  // namespace commonwage
