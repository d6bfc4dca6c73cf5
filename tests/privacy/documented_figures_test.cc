// SPDX-License-Identifier: Apache-2.0
// Every figure of the worked example of docs/PRIVACY.md, computed again.
#include <cmath>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "privacy/best_guess.h"
#include "privacy/noise_terms.h"
#include "privacy/plan_loss.h"
#include "privacy/tail.h"
#include "privacy/threshold.h"
#include "privacy/upward_text.h"
#include "privacy/zcdp.h"
#include "survey/plan/plan_json.h"
#include "tests/testing/best_guess_among.h"
#include "tests/testing/law_probability.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::privacy {
namespace {

using commonwage::testing::BestGuessAmong;
using commonwage::testing::ProbabilityOf;
using ::testing::HasSubstr;

// Two digits, rounded up, such as "3.2e-8": exponents as people write them.
std::string Small(long double value) {
  std::string text = SmallRoundedUp(static_cast<double>(value));
  const size_t zero = text.find("e-0");
  return zero == std::string::npos ? text : text.erase(zero + 2, 1);
}

// A bound on loss is never rounded down.
std::string RoundedUp(long double value) {
  return privacy::RoundedUp(static_cast<double>(value), 2);
}

std::string Percent(long double value) {
  return absl::StrFormat("%.1f %%", static_cast<double>(100 * value));
}

std::string FractionText(const Fraction& fraction) {
  return fraction.denominator == 1
             ? absl::StrCat(fraction.numerator)
             : absl::StrCat(fraction.numerator, "/", fraction.denominator);
}

// The mean of n + Z given n + Z >= tau.
long double MeanWhenShown(const NoiseLaw& law, int64_t tau, int64_t n) {
  long double sum = 0;
  long double weight = 0;
  for (int64_t z = tau - n; z < tau - n + 200; ++z) {
    const long double probability = ProbabilityOf(law, z);
    sum += static_cast<long double>(n + z) * probability;
    weight += probability;
  }
  return sum / weight;
}

class DocumentedFiguresTest : public ::testing::Test {
 protected:
  DocumentedFiguresTest() {
    std::ifstream file("docs/PRIVACY.md");
    text_ = std::string(std::istreambuf_iterator<char>(file), {});
    auto plan = ParsePlan(commonwage::testing::SamplePlanJson());
    EXPECT_OK(plan);
    plan_ = *plan;
    auto loss = LossOf(plan_);
    EXPECT_OK(loss);
    loss_ = *loss;
  }

  // Expects a row of a table, cell for cell.
  void ExpectRow(const std::vector<std::string>& cells) const {
    std::string row = "|";
    for (const std::string& cell : cells) {
      absl::StrAppend(&row, " ", cell, " |");
    }
    EXPECT_THAT(text_, HasSubstr(row + "\n"));
  }

  [[nodiscard]] NoiseLaw RootLaw(size_t marginal) const {
    return LawPerLevel(plan_.marginals[marginal])[0];
  }

  std::string text_;
  Plan plan_;
  PlanLoss loss_;
};

TEST_F(DocumentedFiguresTest, WhatTheTwoMarginalsCost) {
  ExpectRow({"noise of every level",
             "sigma^2 = " + FractionText(RootLaw(0).parameter),
             "b = " + FractionText(RootLaw(1).parameter)});
  ExpectRow({"loss, micro-rho", absl::StrCat(loss_.marginals[0].micro_rho),
             absl::StrCat(loss_.marginals[1].micro_rho)});
  ExpectRow({"tau", absl::StrCat(loss_.marginals[0].tau),
             absl::StrCat(loss_.marginals[1].tau)});
  ExpectRow({"delta1", Small(loss_.marginals[0].threshold_delta),
             Small(loss_.marginals[1].threshold_delta)});
}

TEST_F(DocumentedFiguresTest, WhatOneAndFourRoundsCost) {
  const int64_t four_micro_rho = 4 * loss_.micro_rho;
  const long double four_delta =
      JointDelta(std::vector<long double>(4, loss_.threshold_delta));
  ExpectRow({"loss, micro-rho", absl::StrCat(loss_.micro_rho),
             absl::StrCat(four_micro_rho)});
  ExpectRow(
      {"delta of the rule", Small(loss_.threshold_delta), Small(four_delta)});
  ExpectRow(
      {"epsilon at delta = 1e-6", RoundedUp(EpsilonOf(loss_, 1e-6L)),
       RoundedUp(EpsilonWithThreshold(four_micro_rho, four_delta, 1e-6L))});
  const BestGuess one = BestGuessOf(plan_, loss_, 1);
  const BestGuess four = BestGuessOf(plan_, loss_, 4);
  ExpectRow({"best guess whether somebody took part, of 100",
             CasesInHundred(one.took_part), CasesInHundred(four.took_part)});
  ExpectRow({"best guess which of two answers they gave, of 100",
             CasesInHundred(one.which_answer),
             CasesInHundred(four.which_answer)});
}

TEST_F(DocumentedFiguresTest, HowOftenACellIsShown) {
  const int64_t tau = loss_.marginals[0].tau;
  for (const int64_t n : {9, 10, 20, 24, 27, 30, 35}) {
    const long double chance = ReleaseProbability(RootLaw(0), plan_.k, tau, n);
    std::string shown = Percent(chance);
    if (chance > 0 && chance < 0.001L) {
      shown = Small(chance);
    }
    ExpectRow({absl::StrCat(n), shown,
               n < plan_.k
                   ? "-"
                   : absl::StrFormat("%.1f", static_cast<double>(MeanWhenShown(
                                                 RootLaw(0), tau, n)))});
  }
}

TEST_F(DocumentedFiguresTest, WhatKCosts) {
  for (const int64_t k : {2, 5, 10, 20}) {
    const auto tau = MinimalTau(plan_.marginals[0], k, plan_.threshold_delta);
    ASSERT_OK(tau);
    ExpectRow({absl::StrCat(k), absl::StrCat(*tau),
               Small(ThresholdDelta(RootLaw(0), k, *tau))});
  }
}

TEST_F(DocumentedFiguresTest, TheOddsOfSomeLosses) {
  for (const int64_t micro_rho :
       {20000, 50000, 100000, 250000, 400000, 1000000}) {
    const std::pair level{Mechanism::kDiscreteGaussian, micro_rho / 4};
    ExpectRow({absl::StrFormat("%g", static_cast<double>(micro_rho) / 1e6),
               CasesInHundred(BestGuessAmong({{level, 4}})),
               CasesInHundred(BestGuessAmong({{level, 8}})),
               RoundedUp(TightEpsilon(micro_rho, 1e-6L))});
  }
}

TEST_F(DocumentedFiguresTest, WhatTheContinuousFormulaMisses) {
  const Exposure::Nodes nodes = {{{Mechanism::kDiscreteGaussian, 1048576}, 1},
                                 {{Mechanism::kDiscreteGaussian, 1}, 1}};
  // Phi(sqrt(rho / 2)) = erfc(-sqrt(rho) / 2) / 2.
  const double continuous = std::erfc(-std::sqrt(1.048577) / 2) / 2;
  EXPECT_THAT(text_, HasSubstr(absl::StrCat(
                         "gives ", CasesInHundred(BestGuessAmong(nodes)),
                         " of 100, where the\ncontinuous formula "
                         "says ",
                         privacy::RoundedUp(100 * continuous, 1), ".")));
}

}  // namespace
}  // namespace commonwage::privacy
