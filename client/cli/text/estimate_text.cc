// SPDX-License-Identifier: Apache-2.0
#include "client/cli/text/estimate_text.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "client/cli/text/words.h"
#include "privacy/estimate/quality.h"

namespace commonwage::client::cli {
namespace {

// What makes a figure uncertain, in whole per cent of its variance.
struct Causes {
  long noise = 0;
  long who_answered = 0;
  std::optional<long> model;
};

std::optional<Causes> CausesOf(const v1::Estimate& estimate) {
  const double noise = estimate.noise_sd() * estimate.noise_sd();
  const double chance = estimate.sampling_sd() * estimate.sampling_sd();
  const double model = estimate.model_sd() * estimate.model_sd();
  const double all = noise + chance + model;
  // A figure off the grid is a bound, and its deviations are not of it.
  if (!std::isfinite(noise / all) || IsBound(estimate)) {
    return std::nullopt;
  }
  Causes causes;
  causes.noise = std::lround(100 * noise / all);
  causes.who_answered = 100 - causes.noise;
  if (model > 0) {
    // The last of the three takes what rounding leaves.
    causes.who_answered = std::lround(100 * chance / all);
    causes.model = std::max(100 - causes.noise - causes.who_answered, 0L);
  }
  return causes;
}

}  // namespace

bool IsBound(const v1::Estimate& estimate) {
  return estimate.position() == v1::POSITION_BELOW ||
         estimate.position() == v1::POSITION_ABOVE ||
         estimate.position() == v1::POSITION_UNKNOWN;
}

std::string IntervalText(const v1::Estimate& estimate, const Unit& unit) {
  const v1::Interval& interval = estimate.interval();
  const std::string low = interval.open_low()
                              ? "…"
                              : Money(interval.low(), unit.minor_unit_exponent);
  const std::string high =
      interval.open_high() ? "…"
                           : Money(interval.high(), unit.minor_unit_exponent);
  return absl::StrCat(low, " – ", high);
}

std::string ValueText(const v1::Estimate& estimate, const Unit& unit) {
  std::string value = Money(estimate.value(), unit.minor_unit_exponent);
  if (IsBound(estimate)) {
    // A bound on a side that is open as well bounds nothing.
    const bool is_below = estimate.position() == v1::POSITION_BELOW;
    const bool is_open = is_below ? estimate.interval().open_high()
                                  : estimate.interval().open_low();
    if (is_open || estimate.position() == v1::POSITION_UNKNOWN) {
      return "…";
    }
    return absl::StrCat(is_below ? "<" : ">", value);
  }
  if (estimate.modelled()) {
    absl::StrAppend(&value, " m");
  }
  return estimate.quality() == v1::QUALITY_POOR ? absl::StrCat("(", value, ")")
                                                : value;
}

std::string AnswersText(const v1::Estimate& count) {
  return absl::StrCat(Money(std::floor(count.interval().low()), 0), " – ",
                      Money(std::ceil(count.interval().high()), 0));
}

std::string NoiseText(const v1::Estimate& estimate) {
  const std::optional<Causes> causes = CausesOf(estimate);
  if (!causes.has_value()) {
    return "";
  }
  return causes->model.has_value()
             ? absl::StrCat(causes->noise, ", ", *causes->model, " %")
             : absl::StrCat(causes->noise, " %");
}

std::string UncertaintyInWords(const v1::Estimate& estimate) {
  const std::optional<Causes> causes = CausesOf(estimate);
  if (!causes.has_value()) {
    return "";
  }
  std::string text =
      absl::StrCat("uncertainty from privacy noise ", causes->noise,
                   " %, from who answered ", causes->who_answered, " %");
  if (causes->model.has_value()) {
    absl::StrAppend(&text, ", from the model ", *causes->model, " %");
  }
  return text;
}

std::string QualityWord(const v1::Estimate& estimate) {
  switch (estimate.quality()) {
    case v1::QUALITY_GOOD:
      return "good";
    case v1::QUALITY_FAIR:
      return "fair";
    default:
      return "poor";
  }
}

Tone ToneOf(const v1::Estimate& estimate) {
  switch (estimate.quality()) {
    case v1::QUALITY_GOOD:
      return Tone::kGood;
    case v1::QUALITY_FAIR:
      return Tone::kFair;
    default:
      return Tone::kPoor;
  }
}

std::string QualitiesInWords() {
  return absl::StrFormat(
      "Good: the interval is within about %.0f %% of the figure, or of a share "
      "within %.0f points; fair: within %.0f; poor: wider, so quote the "
      "interval and not the figure.",
      100 * privacy::estimate::kGoodHalfWidth,
      100 * privacy::estimate::kGoodHalfWidth,
      100 * privacy::estimate::kFairHalfWidth);
}

}  // namespace commonwage::client::cli
