// SPDX-License-Identifier: Apache-2.0
#include "tests/testing/joined_stores.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace commonwage::testing {
namespace {

constexpr size_t kGram = 8;
constexpr size_t kNear = 256;
constexpr size_t kRare = 8;  // Occurrences in one holding, at most.

uint64_t GramAt(const std::string& bytes, size_t at) {
  uint64_t gram = 0;
  std::memcpy(&gram, bytes.data() + at, kGram);
  return gram;
}

// Where each person's tokens lie.
struct Places {
  std::map<size_t, size_t> person_at;  // By position.
  std::vector<double> first;           // By person; the end if nowhere.
  std::vector<double> count;           // By person.
};

Places FindTokens(const Holdings& holdings) {
  std::unordered_map<uint64_t, std::vector<std::pair<std::string, size_t>>>
      by_gram;
  for (size_t person = 0; person < holdings.tokens.size(); ++person) {
    for (const std::string& token : holdings.tokens[person]) {
      by_gram[GramAt(token, 0)].emplace_back(token, person);
    }
  }
  Places places;
  const size_t people = holdings.tokens.size();
  places.first.assign(people, static_cast<double>(holdings.bytes.size()));
  places.count.assign(people, 0);
  for (size_t at = 0; at + kGram <= holdings.bytes.size(); ++at) {
    const auto found = by_gram.find(GramAt(holdings.bytes, at));
    if (found == by_gram.end()) {
      continue;
    }
    for (const auto& [token, person] : found->second) {
      if (holdings.bytes.compare(at, token.size(), token) == 0) {
        places.person_at[at] = person;
        places.first[person] =
            std::min(places.first[person], static_cast<double>(at));
        places.count[person] += 1;
      }
    }
  }
  return places;
}

std::set<size_t> PersonsNear(const Places& places, size_t at) {
  std::set<size_t> persons;
  const auto end = places.person_at.upper_bound(at + kNear);
  for (auto place = places.person_at.lower_bound(at < kNear ? 0 : at - kNear);
       place != end; ++place) {
    persons.insert(place->second);
  }
  return persons;
}

std::unordered_map<uint64_t, std::vector<size_t>> RareGrams(
    const std::string& bytes) {
  std::unordered_map<uint64_t, std::vector<size_t>> grams;
  grams.reserve(bytes.size());
  for (size_t at = 0; at + kGram <= bytes.size(); ++at) {
    std::vector<size_t>& where = grams[GramAt(bytes, at)];
    if (where.size() <= kRare) {
      where.push_back(at);
    }
  }
  return grams;
}

std::vector<double> Ranks(const std::vector<double>& values) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  // Equal values share the mean of their ranks.
  for (size_t i = 0; i < order.size();) {
    size_t end = i;
    while (end < order.size() && values[order[end]] == values[order[i]]) {
      ++end;
    }
    for (size_t j = i; j < end; ++j) {
      ranks[order[j]] = static_cast<double>(i + end - 1) / 2;
    }
    i = end;
  }
  return ranks;
}

// Spearman's correlation times sqrt(n - 1): standard normal without a relation;
// 0 where all are alike.
double RankZ(const std::vector<double>& a, const std::vector<double>& b) {
  const std::vector<double> x = Ranks(a);
  const std::vector<double> y = Ranks(b);
  const double mean = (static_cast<double>(x.size()) - 1) / 2;
  double xy = 0;
  double xx = 0;
  double yy = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mean) * (y[i] - mean);
    xx += (x[i] - mean) * (x[i] - mean);
    yy += (y[i] - mean) * (y[i] - mean);
  }
  return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) *
                                std::sqrt(static_cast<double>(x.size()) - 1)
                          : 0;
}

// P[X >= right] for X of n trials with chance 1 / people, by Chernoff's bound.
double TailBound(size_t right, size_t n, size_t people) {
  const double expected = static_cast<double>(n) / static_cast<double>(people);
  const auto k = static_cast<double>(right);
  return k <= expected ? 1
                       : std::exp(k - expected - k * std::log(k / expected));
}

}  // namespace

JoinReport Join(const Holdings& one, const Holdings& other) {
  const Places here = FindTokens(one);
  const Places there = FindTokens(other);
  const auto grams_here = RareGrams(one.bytes);
  const auto grams_there = RareGrams(other.bytes);
  std::set<std::pair<size_t, size_t>> links;
  for (const auto& [gram, at_here] : grams_here) {
    const auto found = grams_there.find(gram);
    if (found == grams_there.end() || at_here.size() > kRare ||
        found->second.size() > kRare) {
      continue;
    }
    for (const size_t a : at_here) {
      for (const size_t b : found->second) {
        for (const size_t person : PersonsNear(here, a)) {
          for (const size_t same : PersonsNear(there, b)) {
            links.emplace(person, same);
          }
        }
      }
    }
  }
  JoinReport report;
  report.links = links.size();
  for (const auto& [a, b] : links) {
    report.right_links += a == b ? 1 : 0;
  }
  report.links_p =
      TailBound(report.right_links, report.links, one.tokens.size());
  report.order_z = RankZ(here.first, there.first);
  report.count_z = RankZ(here.count, there.count);
  return report;
}

}  // namespace commonwage::testing
