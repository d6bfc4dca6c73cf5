// SPDX-License-Identifier: Apache-2.0
#include "server/steward/plan_preview.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

#include "privacy/best_guess.h"
#include "privacy/budget_text.h"
#include "privacy/upward_text.h"
#include "survey/plan/plan.h"

namespace commonwage::server::steward {
namespace {

using privacy::forecast::EpsilonAtDelta;
using privacy::forecast::GroupForecast;
using privacy::forecast::MarginalPreview;
using privacy::forecast::PlanPreview;
using privacy::forecast::Yield;

constexpr int kBarWidth = 20;
constexpr size_t kTextWidth = 78;
// The widest half-width that a bar tells apart: half of the median.
constexpr double kWidestBar = 0.5;
// Below this chance there is no half-width to speak of.
constexpr double kHardlyShown = 0.001;

v1::Mechanism MessageOf(Mechanism mechanism) {
  return mechanism == Mechanism::kDiscreteGaussian
             ? v1::MECHANISM_DISCRETE_GAUSSIAN
             : v1::MECHANISM_DISCRETE_LAPLACE;
}

absl::string_view WordsOf(Mechanism mechanism) {
  return mechanism == Mechanism::kDiscreteGaussian ? "discrete Gaussian"
                                                   : "discrete Laplace";
}

v1::MarginalPreview MessageOf(const MarginalPreview& marginal) {
  v1::MarginalPreview message;
  message.set_id(marginal.id);
  message.set_cell_count(marginal.cell_count);
  message.set_tau(marginal.tau);
  message.set_mechanism(MessageOf(marginal.mechanism));
  for (const double noise_sd : marginal.noise_sd_per_level) {
    message.add_noise_sd_per_level(noise_sd);
  }
  message.set_micro_rho(marginal.micro_rho);
  for (const GroupForecast& group : marginal.groups) {
    v1::GroupForecast& entry = *message.add_groups();
    entry.set_n(group.n);
    entry.set_chance_shown(group.chance_shown);
    if (group.median_half_width.has_value()) {
      entry.set_median_half_width(*group.median_half_width);
    }
  }
  message.set_quieter_mechanism(MessageOf(marginal.quieter_mechanism));
  message.set_other_tau(marginal.other_tau);
  message.set_share_shown(marginal.yield.shown);
  message.set_share_useful(marginal.yield.useful);
  return message;
}

v1::BestGuess MessageOf(const privacy::BestGuess& guess) {
  v1::BestGuess message;
  message.set_took_part(static_cast<double>(guess.took_part) / 1e4);
  message.set_which_answer(static_cast<double>(guess.which_answer) / 1e4);
  return message;
}

std::string Bar(double share) {
  const auto filled =
      static_cast<size_t>(std::lround(std::clamp(share, 0.0, 1.0) * kBarWidth));
  return std::string(filled, '#') + std::string(kBarWidth - filled, '.');
}

// Breaks `text` at blanks into lines that begin with `indent`.
std::string Wrapped(absl::string_view text, absl::string_view indent) {
  std::string result;
  std::string line(indent);
  for (const absl::string_view word :
       absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    if (line.size() > indent.size() &&
        line.size() + 1 + word.size() > kTextWidth) {
      absl::StrAppend(&result, line, "\n");
      line = std::string(indent.size(), ' ');
    }
    const bool at_start = line.size() == indent.size();
    absl::StrAppend(&line, at_start ? "" : " ", word);
  }
  return absl::StrCat(result, line, "\n");
}

std::string RowOf(const GroupForecast& group) {
  const std::string shown =
      absl::StrFormat("%5d   %5.1f %% %s", group.n, 100 * group.chance_shown,
                      Bar(group.chance_shown));
  if (!group.median_half_width.has_value()) {
    return absl::StrCat(shown, group.chance_shown < kHardlyShown
                                   ? "   -\n"
                                   : "   off the grid\n");
  }
  return absl::StrFormat("%s   +- %5.1f %% %s\n", shown,
                         100 * *group.median_half_width,
                         Bar(*group.median_half_width / kWidestBar));
}

// Whether the other mechanism would do better, in noise or in cells shown:
// nothing where it would in neither.
std::string OtherMechanismIn(const MarginalPreview& marginal) {
  const bool is_quieter = marginal.quieter_mechanism != marginal.mechanism;
  if (!is_quieter && marginal.other_tau >= marginal.tau) {
    return "";
  }
  const Mechanism other = marginal.mechanism == Mechanism::kDiscreteGaussian
                              ? Mechanism::kDiscreteLaplace
                              : Mechanism::kDiscreteGaussian;
  return Wrapped(absl::StrFormat(
                     "the %s would be %s at the same epsilon (delta 1e-6), and "
                     "show cells from a noisy count of %d: %s",
                     WordsOf(other), is_quieter ? "quieter" : "noisier",
                     marginal.other_tau,
                     marginal.other_tau > marginal.tau   ? "fewer cells"
                     : marginal.other_tau < marginal.tau ? "more cells"
                                                         : "as many cells"),
                 "  ");
}

// Counted in whole ones, so that nothing looks more certain than it is.
std::string YieldInWords(const Yield& yield) {
  return absl::StrFormat(
      "of 100 cells of 10 to 500 people %.0f would be shown, %.0f with "
      "a median within 20 %%",
      100 * yield.shown, 100 * yield.useful);
}

// Why an epsilon is missing.
std::string NoEpsilon(const PlanPreview& preview) {
  return absl::StrFormat(
      "the rule for small cells alone may fail with a chance of up to %s in "
      "all; choose a smaller threshold_delta",
      privacy::SmallRoundedUp(preview.threshold_delta));
}

// Loss, odds, epsilons and deltas, each rounded up.
std::string CostIn(const PlanPreview& preview) {
  std::string text = Wrapped(preview.odds_in_words, "  ");
  absl::StrAppend(
      &text, Wrapped(absl::StrCat(
                         "One round takes ",
                         privacy::BudgetInWords(
                             preview.micro_rho, preview.survey_cap_micro_rho,
                             preview.survey_cap_micro_rho - preview.micro_rho),
                         " (", preview.micro_rho, " of ",
                         preview.survey_cap_micro_rho, " micro-rho)."),
                     "  "));
  for (const EpsilonAtDelta& statement : preview.epsilons) {
    if (std::isfinite(statement.epsilon)) {
      absl::StrAppendFormat(&text, "  epsilon %s at delta %.0e, one round\n",
                            privacy::RoundedUp(statement.epsilon, 2),
                            statement.delta);
    } else {
      absl::StrAppend(
          &text, Wrapped(absl::StrFormat("no epsilon at delta %.0e: "
                                         "%s",
                                         statement.delta, NoEpsilon(preview)),
                         "  "));
    }
  }
  if (preview.pure_epsilon.has_value()) {
    absl::StrAppend(&text, "  epsilon ",
                    privacy::RoundedUp(*preview.pure_epsilon, 2),
                    " but for the rule for small cells, one round\n");
  }
  absl::StrAppend(
      &text,
      Wrapped(absl::StrCat(
                  "the rule for small cells fails with a probability "
                  "of at most ",
                  privacy::SmallRoundedUp(preview.threshold_delta),
                  " in one round, ",
                  privacy::SmallRoundedUp(preview.threshold_delta_under_cap),
                  " in all under the cap, which the odds include"),
              "  "));
  return text;
}

std::string TextOf(const MarginalPreview& marginal) {
  const std::string noise = absl::StrJoin(
      marginal.noise_sd_per_level, ", ", [](std::string* out, double noise_sd) {
        absl::StrAppendFormat(out, "%.1f", noise_sd);
      });
  std::string text = absl::StrFormat(
      "\n%s: %d cell%s, %s noise, costs %d micro-rho\n", marginal.id,
      marginal.cell_count, marginal.cell_count == 1 ? "" : "s",
      WordsOf(marginal.mechanism), marginal.micro_rho);
  absl::StrAppend(
      &text,
      Wrapped(absl::StrCat("noise per level, whole cell first (standard "
                           "deviation, people): ",
                           noise),
              "  "),
      "  shown from a noisy count of ", marginal.tau, "\n");
  absl::StrAppend(&text, OtherMechanismIn(marginal));
  absl::StrAppend(&text, Wrapped(YieldInWords(marginal.yield), "  "),
                  "  people   chance to be shown              "
                  "if shown, median within (bar: 50 %)\n");
  for (const GroupForecast& group : marginal.groups) {
    absl::StrAppend(&text, "  ", RowOf(group));
  }
  return text;
}

}  // namespace

v1::PlanPreview MessageOf(const PlanPreview& preview) {
  v1::PlanPreview message;
  message.set_round_id(preview.round_id);
  for (const MarginalPreview& marginal : preview.marginals) {
    *message.add_marginals() = MessageOf(marginal);
  }
  message.set_micro_rho(preview.micro_rho);
  message.set_survey_cap_micro_rho(preview.survey_cap_micro_rho);
  message.set_rounds_under_cap(preview.rounds_under_cap);
  message.set_threshold_delta(preview.threshold_delta);
  for (const EpsilonAtDelta& statement : preview.epsilons) {
    v1::EpsilonAtDelta& entry = *message.add_epsilons();
    entry.set_delta(statement.delta);
    if (std::isfinite(statement.epsilon)) {
      entry.set_epsilon(statement.epsilon);
    } else {
      entry.set_note(NoEpsilon(preview));
    }
  }
  if (preview.pure_epsilon.has_value()) {
    message.set_pure_epsilon(*preview.pure_epsilon);
  }
  message.set_threshold_delta_under_cap(preview.threshold_delta_under_cap);
  *message.mutable_best_guess() = MessageOf(preview.best_guess);
  *message.mutable_best_guess_under_cap() =
      MessageOf(preview.best_guess_under_cap);
  message.set_odds_in_words(preview.odds_in_words);
  message.mutable_warnings()->Add(preview.warnings.begin(),
                                  preview.warnings.end());
  message.set_assumption(preview.assumption);
  return message;
}

std::string TextOf(const PlanPreview& preview) {
  std::string text = absl::StrFormat(
      "Forecast for round %s, made without any data\n\nWhat it costs in "
      "privacy\n",
      preview.round_id);
  absl::StrAppend(&text, CostIn(preview));
  for (const MarginalPreview& marginal : preview.marginals) {
    absl::StrAppend(&text, TextOf(marginal));
  }
  absl::StrAppend(&text, "\n", Wrapped(preview.assumption, ""));
  for (const std::string& warning : preview.warnings) {
    absl::StrAppend(&text, Wrapped(warning, "Warning: "));
  }
  return text;
}

}  // namespace commonwage::server::steward
