// SPDX-License-Identifier: Apache-2.0
// A question: what a person is asked. Its answer never leaves their device;
// what leaves it, sealed, is a measure that is computed from the answers.

#ifndef COMMONWAGE_SURVEY_QUESTIONS_QUESTION_H_
#define COMMONWAGE_SURVEY_QUESTIONS_QUESTION_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace commonwage {

enum class QuestionKind { kMoney, kNumber };

// From `low` to `high`, both included. Outside it the device asks once more,
// and then accepts: low pay is what a survey is for.
struct PlausibleRange {
  int64_t low = 0;
  int64_t high = 0;  // Not below `low`.

  friend bool operator==(const PlausibleRange&,
                         const PlausibleRange&) = default;
};

// What a question means, in one language.
struct HelpText {
  std::string language;  // BCP 47.
  std::string text;

  friend bool operator==(const HelpText&, const HelpText&) = default;
};

// Amounts are in units of 10^-decimals of the currency or unit.
struct Question {
  std::string id;
  QuestionKind kind = QuestionKind::kMoney;
  std::string currency;  // ISO 4217; of kMoney only.
  std::string unit;      // An identifier, such as "hour"; of kNumber only.
  int decimals = 0;      // 0 to kMaxQuestionDecimals.
  std::optional<PlausibleRange> plausible = {};
  // What counts where nothing is answered. Not with `optional`.
  std::optional<int64_t> default_units = {};
  // A question that is left empty makes every measure that names it not
  // applicable in that answer.
  bool optional = false;
  // Empty, or the measure whose value in the round before is offered.
  std::string carried_from = {};
  std::vector<HelpText> help = {};

  friend bool operator==(const Question&, const Question&) = default;
};

inline constexpr size_t kMaxQuestions = 64;
inline constexpr int kMaxQuestionDecimals = 4;
inline constexpr size_t kMaxHelpBytes = 2'000;

// Returns the question that has the ID, or its place, or null or nullopt.
const Question* FindQuestion(absl::Span<const Question> questions,
                             absl::string_view id);
std::optional<size_t> QuestionIndex(absl::Span<const Question> questions,
                                    absl::string_view id);

// Whether an amount below 0 can be an answer: what is carried from a measure
// can be negative, and a plan may say so by its plausible range.
bool TakesNegative(const Question& question);

// Whether `units` are in the plausible range, or there is none.
bool IsPlausible(const Question& question, int64_t units);

// Return the names that plans use, such as "MONEY".
absl::string_view NameOf(QuestionKind kind);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_QUESTIONS_QUESTION_H_
