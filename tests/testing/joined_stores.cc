// SPDX-License-Identifier: Apache-2.0
#include "tests/testing/joined_stores.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
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
constexpr size_t kRare = 8;  // Persons nearest to it in a holding, at most.

uint64_t GramAt(const std::string& bytes, size_t at) {
  uint64_t gram = 0;
  std::memcpy(&gram, bytes.data() + at, kGram);
  return gram;
}

// Where each person's tokens lie.
struct Places {
  std::map<size_t, size_t> person_at;      // By position.
  std::vector<std::vector<double>> first;  // By kind and person; the end if
                                           // nowhere.
  std::vector<double> count;               // By person.
};

// One of somebody's tokens.
struct Token {
  std::string text;
  size_t person = 0;
  size_t kind = 0;
};

Places FindTokens(const Holdings& holdings) {
  std::unordered_map<uint64_t, std::vector<Token>> by_gram;
  const size_t people = holdings.tokens.size();
  Places places;
  places.first.assign(
      holdings.tokens.front().size(),
      std::vector<double>(people, static_cast<double>(holdings.bytes.size())));
  places.count.assign(people, 0);
  for (size_t person = 0; person < people; ++person) {
    for (size_t kind = 0; kind < places.first.size(); ++kind) {
      const std::string& text = holdings.tokens[person][kind];
      by_gram[GramAt(text, 0)].push_back({text, person, kind});
    }
  }
  for (size_t at = 0; at + kGram <= holdings.bytes.size(); ++at) {
    const auto found = by_gram.find(GramAt(holdings.bytes, at));
    if (found == by_gram.end()) {
      continue;
    }
    for (const Token& token : found->second) {
      if (holdings.bytes.compare(at, token.text.size(), token.text) == 0) {
        places.person_at[at] = token.person;
        double& first = places.first[token.kind][token.person];
        first = std::min(first, static_cast<double>(at));
        places.count[token.person] += 1;
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

// A place of a gram, and the person nearest to it.
struct NearPlace {
  size_t at = 0;
  size_t person = 0;
};

// Returns the grams near anybody, with one place for each nearest person; more
// than kRare of them if it is not rare.
std::unordered_map<uint64_t, std::vector<NearPlace>> GramsNearPersons(
    const std::string& bytes, const Places& places) {
  std::unordered_map<uint64_t, std::vector<NearPlace>> grams;
  auto next = places.person_at.begin();
  for (size_t at = 0; at + kGram <= bytes.size(); ++at) {
    while (next != places.person_at.end() && next->first < at) {
      ++next;
    }
    size_t nearest = kNear + 1;
    size_t person = 0;
    if (next != places.person_at.end()) {
      nearest = next->first - at;
      person = next->second;
    }
    if (next != places.person_at.begin() &&
        at - std::prev(next)->first < nearest) {
      nearest = at - std::prev(next)->first;
      person = std::prev(next)->second;
    }
    if (nearest > kNear) {
      continue;
    }
    std::vector<NearPlace>& where = grams[GramAt(bytes, at)];
    if (where.size() <= kRare &&
        std::none_of(where.begin(), where.end(), [&](const NearPlace& place) {
          return place.person == person;
        })) {
      where.push_back({at, person});
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

// Of the persons in the order of `a`, how often the next one is later in `b`
// too: (n - 1) / 2 times with variance (n + 1) / 12 without a relation; 0 where
// all are alike.
double NextZ(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<size_t> order(a.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(),
            [&](size_t i, size_t j) { return a[i] < a[j]; });
  double later = 0;
  double earlier = 0;
  for (size_t i = 1; i < order.size(); ++i) {
    later += b[order[i - 1]] < b[order[i]] ? 1 : 0;
    earlier += b[order[i - 1]] > b[order[i]] ? 1 : 0;
  }
  return (later - earlier) / 2 /
         std::sqrt((static_cast<double>(a.size()) + 1) / 12);
}

// Of `one` and `other`, what is further from 0.
double Further(double one, double other) {
  return std::abs(other) > std::abs(one) ? other : one;
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
  const auto grams_here = GramsNearPersons(one.bytes, here);
  const auto grams_there = GramsNearPersons(other.bytes, there);
  std::set<std::pair<size_t, size_t>> links;
  for (const auto& [gram, at_here] : grams_here) {
    const auto found = grams_there.find(gram);
    if (found == grams_there.end() || at_here.size() > kRare ||
        found->second.size() > kRare) {
      continue;
    }
    for (const NearPlace& a : at_here) {
      for (const NearPlace& b : found->second) {
        for (const size_t person : PersonsNear(here, a.at)) {
          for (const size_t same : PersonsNear(there, b.at)) {
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
  for (const std::vector<double>& a : here.first) {
    for (const std::vector<double>& b : there.first) {
      report.order_z = Further(report.order_z, RankZ(a, b));
      report.next_z = Further(report.next_z, NextZ(a, b));
    }
  }
  report.count_z = RankZ(here.count, there.count);
  return report;
}

}  // namespace commonwage::testing
