// SPDX-License-Identifier: Apache-2.0
// The game that the odds are about, played against whatever draws releases:
// somebody knows every answer but one, and for that one two possibilities; a
// coin decides between them; they read the release and make the best possible
// guess. Works for any two inputs, so also for two that differ by one answer
// replaced by another.

#ifndef COMMONWAGE_TESTS_STATISTICAL_ODDS_AUDIT_H_
#define COMMONWAGE_TESTS_STATISTICAL_ODDS_AUDIT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "privacy/noise/tally.h"
#include "survey/answer.h"
#include "survey/manifest.h"
#include "tests/statistical/audit.h"

namespace commonwage::testing {

// Two inputs that are told apart, and over how many rounds of the same people.
struct OddsGame {
  Manifest manifest;
  privacy::noise::Tally first;
  privacy::noise::Tally second;
  int rounds = 1;
};

// The games about one person among `EvenTally`'s, under `manifest`.
//
// Whether they gave `answer` or none.
OddsGame TookPart(const Manifest& manifest, const Answer& answer);
// Which of two answers they gave.
OddsGame WhichAnswer(const Manifest& manifest, const Answer& answer,
                     const Answer& other);

// How often the guess with the greater likelihood was right.
struct GuessShare {
  double right = 0;
  double standard_error = 0;
};

// Plays `runs` times. Needs a plan and enough people that no cell in question
// is ever withheld.
GuessShare PlayOdds(const Publisher& publish, const OddsGame& game, int runs,
                    uint64_t seed);

// The guess was right as often as stated, in cases of 10,000, and no more:
// within four standard errors, over 20,000 plays. False alarm: 6e-5.
std::vector<std::string> AuditOdds(const Publisher& publish,
                                   const OddsGame& game, int64_t stated);

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_STATISTICAL_ODDS_AUDIT_H_
