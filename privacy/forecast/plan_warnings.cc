// SPDX-License-Identifier: Apache-2.0
#include "privacy/forecast/plan_warnings.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

#include "privacy/odds_text.h"
#include "survey/cells.h"

namespace commonwage::privacy::forecast {
namespace {

// From these on a steward is warned. No privacy implications.
constexpr int64_t kManyCells = 500;
constexpr double kWideBin = 0.05;  // In logarithm.
constexpr double kNarrow = 0.25;   // Of the mean width: for a single rate.
constexpr double kLikelyShown = 0.5;
// Totals of tables by more dimensions are not looked for.
constexpr size_t kMostCrossed = 6;

// A cell is likely to be shown from about this size on.
int64_t LikelySize(const MarginalPreview& marginal) { return marginal.tau; }

// Members per value of each dimension of a marginal; empty where the plan does
// not give all of a dimension's values.
struct Population {
  std::vector<std::vector<double>> members;  // Per dimension of `by`.

  bool Known(size_t d) const { return !members[d].empty(); }
};

Population PopulationOf(const Plan& plan, const Marginal& marginal) {
  std::map<std::pair<std::string, std::string>, int64_t> totals;
  for (const PopulationTotal& total : plan.population) {
    totals[{total.dimension, total.value}] = total.members;
  }
  Population population;
  for (const std::string& id : marginal.by) {
    population.members.emplace_back();
    std::vector<double> members;
    for (const std::string& value : FindDimension(plan, id)->values) {
      const auto total = totals.find({id, value});
      if (total == totals.end()) {
        break;
      }
      members.push_back(static_cast<double>(total->second));
    }
    if (members.size() == FindDimension(plan, id)->values.size()) {
      population.members.back() = members;
    }
  }
  return population;
}

// Counts the cells that stay below `size`: for certain, as one of their values
// has too few members; and if the dimensions mix evenly.
struct SmallCells {
  int64_t certain = 0;
  int64_t evenly = 0;
};

SmallCells CountSmall(const Population& population, const CellSpace& space,
                      double size) {
  std::vector<double> totals;
  for (const std::vector<double>& members : population.members) {
    double total = 0;
    for (const double number : members) {
      total += number;
    }
    totals.push_back(total);
  }
  double everybody = 0;
  for (const double total : totals) {
    everybody = std::max(everybody, total);
  }
  SmallCells small;
  for (size_t cell = 0; cell < space.size(); ++cell) {
    const std::vector<size_t> values = space.ValuesOf(cell);
    double most = everybody;
    double evenly = everybody;
    for (size_t d = 0; d < values.size(); ++d) {
      if (!population.Known(d)) {
        evenly /= static_cast<double>(space.value_counts()[d]);
        continue;
      }
      const double members = population.members[d][values[d]];
      most = std::min(most, members);
      evenly *= totals[d] > 0 ? members / totals[d] : 0;
    }
    if (most < size) {
      ++small.certain;
    }
    if (evenly < size) {
      ++small.evenly;
    }
  }
  return small;
}

void WarnOfSize(const Plan& plan, size_t m, const MarginalPreview& preview,
                std::vector<std::string>& warnings) {
  const Marginal& marginal = plan.marginals[m];
  const int64_t likely = LikelySize(preview);
  const Population population = PopulationOf(plan, marginal);
  bool known = false;
  for (size_t d = 0; d < population.members.size(); ++d) {
    known = known || population.Known(d);
  }
  if (!known) {
    if (preview.cell_count >= kManyCells) {
      warnings.push_back(absl::StrFormat(
          "Table %s has %d cells, and a cell is likely to be shown from %d "
          "workers on: spread evenly, that takes %d workers.",
          marginal.id, preview.cell_count, likely,
          preview.cell_count * likely));
    }
    return;
  }
  const SmallCells small = CountSmall(population, CellSpace(plan, marginal),
                                      static_cast<double>(likely));
  if (small.certain > 0) {
    warnings.push_back(absl::StrFormat(
        "Table %s: %d of %d cells cannot be expected to be shown even if every "
        "member took part, as they have fewer than %d members.",
        marginal.id, small.certain, preview.cell_count, likely));
  }
  if (small.evenly > small.certain && small.evenly * 2 > preview.cell_count) {
    warnings.push_back(absl::StrFormat(
        "Table %s: if groups mix evenly, %d of %d cells stay below the %d "
        "workers from which a cell is likely to be shown, even if every member "
        "took part. A coarser table would show more.",
        marginal.id, small.evenly, preview.cell_count, likely));
  }
}

// Whether every cell of `fine` would be shown if one in three members took part
// and groups mixed evenly. False unless the plan gives the members of each
// dimension.
bool ShowsAllCells(const Plan& plan, const Marginal& fine,
                   const MarginalPreview& preview) {
  const Population population = PopulationOf(plan, fine);
  for (size_t d = 0; d < fine.by.size(); ++d) {
    if (!population.Known(d)) {
      return false;
    }
  }
  constexpr double kMembersPerAnswer = 3;
  return !fine.by.empty() &&
         CountSmall(
             population, CellSpace(plan, fine),
             kMembersPerAnswer * static_cast<double>(LikelySize(preview)))
                 .evenly == 0;
}

using Dimensions = std::set<std::string>;

Dimensions DimensionsOf(const Marginal& marginal) {
  return {marginal.by.begin(), marginal.by.end()};
}

bool IsWithin(const Dimensions& few, const Dimensions& many) {
  return few != many &&
         std::includes(many.begin(), many.end(), few.begin(), few.end());
}

// Tables that are paid for twice. Where a cell of the finer table may be
// withheld, the coarser one is no waste: a sum is withheld with its parts.
void WarnOfSums(const Plan& plan, const PlanPreview& preview,
                std::vector<std::string>& warnings) {
  for (const Marginal& coarse : plan.marginals) {
    for (size_t m = 0; m < plan.marginals.size(); ++m) {
      const Marginal& fine = plan.marginals[m];
      if (coarse.measure != fine.measure ||
          !IsWithin(DimensionsOf(coarse), DimensionsOf(fine)) ||
          !ShowsAllCells(plan, fine, preview.marginals[m])) {
        continue;
      }
      warnings.push_back(absl::StrFormat(
          "Table %s is a sum of cells of table %s, which are all likely to be "
          "shown if a third of the members take part: its share of the privacy "
          "loss may be better spent on the rest.",
          coarse.id, fine.id));
      break;
    }
  }
}

// Every choice of some of `dimensions` but not all, the smallest first.
std::vector<Dimensions> CoarserThan(
    const std::vector<std::string>& dimensions) {
  std::vector<Dimensions> coarser;
  for (size_t chosen = 0; chosen + 1 < (size_t{1} << dimensions.size());
       ++chosen) {
    Dimensions some;
    for (size_t d = 0; d < dimensions.size(); ++d) {
      if ((chosen >> d & 1) != 0) {
        some.insert(dimensions[d]);
      }
    }
    coarser.push_back(std::move(some));
  }
  std::stable_sort(
      coarser.begin(), coarser.end(),
      [](const auto& a, const auto& b) { return a.size() < b.size(); });
  return coarser;
}

// The totals of a measure that only a sum of cells could give, in the order of
// the tables that they would be sums of.
std::vector<Dimensions> TotalsMissing(const Plan& plan,
                                      const Measure& measure) {
  std::vector<Dimensions> known;
  for (const Marginal& marginal : plan.marginals) {
    if (marginal.measure == measure.id) {
      known.push_back(DimensionsOf(marginal));
    }
  }
  std::vector<Dimensions> missing;
  for (const Marginal& marginal : plan.marginals) {
    if (marginal.measure != measure.id || marginal.by.size() > kMostCrossed) {
      continue;
    }
    for (Dimensions& total : CoarserThan(marginal.by)) {
      if (std::find(known.begin(), known.end(), total) == known.end()) {
        known.push_back(total);
        missing.push_back(std::move(total));
      }
    }
  }
  return missing;
}

void WarnOfTotals(const Plan& plan, std::vector<std::string>& warnings) {
  for (const Measure& measure : plan.measures) {
    const std::vector<Dimensions> missing = TotalsMissing(plan, measure);
    if (missing.empty()) {
      continue;
    }
    const std::string names = absl::StrJoin(
        missing, ", ", [](std::string* out, const Dimensions& total) {
          absl::StrAppend(out, total.empty() ? "of everybody" : "by ",
                          absl::StrJoin(total, " and "),
                          total.size() == 1 ? " alone" : "");
        });
    warnings.push_back(absl::StrFormat(
        "No table of %s %s: such a total could only be a sum of the cells of a "
        "finer table, and is withheld as soon as one of them is. Add the "
        "tables that will be asked for: large groups need little loss.",
        measure.id, names));
  }
}

// Whether bins are set aside for single rates.
bool HasNarrowBins(const std::vector<int64_t>& edges, double mean_width) {
  for (size_t j = 0; j + 1 < edges.size(); ++j) {
    if (std::log(static_cast<double>(edges[j + 1]) /
                 static_cast<double>(edges[j])) < kNarrow * mean_width) {
      return true;
    }
  }
  return false;
}

void WarnOfGrid(const Plan& plan, std::vector<std::string>& warnings) {
  for (const Measure& measure : plan.measures) {
    const std::vector<int64_t>& edges = measure.inner_edges;
    if (edges.size() < 2) {
      continue;
    }
    const double width = std::log(static_cast<double>(edges.back()) /
                                  static_cast<double>(edges.front())) /
                         static_cast<double>(edges.size() - 1);
    if (width > kWideBin && !HasNarrowBins(edges, width)) {
      warnings.push_back(absl::StrFormat(
          "Bins of %s are %.0f %% wide on average, and no interval is narrower "
          "than a bin: use more bins, a narrower range, or edges at the rates "
          "that matter.",
          measure.id, std::expm1(width) * 100));
    }
  }
}

}  // namespace

std::vector<std::string> FindWarnings(const Plan& plan,
                                      const PlanPreview& preview) {
  std::vector<std::string> warnings;
  for (size_t m = 0; m < plan.marginals.size(); ++m) {
    WarnOfSize(plan, m, preview.marginals[m], warnings);
    for (const GroupForecast& group : preview.marginals[m].groups) {
      if (group.n == 100 && group.chance_shown < kLikelyShown) {
        warnings.push_back(absl::StrFormat(
            "Table %s: a group of 100 would be shown in %.0f of 100 cases "
            "only. Fewer tables, or more loss for this one, would show more.",
            plan.marginals[m].id, group.chance_shown * 100));
      }
    }
  }
  WarnOfTotals(plan, warnings);
  WarnOfSums(plan, preview, warnings);
  WarnOfGrid(plan, warnings);
  if (preview.rounds_under_cap == 1) {
    warnings.emplace_back(
        "The survey's cap allows one round such as this and no second one.");
  }
  AppendWeakProtection(preview.best_guess, preview.best_guess_under_cap,
                       preview.rounds_under_cap, warnings);
  return warnings;
}

}  // namespace commonwage::privacy::forecast
