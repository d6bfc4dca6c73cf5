// SPDX-License-Identifier: Apache-2.0
#include "tests/statistical/odds_audit.h"

#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

#include "base/check.h"
#include "privacy/noise_terms.h"
#include "survey/cells.h"
#include "survey/plan/tree_shape.h"
#include "tests/testing/seeded_random.h"

namespace commonwage::testing {
namespace {

using privacy::noise::Tally;

// Of each combination of values: no cell is ever near its threshold.
constexpr int kOthers = 400;
constexpr int kRuns = 20000;

// A node whose true count depends on which of the two inputs it is.
struct TellingNode {
  size_t marginal = 0;
  size_t cell = 0;
  size_t node = 0;
  privacy::NoiseLaw law;
  int64_t first_count = 0;
  int64_t second_count = 0;
};

std::vector<int64_t> CountsOfNodes(const TreeShape& tree,
                                   absl::Span<const int64_t> bins) {
  std::vector<int64_t> counts(tree.node_count(), 0);
  for (size_t bin = 0; bin < bins.size(); ++bin) {
    for (size_t level = 0; level < tree.levels(); ++level) {
      counts[tree.NodeOver(level, bin)] += bins[bin];
    }
  }
  return counts;
}

void AppendTellingNodes(const OddsGame& game, size_t m, size_t cell,
                        std::vector<TellingNode>& nodes) {
  const Marginal& marginal = game.manifest.plan.marginals[m];
  const TreeShape tree(marginal.fanouts);
  const auto first = CountsOfNodes(tree, game.first.BinCounts(m, cell));
  const auto second = CountsOfNodes(tree, game.second.BinCounts(m, cell));
  size_t level = 0;
  for (size_t i = 0; i < first.size(); ++i) {
    if (i == tree.level_offset(level) + tree.level_size(level)) {
      ++level;
    }
    if (first[i] != second[i]) {
      nodes.push_back({m, cell, i, privacy::LawPerLevel(marginal)[level],
                       first[i], second[i]});
    }
  }
}

std::vector<TellingNode> TellingNodes(const OddsGame& game) {
  const Plan& plan = game.manifest.plan;
  std::vector<TellingNode> nodes;
  for (size_t m = 0; m < plan.marginals.size(); ++m) {
    const size_t cells = CellSpace(plan, plan.marginals[m]).size();
    for (size_t cell = 0; cell < cells; ++cell) {
      AppendTellingNodes(game, m, cell, nodes);
    }
  }
  return nodes;
}

// Returns ln of the chance of noise `z`, but for what all z share.
double LogChance(const privacy::NoiseLaw& law, int64_t z) {
  const double parameter = static_cast<double>(law.parameter.numerator) /
                           static_cast<double>(law.parameter.denominator);
  const auto wide = static_cast<double>(z);
  return law.mechanism == Mechanism::kDiscreteGaussian
             ? -wide * wide / (2 * parameter)
             : -std::abs(wide) / parameter;
}

// Returns ln of how much likelier the release is under the first input.
double LogLikelihoodRatio(const std::vector<TellingNode>& nodes,
                          const Release& release) {
  double ratio = 0;
  for (const TellingNode& node : nodes) {
    const ReleasedCell& cell =
        release.marginals[node.marginal].cells[node.cell];
    COMMONWAGE_CHECK(cell.has_value());
    const int64_t noisy = (*cell)[node.node];
    ratio += LogChance(node.law, noisy - node.first_count) -
             LogChance(node.law, noisy - node.second_count);
  }
  return ratio;
}

Tally With(Tally tally, const Answer& answer) {
  COMMONWAGE_CHECK(tally.Add(answer).ok());
  return tally;
}

}  // namespace

OddsGame TookPart(const Manifest& manifest, const Answer& answer) {
  const Tally others = EvenTally(manifest.plan, kOthers);
  return {manifest, With(others, answer), others};
}

OddsGame WhichAnswer(const Manifest& manifest, const Answer& answer,
                     const Answer& other) {
  const Tally others = EvenTally(manifest.plan, kOthers);
  return {manifest, With(others, answer), With(others, other)};
}

GuessShare PlayOdds(const Publisher& publish, const OddsGame& game, int runs,
                    uint64_t seed) {
  // What rounding of the ratio leaves of a tie.
  constexpr double kTie = 1e-9;
  const std::vector<TellingNode> nodes = TellingNodes(game);
  SeededRandom random(seed);
  int right = 0;
  for (int run = 0; run < runs; ++run) {
    const bool is_first = random.Below(2) == 1;
    double ratio = 0;
    for (int round = 0; round < game.rounds; ++round) {
      ratio += LogLikelihoodRatio(
          nodes,
          publish(game.manifest, is_first ? game.first : game.second, random));
    }
    const bool guess =
        std::abs(ratio) < kTie ? random.Below(2) == 1 : ratio > 0;
    right += guess == is_first ? 1 : 0;
  }
  const double share = static_cast<double>(right) / runs;
  return {share, std::sqrt(share * (1 - share) / runs)};
}

std::vector<std::string> AuditOdds(const Publisher& publish,
                                   const OddsGame& game, int64_t stated) {
  const GuessShare share = PlayOdds(publish, game, kRuns, 61);
  const double errors =
      (share.right - static_cast<double>(stated) / 1e4) / share.standard_error;
  std::cout << "best guess: right in " << 100 * share.right
            << " of 100 cases, stated " << static_cast<double>(stated) / 100
            << ", difference " << errors << " standard errors\n";
  if (std::abs(errors) < 4) {
    return {};
  }
  return {absl::StrCat("the best guess is right in ", 100 * share.right,
                       " of 100 cases, ", errors,
                       " standard errors off what is stated")};
}

}  // namespace commonwage::testing
