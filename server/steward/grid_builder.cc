// SPDX-License-Identifier: Apache-2.0
#include "server/steward/grid_builder.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"

#include "base/error.h"
#include "survey/plan/plan.h"

namespace commonwage::server::steward {
namespace {

absl::Status GridUnusable(absl::string_view sentence) {
  return Refusal(Reason::kGridUnusable, sentence);
}

absl::Status AmountMalformed() {
  return Refusal(Reason::kAmountMalformed,
                 "An amount is digits with at most one point, such as 13.90, "
                 "with no more decimals than the currency has, and above 0.");
}

bool SplitsIntoTree(size_t bins) {
  for (const size_t prime : {2U, 3U, 5U, 7U}) {
    while (bins % prime == 0) {
      bins /= prime;
    }
  }
  return bins == 1;
}

// The edges strictly between `from` and `to`, `count` of them.
void AppendBetween(int64_t from, int64_t to, size_t count,
                   std::vector<int64_t>& edges) {
  const double low = std::log(static_cast<double>(from));
  const double step = (std::log(static_cast<double>(to)) - low) /
                      static_cast<double>(count + 1);
  for (size_t i = 1; i <= count; ++i) {
    edges.push_back(static_cast<int64_t>(
        std::llround(std::exp(low + step * static_cast<double>(i)))));
  }
}

// How many edges go between each two neighbours of `fixed`, `count` in all:
// one after the other to where the steps are widest.
std::vector<size_t> Distribute(const std::vector<int64_t>& fixed,
                               size_t count) {
  std::vector<size_t> between(fixed.size() - 1, 0);
  std::vector<double> width;
  for (size_t i = 0; i + 1 < fixed.size(); ++i) {
    width.push_back(std::log(static_cast<double>(fixed[i + 1])) -
                    std::log(static_cast<double>(fixed[i])));
  }
  for (size_t placed = 0; placed < count; ++placed) {
    size_t widest = 0;
    for (size_t i = 1; i < between.size(); ++i) {
      const double step = width[i] / static_cast<double>(between[i] + 1);
      if (step > width[widest] / static_cast<double>(between[widest] + 1)) {
        widest = i;
      }
    }
    ++between[widest];
  }
  return between;
}

}  // namespace

absl::StatusOr<int64_t> ParseAmount(absl::string_view text,
                                    int minor_unit_exponent) {
  int64_t amount = 0;
  int decimals = 0;
  bool after_point = false;
  bool any_digit = false;
  for (const char c : text) {
    if (c == '.' && !after_point) {
      after_point = true;
      continue;
    }
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c)) ||
        (after_point && decimals == minor_unit_exponent)) {
      return AmountMalformed();
    }
    any_digit = true;
    decimals += after_point ? 1 : 0;
    amount = amount * 10 + (c - '0');
    if (amount > kMaxMinorUnits) {
      return AmountMalformed();
    }
  }
  for (; decimals < minor_unit_exponent && amount <= kMaxMinorUnits;
       ++decimals) {
    amount *= 10;
  }
  if (!any_digit || amount == 0 || amount > kMaxMinorUnits) {
    return AmountMalformed();
  }
  return amount;
}

absl::StatusOr<std::vector<int64_t>> LogSpacedEdges(
    int64_t low, int64_t high, size_t bins,
    const std::vector<int64_t>& anchors) {
  if (bins < kMinBins || bins > kMaxBins) {
    return GridUnusable("A grid has from 8 to 256 bins; choose such a number.");
  }
  if (low <= 0 || high <= low || high > kMaxMinorUnits) {
    return GridUnusable(
        "The grid's low end must be above 0 and below its high end.");
  }
  std::set<int64_t> fixed_set = {low, high};
  for (const int64_t anchor : anchors) {
    if (anchor < low || anchor > high) {
      return GridUnusable(
          "An anchor or a step lies outside the grid; move the grid's low or "
          "high end beyond it.");
    }
    fixed_set.insert(anchor);
  }
  const std::vector<int64_t> fixed(fixed_set.begin(), fixed_set.end());
  if (fixed.size() > bins - 1) {
    return GridUnusable(
        "There are more anchors and steps than the grid has edges for; take "
        "more bins, fewer anchors or fewer steps.");
  }
  const std::vector<size_t> between =
      Distribute(fixed, bins - 1 - fixed.size());
  std::vector<int64_t> edges = {low};
  for (size_t i = 0; i < between.size(); ++i) {
    AppendBetween(fixed[i], fixed[i + 1], between[i], edges);
    edges.push_back(fixed[i + 1]);
  }
  if (std::adjacent_find(edges.begin(), edges.end(), std::greater_equal<>()) !=
      edges.end()) {
    return GridUnusable(
        "The bins would be narrower than the smallest unit of pay; take fewer "
        "bins or a wider grid.");
  }
  return edges;
}

size_t TreeBins(size_t bins) {
  if (bins < kMinBins || bins > kMaxBins) {
    return bins;
  }
  // Both limits split, so the search ends within them.
  size_t distance = 0;
  while (!SplitsIntoTree(bins - distance) && !SplitsIntoTree(bins + distance)) {
    ++distance;
  }
  return SplitsIntoTree(bins - distance) ? bins - distance : bins + distance;
}

}  // namespace commonwage::server::steward
