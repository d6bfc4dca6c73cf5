// SPDX-License-Identifier: Apache-2.0
// What a worker says, in the clear: it exists on their device, and in the
// steward's memory while a round is published. Never log or store one.

#ifndef COMMONWAGE_SURVEY_ANSWER_H_
#define COMMONWAGE_SURVEY_ANSWER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "survey/plan/plan.h"

namespace commonwage {

struct Answer {
  std::vector<uint16_t> value_indexes;  // One per dimension of the plan.
  std::vector<int64_t> minor_units;     // One per measure of the plan.

  friend bool operator==(const Answer&, const Answer&) = default;
};

// Every encoded answer has this size, whatever it says.
inline constexpr size_t kAnswerSize = 568;

// Returns the kAnswerSize bytes of `answer`: docs/FORMATS.md, "Answer". Aborts
// if it has more entries than a plan can have dimensions or measures.
std::string EncodeAnswer(const Answer& answer);

// Reads an answer to `plan`.
//
// Fails with INVALID_ARGUMENT, reason ANSWER_MALFORMED, unless every byte is
// as EncodeAnswer writes it, every value is in its list, and every amount is
// in [0, kMaxMinorUnits]. The message is the same whatever is wrong.
absl::StatusOr<Answer> DecodeAnswer(absl::string_view bytes, const Plan& plan);

// Makes an answer of what a worker entered, by dimension or measure ID: a value
// of the list, or an amount in major units, such as "17.50".
//
// Fails with INVALID_ARGUMENT, reason ANSWER_REFUSED, if something is missing,
// unknown or not understood; FaultsOf() lists every such field with a sentence
// for the worker. Amounts beyond the grid are not refused: they count in the
// end bins. Reveals: the error never repeats what was entered.
absl::StatusOr<Answer> MakeAnswer(
    const Plan& plan, const std::map<std::string, std::string>& by_id);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_ANSWER_H_
