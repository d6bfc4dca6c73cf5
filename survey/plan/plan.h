// SPDX-License-Identifier: Apache-2.0
// The plan: what a round asks and what it will publish, all of it public. A
// Plan that came from ParsePlan is within every limit below; one that was built
// by hand can be checked by ParsePlan(WritePlan(plan)).

#ifndef COMMONWAGE_SURVEY_PLAN_PLAN_H_
#define COMMONWAGE_SURVEY_PLAN_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "survey/questions/pay_period.h"
#include "survey/text/fraction.h"

namespace commonwage {

// A closed public list of values, of which an answer names one.
struct Dimension {
  std::string id;
  std::vector<std::string> values;
  // Optional: the value that the others are usually compared with.
  std::string base = {};

  friend bool operator==(const Dimension&, const Dimension&) = default;
};

// How pay is taken to lie inside the bins of one end of a grid: there the
// density of its logarithm falls as exp(-index * distance from `from`). Above
// `from` that is Pareto's law. It is stated before anybody has answered.
struct Tail {
  int64_t from = 0;         // Minor units; one of the measure's inner edges.
  int64_t micro_index = 0;  // The index in 1e-6: 1 to kMaxMicroIndex.

  friend bool operator==(const Tail&, const Tail&) = default;
};

// A kind of pay on a public grid. With K - 1 inner edges there are K bins; bin
// i is [edge i-1, edge i), and the first and the last are open-ended. Inside a
// bin that no tail reaches pay is taken to be even in its logarithm.
struct Measure {
  std::string id;
  std::string currency;  // ISO 4217, such as "EUR".
  PayPeriod period = PayPeriod::kHour;
  int minor_unit_exponent = 0;       // 2: amounts are in hundredths.
  std::vector<int64_t> inner_edges;  // Minor units, strictly increasing.
  // Optional: the steps of a public pay scale, strictly increasing. Each, s,
  // has a bin of its own: s and s + 1 are inner edges.
  std::vector<int64_t> steps = {};
  std::optional<Tail> upper_tail = {};  // In the bins from its `from` on.
  std::optional<Tail> lower_tail = {};  // In the bins below its `from`.

  friend bool operator==(const Measure&, const Measure&) = default;
};

enum class Mechanism { kDiscreteGaussian, kDiscreteLaplace };

// A measure tabulated by some dimensions: per cell a tree of counts.
struct Marginal {
  std::string id;
  std::string measure;
  // Dimension ids; the last varies fastest. None: one cell, of everybody.
  std::vector<std::string> by;
  Mechanism mechanism = Mechanism::kDiscreteGaussian;
  std::vector<int64_t> fanouts;  // Root first; the product is the bin count.
  // Privacy loss of each level in 1e-6, root first, fanouts.size() + 1 entries:
  // micro-rho for the Gaussian, micro-epsilon for the Laplace mechanism.
  std::vector<int64_t> micro_loss_per_level;

  friend bool operator==(const Marginal&, const Marginal&) = default;
};

// A text for people, in one language: of a dimension or measure, or, with
// `value`, of one value of a dimension, or of the survey itself.
struct Label {
  std::string id;
  std::string value;     // Empty unless one value is meant.
  std::string language;  // BCP 47, such as "en" or "pt-BR".
  std::string text;

  friend bool operator==(const Label&, const Label&) = default;
};

// A named rate that is an edge of a measure's grid, such as a minimum wage.
struct Anchor {
  std::string id;
  std::string measure;
  int64_t edge = 0;  // Minor units; one of the measure's inner edges.

  friend bool operator==(const Anchor&, const Anchor&) = default;
};

// How many members are known from public figures to have a value.
struct PopulationTotal {
  std::string dimension;
  std::string value;
  int64_t members = 0;

  friend bool operator==(const PopulationTotal&,
                         const PopulationTotal&) = default;
};

struct Plan {
  std::string survey;
  std::string round;
  absl::Time opens_at;
  absl::Time closes_at;
  std::vector<Dimension> dimensions;
  std::vector<Measure> measures;
  int64_t k = 0;                     // Fewest answers of a released cell.
  std::string threshold_delta;       // Decimal, per marginal, such as "1e-7".
  int64_t survey_cap_micro_rho = 0;  // Over all rounds of the survey.
  std::vector<Marginal> marginals;
  std::vector<Label> labels;                // Optional.
  std::vector<Anchor> anchors;              // Optional.
  std::vector<PopulationTotal> population;  // Optional.

  friend bool operator==(const Plan&, const Plan&) = default;
};

// Limits that ParsePlan enforces.
inline constexpr size_t kMaxPlanBytes = size_t{1} << 20;
inline constexpr size_t kMaxDimensions = 32;
inline constexpr size_t kMaxValuesPerDimension = 4096;
inline constexpr size_t kMaxMeasures = 16;
inline constexpr size_t kMaxMarginals = 64;
inline constexpr size_t kMinBins = 8;
inline constexpr size_t kMaxBins = 256;
inline constexpr int64_t kMaxMinorUnits = 1'000'000'000'000'000;
inline constexpr int64_t kMinK = 2;
inline constexpr int64_t kMaxK = 1'000'000;
inline constexpr int kMaxMinorUnitExponent = 4;
inline constexpr int64_t kMaxMicroIndex = 100'000'000;
// A release holds every node twice while it is drawn, exact and noisy: 128 MB
// at this many nodes.
inline constexpr int64_t kMaxCellsPerMarginal = 100'000;
inline constexpr int64_t kMaxNodesPerPlan = 8'000'000;
// The width proof of the Gaussian sampler: it computes with micro-rho as a
// denominator in 128 bits and needs it below 2^20.
inline constexpr int64_t kMaxMicroRho = int64_t{1} << 20;
// At epsilon 16.8 per level the Laplace noise is 0 except in one draw of ten
// million: more protects nobody. Squares are at most 2^48, so that the
// accounting of a plan (epsilon^2 / 2 per level) fits 64 bits.
inline constexpr int64_t kMaxMicroEpsilon = int64_t{1} << 24;

// Returns "<survey>.<round>".
std::string RoundIdOf(const Plan& plan);

// Returns the number of bins, K.
size_t BinCount(const Measure& measure);

// Returns the bin of an amount. Amounts beyond the grid are in the end bins.
size_t BinOf(const Measure& measure, int64_t minor_units);

// Returns the exact noise of each level, root first, in lowest terms: the
// variance parameter sigma^2 = 500000 / micro-rho (Gaussian), or the scale
// b = 1000000 / micro-epsilon (Laplace).
std::vector<Fraction> NoiseOf(const Marginal& marginal);

// Return what has the ID, or null, or nullopt.
const Measure* FindMeasure(const Plan& plan, absl::string_view id);
const Dimension* FindDimension(const Plan& plan, absl::string_view id);
std::optional<size_t> MeasureIndex(const Plan& plan, absl::string_view id);
std::optional<size_t> DimensionIndex(const Plan& plan, absl::string_view id);
std::optional<size_t> ValueIndex(const Dimension& dimension,
                                 absl::string_view value);

// Returns the name that plans use, such as "DISCRETE_GAUSSIAN".
absl::string_view NameOf(Mechanism mechanism);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_PLAN_PLAN_H_
