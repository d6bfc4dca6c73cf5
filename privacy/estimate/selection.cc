// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/selection.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace commonwage::privacy::estimate {
namespace {

// A refusal stops naming after so many characters, so that it fits a status.
constexpr size_t kMaxNamesLength = 400;

// The measure that a request means, or a fault.
const Measure* MeasureMeant(const Plan& plan, const std::string& id,
                            std::vector<Fault>& faults) {
  if (!id.empty()) {
    const Measure* measure = FindMeasure(plan, id);
    if (measure == nullptr) {
      faults.push_back({"measure", "The round has no such measure."});
    }
    return measure;
  }
  if (plan.measures.size() == 1) {
    return &plan.measures.front();
  }
  faults.push_back(
      {"measure", "The round has several measures; name one of them."});
  return nullptr;
}

// A citation names measure and dimensions, so that they must mean one table.
// The first marginal of `measure` by exactly `by`, in any order.
std::optional<size_t> MarginalBy(const Plan& plan, const std::string& measure,
                                 const std::set<std::string>& by) {
  for (size_t m = 0; m < plan.marginals.size(); ++m) {
    const Marginal& marginal = plan.marginals[m];
    if (marginal.measure == measure &&
        std::set<std::string>(marginal.by.begin(), marginal.by.end()) == by) {
      return m;
    }
  }
  return std::nullopt;
}

// "by gender alone", "by gender and region", "of everybody together".
std::string TableInWords(absl::Span<const std::string> by) {
  if (by.empty()) {
    return "of everybody together";
  }
  const std::string names = absl::StrJoin(by, " and ");
  if (names.size() > kMaxNamesLength) {
    return absl::StrCat("by exactly these ", by.size(), " dimensions");
  }
  return absl::StrCat("by ", names, by.size() == 1 ? " alone" : "");
}

// The tables of `measure`, as many as fit.
std::string TablesInWords(const Plan& plan, const std::string& measure) {
  std::string named;
  size_t more = 0;
  for (const Marginal& marginal : plan.marginals) {
    if (marginal.measure != measure) {
      continue;
    }
    if (named.size() > kMaxNamesLength) {
      ++more;
      continue;
    }
    absl::StrAppend(&named, named.empty() ? "" : "; ",
                    TableInWords(marginal.by));
  }
  return more == 0 ? named : absl::StrCat(named, "; and ", more, " more");
}

// The first table of `measure` by `by` and as few more dimensions as there are.
const Marginal* FinerThan(const Plan& plan, const std::string& measure,
                          absl::Span<const std::string> by) {
  const Marginal* finer = nullptr;
  for (const Marginal& marginal : plan.marginals) {
    const bool has_all =
        marginal.measure == measure &&
        std::all_of(by.begin(), by.end(), [&marginal](const auto& id) {
          return std::find(marginal.by.begin(), marginal.by.end(), id) !=
                 marginal.by.end();
        });
    if (has_all &&
        (finer == nullptr || marginal.by.size() < finer->by.size())) {
      finer = &marginal;
    }
  }
  return finer;
}

// Repeats nothing but names of the plan, which is public.
absl::Status NoSuchMarginal(const Plan& plan, const std::string& measure,
                            absl::Span<const std::string> by) {
  std::string sentence = absl::StrCat("The round publishes no table ",
                                      TableInWords(by), " of this measure.");
  const std::string tables = TablesInWords(plan, measure);
  absl::StrAppend(&sentence, " It has ",
                  tables.empty() ? "none of it" : "tables ", tables, ".");
  const Marginal* const finer = FinerThan(plan, measure, by);
  if (finer != nullptr) {
    absl::StrAppend(&sentence, " Adding up the one ", TableInWords(finer->by),
                    " gives the same only where no part is withheld.");
  }
  return RefusalOfFields(
      Reason::kNoSuchMarginal, sentence,
      {{"by", "Must be the dimensions of one of the plan's tables."}});
}

}  // namespace

absl::Status FaultyRequest(const std::vector<Fault>& faults) {
  return RefusalOfFields(Reason::kRequestFaulty,
                         "The request has faults; see the fields.", faults);
}

void CheckQuantile(double p, const std::string& place,
                   std::vector<Fault>& faults) {
  if (!(p > 0 && p < 1)) {
    faults.push_back({place, "A quantile lies between 0 and 1, such as 0.5."});
  }
}

absl::StatusOr<size_t> FindMarginalBy(const Plan& plan,
                                      const std::string& measure,
                                      absl::Span<const std::string> by) {
  std::vector<Fault> faults;
  const Measure* const meant = MeasureMeant(plan, measure, faults);
  std::set<std::string> wanted;
  for (size_t i = 0; i < by.size(); ++i) {
    if (FindDimension(plan, by[i]) == nullptr) {
      faults.push_back(
          {absl::StrCat("by[", i, "]"), "The round has no such dimension."});
    } else if (!wanted.insert(by[i]).second) {
      faults.push_back(
          {absl::StrCat("by[", i, "]"), "The dimension is named twice."});
    }
  }
  if (!faults.empty()) {
    return FaultyRequest(faults);
  }
  const std::optional<size_t> index = MarginalBy(plan, meant->id, wanted);
  return index.has_value()
             ? absl::StatusOr<size_t>(*index)
             : absl::StatusOr<size_t>(NoSuchMarginal(plan, meant->id, by));
}

absl::StatusOr<ChosenValues> ChooseValues(const Plan& plan,
                                          const Marginal& marginal,
                                          const ValuesByDimension& where,
                                          const std::string& place) {
  for (const auto& [id, values] : where) {
    if (std::find(marginal.by.begin(), marginal.by.end(), id) ==
        marginal.by.end()) {
      return FaultyRequest(
          {{place, "It names a dimension that the table does not have."}});
    }
  }
  ChosenValues chosen;
  for (const std::string& id : marginal.by) {
    const Dimension& dimension = *FindDimension(plan, id);
    const auto asked = where.find(id);
    // A value that is named twice must not be counted twice.
    std::set<size_t> indexes;
    if (asked == where.end() || asked->second.empty()) {
      for (size_t v = 0; v < dimension.values.size(); ++v) {
        indexes.insert(v);
      }
    } else {
      for (size_t i = 0; i < asked->second.size(); ++i) {
        const std::optional<size_t> index =
            ValueIndex(dimension, asked->second[i]);
        if (!index.has_value()) {
          return RefusalOfFields(
              Reason::kUnknownCell,
              "A dimension has no such value; the round's plan lists the "
              "values.",
              {{absl::StrCat(place, ".", id, "[", i, "]"),
                "The dimension has no such value."}});
        }
        indexes.insert(*index);
      }
    }
    chosen.emplace_back(indexes.begin(), indexes.end());
  }
  return chosen;
}

absl::StatusOr<ValuesByDimension> ChooseBase(const Plan& plan,
                                             const Marginal& marginal,
                                             const ValuesByDimension& a,
                                             const ValuesByDimension& asked) {
  ValuesByDimension base = asked;
  bool lists_any = false;
  for (const auto& [id, values] : asked) {
    lists_any = lists_any || !values.empty();
  }
  size_t usual = 0;  // Dimensions whose usual base `a` leaves out.
  for (const std::string& id : marginal.by) {
    const auto of_a = a.find(id);
    std::vector<std::string>& values = base[id];
    if (of_a == a.end() || of_a->second.empty() || !values.empty()) {
      continue;
    }
    values = of_a->second;
    const std::string& usual_base = FindDimension(plan, id)->base;
    if (!lists_any && !usual_base.empty() &&
        std::find(values.begin(), values.end(), usual_base) == values.end()) {
      values = {usual_base};
      ++usual;
    }
  }
  // With two bases at once a gap would be of two differences together.
  if (lists_any || usual == 1) {
    return base;
  }
  return FaultyRequest(
      {{"base", usual == 0 ? "Name the group to compare with: the plan states "
                             "no usual base that the group leaves out."
                           : "Name the group to compare with: the plan states "
                             "several usual bases."}});
}

std::optional<CoarserTable> FindCoarserTable(const Plan& plan,
                                             const Marginal& marginal,
                                             const ChosenValues& chosen) {
  CoarserTable table;
  for (size_t d = 0; d < chosen.size(); ++d) {
    const size_t all = FindDimension(plan, marginal.by[d])->values.size();
    // A dimension of one value adds nothing up.
    if (all == 1 || chosen[d].size() < all) {
      table.by.push_back(marginal.by[d]);
    }
  }
  if (table.by.size() == marginal.by.size()) {
    return std::nullopt;
  }
  const std::optional<size_t> index =
      MarginalBy(plan, marginal.measure, {table.by.begin(), table.by.end()});
  if (index.has_value()) {
    table.marginal = plan.marginals[*index].id;
  }
  return table;
}

std::vector<size_t> CellsOf(const CellSpace& space,
                            const ChosenValues& chosen) {
  std::vector<size_t> cells = {0};
  for (size_t d = 0; d < chosen.size(); ++d) {
    std::vector<size_t> finer;
    finer.reserve(cells.size() * chosen[d].size());
    for (const size_t cell : cells) {
      for (const size_t value : chosen[d]) {
        finer.push_back(cell * space.value_counts()[d] + value);
      }
    }
    cells = std::move(finer);
  }
  return cells;
}

std::vector<std::vector<std::string>> NamesOf(const Plan& plan,
                                              const Marginal& marginal,
                                              const ChosenValues& chosen) {
  std::vector<std::vector<std::string>> names;
  for (size_t d = 0; d < chosen.size(); ++d) {
    const Dimension& dimension = *FindDimension(plan, marginal.by[d]);
    names.emplace_back();
    for (const size_t value : chosen[d]) {
      names.back().push_back(dimension.values[value]);
    }
  }
  return names;
}

}  // namespace commonwage::privacy::estimate
