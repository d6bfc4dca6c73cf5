// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/selection.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"

namespace commonwage::privacy::estimate {
namespace {

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

}  // namespace

absl::Status FaultyRequest(const std::vector<Fault>& faults) {
  return RefusalOfFields(absl::StatusCode::kInvalidArgument, "REQUEST_FAULTY",
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
  for (size_t m = 0; m < plan.marginals.size(); ++m) {
    const Marginal& marginal = plan.marginals[m];
    if (marginal.measure == meant->id &&
        std::set<std::string>(marginal.by.begin(), marginal.by.end()) ==
            wanted) {
      return m;
    }
  }
  return RefusalOfFields(
      absl::StatusCode::kNotFound, "NO_SUCH_MARGINAL",
      "The round publishes no table of this measure by exactly these "
      "dimensions; its plan lists the tables it has.",
      {{"by", "Must be the dimensions of one of the plan's tables."}});
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
              absl::StatusCode::kNotFound, "UNKNOWN_CELL",
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
