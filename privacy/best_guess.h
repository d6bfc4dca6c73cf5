// SPDX-License-Identifier: Apache-2.0
// What a plan's privacy loss means in odds, for two questions about one person:
//   * whether they took part: two inputs, one with their answer and one without
//     it, differ by 1 in one node of each level of each marginal;
//   * which of two answers they gave: the two differ by 1 in two nodes of each
//     level, one on the path of each answer, as after two removals. That is
//     twice as much. (Where both fall into the same cell the root tells
//     nothing; the worst case is that they share no cell. A marginal with one
//     cell only is always shared: there its root counts for nothing.)
// Somebody knows every other answer and both possibilities, holds them for
// equally likely, and reads all that is published. How often can they be right?
// The laws of the noise are summed (loss_distribution.h), not approximated: the
// usual Phi(sqrt(rho / 2)) and Phi(sqrt(rho)) are somewhat low.
//
// The failure of the threshold rule is included. It can add to what the noise
// gives away only in cells of exactly k people, and if it is delta for all
// cells concerned, it leaves at least (1 - delta) of what the two cases have in
// common. So it adds at most delta (1 - share), for two cells of each marginal
// in the second question.

#ifndef COMMONWAGE_PRIVACY_BEST_GUESS_H_
#define COMMONWAGE_PRIVACY_BEST_GUESS_H_

#include <cstdint>
#include <map>
#include <utility>

#include "privacy/plan_loss.h"
#include "survey/plan/plan.h"

namespace commonwage::privacy {

// In how many of 10,000 equally likely cases the best possible guess is right,
// rounded up. A coin's is right in 5,000.
struct BestGuess {
  int64_t took_part = 5000;
  int64_t which_answer = 5000;

  friend bool operator==(const BestGuess&, const BestGuess&) = default;
};

// The noise that stands between one person and the public: how many nodes of
// each law depend on them.
class Exposure {
 public:
  // Adds `rounds` rounds of `plan`, whose loss is `loss` = *LossOf(plan), as if
  // the person took part in all of them. Needs rounds >= 0.
  void Add(const Plan& plan, const PlanLoss& loss, int64_t rounds);

  // Returns the odds over all that was added. Explains a loss and spends
  // nothing. Takes up to half a second for a plan of the largest size whose
  // levels all differ, and milliseconds for usual ones.
  [[nodiscard]] BestGuess Guess() const;

  // Number of nodes by mechanism and micro-loss.
  using Nodes = std::map<std::pair<Mechanism, int64_t>, int64_t>;

 private:
  Nodes took_part_;
  Nodes which_answer_;
  // Sum of ln(1 - delta) over the threshold rules of all marginals and rounds.
  long double log_no_failure_ = 0;
};

// Returns the odds over `rounds` rounds of `plan`, as above.
BestGuess BestGuessOf(const Plan& plan, const PlanLoss& loss, int64_t rounds);

}  // namespace commonwage::privacy

#endif  // COMMONWAGE_PRIVACY_BEST_GUESS_H_
