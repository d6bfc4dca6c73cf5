// SPDX-License-Identifier: Apache-2.0
#include "privacy/odds_text.h"

#include "absl/strings/str_cat.h"

#include "privacy/upward_text.h"

namespace commonwage::privacy {
namespace {

constexpr BestGuess kWeakInOneRound{.took_part = 7500, .which_answer = 8500};
constexpr BestGuess kWeakInAllRounds{.took_part = 9000, .which_answer = 9700};

bool IsAbove(const BestGuess& guess, const BestGuess& limit) {
  return guess.took_part > limit.took_part ||
         guess.which_answer > limit.which_answer;
}

// Returns ": whether ... in up to 91.2 of 100 cases, ... in up to 97.3.".
std::string UpTo(const BestGuess& guess) {
  return absl::StrCat(
      ": whether somebody took part can be guessed right in up "
      "to ",
      CasesInHundred(guess.took_part),
      " of 100 cases, and which of two answers they gave in up "
      "to ",
      CasesInHundred(guess.which_answer), ".");
}

}  // namespace

std::string OddsOfPlan(const BestGuess& one_round, const BestGuess& all_rounds,
                       int64_t rounds) {
  std::string words = absl::StrCat(
      "Suppose somebody knows everything about everybody else and reads all "
      "that is published. The best possible guess whether one given person "
      "took part in this round is right in at most ",
      CasesInHundred(one_round.took_part),
      " of 100 cases; which of two answers that person gave, in at most ",
      CasesInHundred(one_round.which_answer), "; tossing a coin, in 50.");
  if (rounds > 1) {
    absl::StrAppend(&words, " After all ", rounds,
                    " rounds that the survey's cap allows: whether they took "
                    "part, in at most ",
                    CasesInHundred(all_rounds.took_part),
                    "; which of two answers they gave, in at most ",
                    CasesInHundred(all_rounds.which_answer), ".");
  }
  return words;
}

void AppendWeakProtection(const BestGuess& one_round,
                          const BestGuess& all_rounds, int64_t rounds,
                          std::vector<std::string>& warnings) {
  if (IsAbove(one_round, kWeakInOneRound)) {
    warnings.push_back(absl::StrCat("This round protects weakly",
                                    UpTo(one_round), " Spend less loss."));
  } else if (rounds > 1 && IsAbove(all_rounds, kWeakInAllRounds)) {
    warnings.push_back(absl::StrCat(
        "All ", rounds, " rounds under the cap together protect weakly",
        UpTo(all_rounds), " Lower the cap."));
  }
}

std::string OddsOfRelease(const BestGuess& guess, ProtectedUnit unit) {
  const std::string took_part = CasesInHundred(guess.took_part);
  const std::string which_answer = CasesInHundred(guess.which_answer);
  if (unit == ProtectedUnit::kAnswer) {
    return absl::StrCat(
        "Admission is open, so what follows is per answer: the best possible "
        "guess whether one given answer was counted is right in at most ",
        took_part, " of 100 cases, and which of two answers it was in at most ",
        which_answer,
        ", where a coin gives 50. Whoever sent several answers is protected "
        "less.");
  }
  return absl::StrCat(
      "The best possible guess whether one given person took part is right in "
      "at most ",
      took_part,
      " of 100 cases, and which of two answers they gave in at most ",
      which_answer, ", where a coin gives 50.");
}

}  // namespace commonwage::privacy
