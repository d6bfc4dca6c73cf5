// SPDX-License-Identifier: Apache-2.0
#include "privacy/noise/tally.h"

#include <optional>

#include "base/check.h"
#include "base/error.h"
#include "survey/cells.h"

namespace commonwage::privacy::noise {
namespace {

absl::Status TooManyAnswers() {
  return Refusal(Reason::kTooManyAnswers,
                 "A round can hold no more answers than 2147483647.");
}

}  // namespace

Tally::Tally(const Plan& plan) : shape_(ShapeOf(plan)) {
  for (const MarginalShape& marginal : shape_.marginals) {
    counts_.emplace_back(marginal.cells * marginal.bins, 0);
  }
}

absl::Status Tally::Add(const Answer& answer) {
  if (!IsAnswerOfPlan(answer)) {
    return Refusal(Reason::kAnswerMalformed,
                   "The answer does not fit the plan.");
  }
  if (answers_ == kMaxAnswers) {
    return TooManyAnswers();
  }
  for (size_t i = 0; i < counts_.size(); ++i) {
    const MarginalShape& marginal = shape_.marginals[i];
    size_t cell = 0;
    for (size_t j = 0; j < marginal.dimension_indexes.size(); ++j) {
      cell = cell * marginal.value_counts[j] +
             answer.value_indexes[marginal.dimension_indexes[j]];
    }
    const size_t bin = BinOf(shape_.measures[marginal.measure],
                             answer.minor_units[marginal.measure]);
    // No count exceeds answers_, so none can overflow.
    ++counts_[i][cell * marginal.bins + bin];
  }
  ++answers_;
  return absl::OkStatus();
}

absl::Status Tally::Merge(const Tally& other) {
  if (!(shape_ == other.shape_)) {
    return Refusal(Reason::kTallyMismatch,
                   "Counts of two different plans cannot be added.");
  }
  if (other.answers_ > kMaxAnswers - answers_) {
    return TooManyAnswers();
  }
  for (size_t i = 0; i < counts_.size(); ++i) {
    for (size_t j = 0; j < counts_[i].size(); ++j) {
      counts_[i][j] += other.counts_[i][j];
    }
  }
  answers_ += other.answers_;
  return absl::OkStatus();
}

bool Tally::Fits(const Plan& plan) const { return shape_ == ShapeOf(plan); }

absl::Span<const int64_t> Tally::BinCounts(size_t marginal, size_t cell) const {
  const size_t bins = shape_.marginals[marginal].bins;
  return absl::MakeConstSpan(counts_[marginal]).subspan(cell * bins, bins);
}

Tally::Shape Tally::ShapeOf(const Plan& plan) {
  Shape shape;
  for (const Dimension& dimension : plan.dimensions) {
    shape.value_counts.push_back(dimension.values.size());
  }
  shape.measures = plan.measures;
  for (const Marginal& marginal : plan.marginals) {
    const std::optional<size_t> measure = MeasureIndex(plan, marginal.measure);
    COMMONWAGE_CHECK(measure.has_value());
    const CellSpace cells(plan, marginal);
    shape.marginals.push_back({cells.dimension_indexes(), cells.value_counts(),
                               *measure, cells.size(),
                               BinCount(plan.measures[*measure])});
  }
  return shape;
}

bool Tally::IsAnswerOfPlan(const Answer& answer) const {
  if (answer.value_indexes.size() != shape_.value_counts.size() ||
      answer.minor_units.size() != shape_.measures.size()) {
    return false;
  }
  for (size_t i = 0; i < shape_.value_counts.size(); ++i) {
    if (answer.value_indexes[i] >= shape_.value_counts[i]) {
      return false;
    }
  }
  return true;
}

}  // namespace commonwage::privacy::noise
