// SPDX-License-Identifier: Apache-2.0
// The odds of noisy nodes by themselves, without a plan: for audits, and for
// odds that can be worked out by hand.

#ifndef COMMONWAGE_TESTS_TESTING_BEST_GUESS_AMONG_H_
#define COMMONWAGE_TESTS_TESTING_BEST_GUESS_AMONG_H_

#include <cstdint>

#include "privacy/best_guess.h"
#include "privacy/plan_loss.h"
#include "survey/plan/plan.h"

namespace commonwage::testing {

// Returns in how many of 10,000 cases the best guess is right where exactly
// `nodes` differ, by 1 each, and no threshold rule fails.
inline int64_t BestGuessAmong(const privacy::Exposure::Nodes& nodes) {
  Plan plan;
  plan.dimensions.push_back({.id = "side", .values = {"left", "right"}});
  plan.marginals.resize(1);
  plan.marginals.front().by = {"side"};
  privacy::Exposure exposure;
  for (const auto& [law, count] : nodes) {
    plan.marginals.front().mechanism = law.first;
    plan.marginals.front().micro_loss_per_level = {law.second};
    exposure.Add(plan, privacy::PlanLoss{}, count);
  }
  return exposure.Guess().took_part;
}

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_TESTING_BEST_GUESS_AMONG_H_
