// SPDX-License-Identifier: Apache-2.0
#include "privacy/plan_loss.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"

#include "base/error.h"
#include "privacy/decimal_bound.h"
#include "privacy/noise_terms.h"
#include "privacy/threshold.h"
#include "privacy/zcdp.h"

namespace commonwage::privacy {
namespace {

// Adds what is wrong with `status` to `faults`, at `place`. Returns whether
// nothing is.
bool Record(const absl::Status& status, std::string place,
            std::vector<Fault>& faults) {
  if (!status.ok()) {
    faults.push_back({std::move(place), std::string(status.message())});
  }
  return status.ok();
}

std::string PlaceOf(size_t marginal) {
  return absl::StrCat("marginals[", marginal, "]");
}

absl::string_view LevelField(Mechanism mechanism) {
  return mechanism == Mechanism::kDiscreteGaussian ? "micro_rho_per_level"
                                                   : "micro_epsilon_per_level";
}

// Sums what the levels cost. Needs levels that CheckLaw accepts: their losses
// are below 2^25, so no sum here overflows.
MarginalLoss SumLevels(const Marginal& marginal) {
  MarginalLoss loss;
  if (marginal.mechanism == Mechanism::kDiscreteGaussian) {
    for (const int64_t micro_rho : marginal.micro_loss_per_level) {
      loss.micro_rho += micro_rho;
    }
    return loss;
  }
  int64_t sum = 0;
  for (const int64_t micro_epsilon : marginal.micro_loss_per_level) {
    sum += micro_epsilon;
    loss.micro_rho += MicroRhoOfPure(micro_epsilon);
  }
  loss.micro_epsilon = sum;
  return loss;
}

// Returns what `plan`.marginals[`index`] costs, or records why it has no cost.
MarginalLoss LossOfMarginal(const Plan& plan, size_t index,
                            std::vector<Fault>& faults) {
  const Marginal& marginal = plan.marginals[index];
  const std::vector<NoiseLaw> laws = LawPerLevel(marginal);
  bool sound = true;
  for (size_t level = 0; level < laws.size(); ++level) {
    sound &=
        Record(CheckLaw(laws[level]),
               absl::StrCat(PlaceOf(index), ".", LevelField(marginal.mechanism),
                            "[", level, "]"),
               faults);
  }
  if (!sound) {
    return {};
  }
  MarginalLoss loss = SumLevels(marginal);
  // That k and threshold_delta are in range was seen before.
  loss.tau = *MinimalTau(marginal, plan.k, plan.threshold_delta);
  loss.threshold_delta = ThresholdDelta(laws.front(), plan.k, loss.tau);
  return loss;
}

// Returns cap - spent, or 0 if nothing is left or the two make no sense.
int64_t Left(int64_t spent, int64_t cap) {
  return spent >= 0 && cap > spent ? cap - spent : 0;
}

std::string CapSentence(int64_t asked, int64_t spent, int64_t cap) {
  return absl::StrCat("This round would spend ", asked,
                      " micro-rho of privacy; the survey has "
                      "spent ",
                      spent, " and has ", Left(spent, cap),
                      " left under its cap of ", cap,
                      ". Spend less per level, or publish fewer marginals.");
}

}  // namespace

absl::StatusOr<PlanLoss> LossOf(const Plan& plan) {
  std::vector<Fault> faults;
  const bool k_fits = Record(CheckK(plan.k), "k", faults);
  const bool delta_fits =
      Record(ParseDecimalBound(plan.threshold_delta).status(),
             "threshold_delta", faults);
  PlanLoss loss;
  std::vector<long double> deltas;
  bool all_pure = !plan.marginals.empty();
  int64_t pure_sum = 0;
  for (size_t i = 0; i < plan.marginals.size() && k_fits && delta_fits; ++i) {
    loss.marginals.push_back(LossOfMarginal(plan, i, faults));
    const MarginalLoss& marginal = loss.marginals.back();
    loss.micro_rho += marginal.micro_rho;
    all_pure = all_pure && marginal.micro_epsilon.has_value();
    pure_sum += marginal.micro_epsilon.value_or(0);
    deltas.push_back(marginal.threshold_delta);
  }
  Record(CheckCap(loss.micro_rho, 0, plan.survey_cap_micro_rho),
         "survey_cap_micro_rho", faults);
  if (!faults.empty()) {
    return RefusalOfFields(Reason::kPlanFaulty,
                           "The plan's privacy terms have faults.", faults);
  }
  if (all_pure) {
    loss.micro_epsilon = pure_sum;
  }
  loss.threshold_delta = JointDelta(deltas);
  return loss;
}

absl::Status CheckTaus(const Manifest& manifest) {
  const Plan& plan = manifest.plan;
  std::vector<Fault> faults;
  if (manifest.taus.size() != plan.marginals.size()) {
    faults.push_back({"taus", "There must be one tau for each marginal."});
  } else {
    for (size_t i = 0; i < plan.marginals.size(); ++i) {
      Record(CheckTau(plan.marginals[i], plan.k, manifest.taus[i],
                      plan.threshold_delta),
             absl::StrCat("taus[", i, "]"), faults);
    }
  }
  if (!faults.empty()) {
    return RefusalOfFields(Reason::kTauTooSmall,
                           "The manifest's taus do not fit its plan.", faults);
  }
  return absl::OkStatus();
}

absl::Status CheckCap(int64_t asked_micro_rho, int64_t spent_micro_rho,
                      int64_t cap_micro_rho) {
  // Written so that nothing overflows, whatever the arguments.
  if (asked_micro_rho >= 0 && spent_micro_rho >= 0 &&
      spent_micro_rho <= cap_micro_rho &&
      asked_micro_rho <= cap_micro_rho - spent_micro_rho) {
    return absl::OkStatus();
  }
  return Refusal(Reason::kPrivacyCapExceeded,
                 CapSentence(asked_micro_rho, spent_micro_rho, cap_micro_rho));
}

long double EpsilonOf(const PlanLoss& loss, long double delta) {
  const long double epsilon =
      EpsilonWithThreshold(loss.micro_rho, loss.threshold_delta, delta);
  if (!loss.micro_epsilon.has_value() || delta <= loss.threshold_delta) {
    return epsilon;
  }
  return std::min(epsilon,
                  static_cast<long double>(*loss.micro_epsilon) / 1'000'000);
}

}  // namespace commonwage::privacy
