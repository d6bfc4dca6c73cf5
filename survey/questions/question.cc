// SPDX-License-Identifier: Apache-2.0
#include "survey/questions/question.h"

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace commonwage {

std::optional<size_t> QuestionIndex(absl::Span<const Question> questions,
                                    absl::string_view id) {
  for (size_t i = 0; i < questions.size(); ++i) {
    if (questions[i].id == id) {
      return i;
    }
  }
  return std::nullopt;
}

const Question* FindQuestion(absl::Span<const Question> questions,
                             absl::string_view id) {
  const std::optional<size_t> index = QuestionIndex(questions, id);
  return index.has_value() ? &questions[*index] : nullptr;
}

bool TakesNegative(const Question& question) {
  return !question.carried_from.empty() ||
         (question.plausible.has_value() && question.plausible->low < 0);
}

bool IsPlausible(const Question& question, int64_t units) {
  return !question.plausible.has_value() || (units >= question.plausible->low &&
                                             units <= question.plausible->high);
}

absl::string_view NameOf(QuestionKind kind) {
  return kind == QuestionKind::kMoney ? "MONEY" : "NUMBER";
}

}  // namespace commonwage
