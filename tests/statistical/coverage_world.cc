// SPDX-License-Identifier: Apache-2.0
#include "tests/statistical/coverage_world.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "privacy/model/critical.h"

namespace commonwage::testing {

using privacy::model::NormalCdf;

WageWorld::WageWorld(std::string name, double median, double log_sd)
    : name_(std::move(name)), log_median_(std::log(median)), log_sd_(log_sd) {}

WageWorld WageWorld::WithHeaps(std::string name, double median, double log_sd,
                               std::vector<std::pair<double, double>> heaps) {
  WageWorld world(std::move(name), median, log_sd);
  world.SetHeaps(std::move(heaps));
  return world;
}

void WageWorld::SetHeaps(std::vector<std::pair<double, double>> heaps) {
  heaps_ = std::move(heaps);
  std::sort(heaps_.begin(), heaps_.end());
  for (const auto& [rate, share] : heaps_) {
    heaps_below_.push_back(heaps_below_.back() + share);
  }
  smooth_share_ = 1 - heaps_below_.back();
}

WageWorld WageWorld::Rounded(std::string name, double median, double log_sd,
                             double unit, double share) {
  const WageWorld smooth("", median, log_sd);
  std::vector<std::pair<double, double>> heaps;
  for (double rate = unit; rate < median * std::exp(6 * log_sd); rate += unit) {
    const double here =
        smooth.ShareBelow(rate + unit / 2) - smooth.ShareBelow(rate - unit / 2);
    heaps.emplace_back(rate, share * here);
  }
  return WithHeaps(std::move(name), median, log_sd, std::move(heaps));
}

double WageWorld::ShareBelow(double wage) const {
  if (wage <= 0) {
    return 0;
  }
  const auto heaps = std::partition_point(
      heaps_.begin(), heaps_.end(),
      [wage](const auto& heap) { return heap.first < wage; });
  return smooth_share_ * NormalCdf((std::log(wage) - log_median_) / log_sd_) +
         heaps_below_[static_cast<size_t>(heaps - heaps_.begin())];
}

double WageWorld::ShareUpTo(double wage) const {
  return ShareBelow(std::nextafter(wage, 1e300));
}

double WageWorld::Quantile(double p) const {
  double low = std::exp(log_median_ - 9 * log_sd_);
  double high = std::exp(log_median_ + 9 * log_sd_);
  for (int i = 0; i < 80; ++i) {
    const double middle = (low + high) / 2;
    (ShareUpTo(middle) >= p ? high : low) = middle;
  }
  // Exactly a heap's rate if it is one, so that comparisons are exact.
  const auto heap = std::partition_point(
      heaps_.begin(), heaps_.end(),
      [high](const auto& one) { return one.first < high * (1 - 1e-9); });
  return heap != heaps_.end() && heap->first < high * (1 + 1e-9) ? heap->first
                                                                 : high;
}

double WageWorld::TrimmedMean() const {
  constexpr int kSteps = 2000;
  double sum = 0;
  for (int i = 0; i < kSteps; ++i) {
    sum += Quantile(0.1 + 0.8 * (i + 0.5) / kSteps);
  }
  return sum / kSteps;
}

std::vector<double> WageWorld::BinShares(
    const std::vector<int64_t>& inner_edges) const {
  std::vector<double> shares;
  double below = 0;
  for (const int64_t edge : inner_edges) {
    const double up_to = ShareBelow(static_cast<double>(edge));
    shares.push_back(up_to - below);
    below = up_to;
  }
  shares.push_back(1 - below);
  return shares;
}

std::vector<int64_t> EvenEdges(int64_t low, int64_t high, int64_t bins) {
  std::vector<int64_t> edges;
  const double ratio = static_cast<double>(high) / static_cast<double>(low);
  for (int64_t j = 0; j < bins - 1; ++j) {
    edges.push_back(
        std::llround(static_cast<double>(low) *
                     std::pow(ratio, static_cast<double>(j) /
                                         static_cast<double>(bins - 2))));
  }
  return edges;
}

}  // namespace commonwage::testing
