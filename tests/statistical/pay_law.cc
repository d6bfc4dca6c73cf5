// SPDX-License-Identifier: Apache-2.0
#include "tests/statistical/pay_law.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>

#include "absl/strings/str_cat.h"

#include "privacy/model/critical.h"

namespace commonwage::testing {
namespace {

using Rates = std::vector<std::pair<double, double>>;

constexpr double kLogSd = 0.4;
constexpr int kSmoothRates = 2000;

// The middles of equally likely parts of a standard normal law.
std::vector<double> NormalParts(int number) {
  std::vector<double> parts;
  for (int i = 0; i < number; ++i) {
    parts.push_back(privacy::model::NormalQuantile((i + 0.5) / number));
  }
  return parts;
}

Rates Smooth(double centre) {
  Rates rates;
  for (const double part : NormalParts(kSmoothRates)) {
    rates.emplace_back(centre * std::exp(kLogSd * part), 1.0 / kSmoothRates);
  }
  return rates;
}

Rates Scale(double centre, int steps, double apart) {
  Rates rates;
  for (int i = 0; i < steps; ++i) {
    const double place = i - (steps - 1) / 2.0;
    const double weight =
        std::exp(-place * place / (0.18 * steps * steps)) * (1 + 0.1 * (i % 3));
    rates.emplace_back(centre * std::pow(1 + apart, place), weight);
  }
  return rates;
}

Rates Rounded(double centre, double unit) {
  Rates rates = Smooth(centre);
  for (auto& [rate, part] : rates) {
    rate = std::max(std::round(rate / unit), 1.0) * unit;
  }
  return rates;
}

Rates OnAFloor(double centre) {
  const double floor = centre * 0.8;
  Rates rates = {{floor, 0.35}};
  for (const double part : NormalParts(kSmoothRates)) {
    rates.emplace_back(floor * std::exp(0.45 * std::abs(part)),
                       0.65 / kSmoothRates);
  }
  return rates;
}

Rates MostlyOnAScale(double centre) {
  Rates rates = Scale(centre, 8, 0.07);
  double on_scale = 0;
  for (const auto& [rate, part] : rates) {
    on_scale += part;
  }
  for (auto& [rate, part] : Smooth(centre)) {
    rates.emplace_back(rate, part * on_scale / 4);
  }
  return rates;
}

}  // namespace

PayLaw::PayLaw(std::string name,
               const std::vector<std::pair<double, double>>& rates)
    : name_(std::move(name)) {
  std::map<int64_t, double> parts;
  double all = 0;
  for (const auto& [rate, part] : rates) {
    parts[std::max<int64_t>(std::llround(rate), 1)] += part;
    all += part;
  }
  double up_to = 0;
  for (const auto& [rate, part] : parts) {
    up_to += part / all;
    rates_.push_back(rate);
    up_to_.push_back(up_to);
  }
  up_to_.back() = 1;
}

double PayLaw::ShareBelow(int64_t rate) const {
  const auto at = std::lower_bound(rates_.begin(), rates_.end(), rate);
  return at == rates_.begin()
             ? 0
             : up_to_[static_cast<size_t>(at - rates_.begin()) - 1];
}

int64_t PayLaw::Quantile(double p) const {
  const auto at = std::lower_bound(up_to_.begin(), up_to_.end(), p);
  return rates_[static_cast<size_t>(at - up_to_.begin())];
}

double PayLaw::TrimmedMean() const {
  double sum = 0;
  double below = 0;
  for (size_t i = 0; i < rates_.size(); ++i) {
    const double part =
        std::clamp(up_to_[i], 0.1, 0.9) - std::clamp(below, 0.1, 0.9);
    sum += part * static_cast<double>(rates_[i]);
    below = up_to_[i];
  }
  return sum / 0.8;
}

std::vector<double> PayLaw::BinShares(
    const std::vector<int64_t>& inner_edges) const {
  std::vector<double> shares;
  double below = 0;
  for (const int64_t edge : inner_edges) {
    shares.push_back(ShareBelow(edge) - below);
    below += shares.back();
  }
  shares.push_back(1 - below);
  return shares;
}

std::vector<PayLaw> PayLawsAround(double centre) {
  std::vector<PayLaw> laws;
  laws.emplace_back("smooth", Smooth(centre));
  for (const int steps : {1, 2, 3, 5, 8, 12, 20}) {
    laws.emplace_back(absl::StrCat(steps, steps == 1 ? " step" : " steps"),
                      Scale(centre, steps, steps == 20 ? 0.035 : 0.07));
  }
  laws.emplace_back("8 steps, 80 %", MostlyOnAScale(centre));
  for (const double unit : {500.0, 1000.0, 5000.0}) {
    // The whole shape moves with the centre, multiples and all.
    laws.emplace_back(absl::StrCat("rounded ", unit),
                      Rounded(centre, unit / 59000 * centre));
  }
  laws.emplace_back("floor", OnAFloor(centre));
  return laws;
}

}  // namespace commonwage::testing
