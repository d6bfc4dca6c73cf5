// SPDX-License-Identifier: Apache-2.0
// Prints, for each plan file named, what the product says of its privacy: one
// JSON object a line. independent_accounting.py computes the same by itself.
#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

#include "privacy/best_guess.h"
#include "privacy/odds_text.h"
#include "privacy/plan_loss.h"
#include "privacy/upward_text.h"
#include "privacy/zcdp.h"
#include "survey/plan/plan_json.h"

namespace commonwage::privacy {
namespace {

std::string GuessJson(const BestGuess& guess) {
  return absl::StrFormat("[%d, %d]", guess.took_part, guess.which_answer);
}

// A real number with every digit that it has.
std::string Digits(long double value) {
  return absl::StrFormat("\"%.20Le\"", value);
}

std::string TextOfDelta(long double delta) {
  return absl::StrCat("\"", SmallRoundedUp(static_cast<double>(delta)), "\"");
}

// Returns "" if `path` holds no plan.
std::string Account(const std::string& path) {
  std::ifstream file(path);
  const auto plan =
      ParsePlan(std::string(std::istreambuf_iterator<char>(file), {}));
  const auto loss = plan.ok() ? LossOf(*plan) : plan.status();
  if (!loss.ok()) {
    std::cerr << path << ": " << loss.status() << '\n';
    return "";
  }
  const int64_t rounds = plan->survey_cap_micro_rho / loss->micro_rho;
  const BestGuess one = BestGuessOf(*plan, *loss, 1);
  const BestGuess all = BestGuessOf(*plan, *loss, rounds);
  std::vector<std::string> taus;
  std::vector<std::string> deltas;
  for (const MarginalLoss& marginal : loss->marginals) {
    taus.push_back(absl::StrCat(marginal.tau));
    deltas.push_back(Digits(marginal.threshold_delta));
  }
  const long double all_delta = DeltaOverRounds(loss->threshold_delta, rounds);
  return absl::StrCat(
      "{\"rounds\": ", rounds, ", \"taus\": [", absl::StrJoin(taus, ", "),
      "], \"deltas\": [", absl::StrJoin(deltas, ", "),
      "], \"delta\": ", Digits(loss->threshold_delta),
      ", \"delta_text\": ", TextOfDelta(loss->threshold_delta),
      ", \"all_delta\": ", Digits(all_delta),
      ", \"all_delta_text\": ", TextOfDelta(all_delta),
      ", \"one\": ", GuessJson(one), ", \"all\": ", GuessJson(all),
      ", \"words\": \"", OddsOfPlan(one, all, rounds), "\"}");
}

}  // namespace
}  // namespace commonwage::privacy

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string account = commonwage::privacy::Account(argv[i]);
    if (account.empty()) {
      return 1;
    }
    std::cout << account << '\n';
  }
  return 0;
}
