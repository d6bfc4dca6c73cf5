// SPDX-License-Identifier: Apache-2.0
// Odds in words: for both questions about one person, rounded up.

#ifndef COMMONWAGE_PRIVACY_ODDS_TEXT_H_
#define COMMONWAGE_PRIVACY_ODDS_TEXT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "privacy/best_guess.h"

namespace commonwage::privacy {

// Returns two or three sentences for a steward: the odds of one round, and, if
// the survey's cap allows more than one, of all `rounds` of them.
std::string OddsOfPlan(const BestGuess& one_round, const BestGuess& all_rounds,
                       int64_t rounds);

// Appends a warning if one round protects weakly: whether somebody took part
// can be guessed in more than 75 of 100 cases, or which of two answers they
// gave in more than 85; and one if all `rounds` under the cap do: 90 and 97.
// The limits are our judgement; nothing depends on them.
void AppendWeakProtection(const BestGuess& one_round,
                          const BestGuess& all_rounds, int64_t rounds,
                          std::vector<std::string>& warnings);

// Who is meant by what a release says of one: with credentials a person; under
// open admission, where anybody may answer more than once, only an answer.
enum class ProtectedUnit { kPerson, kAnswer };

// Returns the same for whoever checks what was published.
std::string OddsOfRelease(const BestGuess& guess, ProtectedUnit unit);

}  // namespace commonwage::privacy

#endif  // COMMONWAGE_PRIVACY_ODDS_TEXT_H_
