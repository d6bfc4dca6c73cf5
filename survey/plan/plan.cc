// SPDX-License-Identifier: Apache-2.0
#include "survey/plan/plan.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "survey/text/fraction.h"

namespace commonwage {
namespace {

template <typename Item>
std::optional<size_t> IndexById(const std::vector<Item>& items,
                                absl::string_view id) {
  const auto found = std::find_if(items.begin(), items.end(),
                                  [id](const Item& i) { return i.id == id; });
  if (found == items.end()) {
    return std::nullopt;
  }
  return static_cast<size_t>(std::distance(items.begin(), found));
}

template <typename Item>
const Item* FindById(const std::vector<Item>& items, absl::string_view id) {
  const std::optional<size_t> index = IndexById(items, id);
  return index.has_value() ? &items[*index] : nullptr;
}

}  // namespace

std::string RoundIdOf(const Plan& plan) {
  return absl::StrCat(plan.survey, ".", plan.round);
}

size_t BinCount(const Measure& measure) {
  return measure.inner_edges.size() + 1;
}

size_t BinOf(const Measure& measure, int64_t minor_units) {
  const auto& edges = measure.inner_edges;
  return static_cast<size_t>(
      std::distance(edges.begin(),
                    std::upper_bound(edges.begin(), edges.end(), minor_units)));
}

std::vector<Fraction> NoiseOf(const Marginal& marginal) {
  const int64_t numerator =
      marginal.mechanism == Mechanism::kDiscreteGaussian ? 500'000 : 1'000'000;
  std::vector<Fraction> noise;
  noise.reserve(marginal.micro_loss_per_level.size());
  for (const int64_t micro_loss : marginal.micro_loss_per_level) {
    noise.push_back(ReducedFraction(numerator, micro_loss));
  }
  return noise;
}

const Measure* FindMeasure(const Plan& plan, absl::string_view id) {
  return FindById(plan.measures, id);
}

const Dimension* FindDimension(const Plan& plan, absl::string_view id) {
  return FindById(plan.dimensions, id);
}

std::optional<size_t> MeasureIndex(const Plan& plan, absl::string_view id) {
  return IndexById(plan.measures, id);
}

std::optional<size_t> DimensionIndex(const Plan& plan, absl::string_view id) {
  return IndexById(plan.dimensions, id);
}

std::optional<size_t> ValueIndex(const Dimension& dimension,
                                 absl::string_view value) {
  const auto found =
      std::find(dimension.values.begin(), dimension.values.end(), value);
  if (found == dimension.values.end()) {
    return std::nullopt;
  }
  return static_cast<size_t>(std::distance(dimension.values.begin(), found));
}

absl::string_view NameOf(Mechanism mechanism) {
  switch (mechanism) {
    case Mechanism::kDiscreteGaussian:
      return "DISCRETE_GAUSSIAN";
    case Mechanism::kDiscreteLaplace:
      return "DISCRETE_LAPLACE";
  }
  return "";
}

}  // namespace commonwage
