// SPDX-License-Identifier: Apache-2.0
// The exact counts of a round: how many answers fall into each pay bin of each
// cell of each marginal. The last place where the truth is a number; it leaves
// only through release_round.h.

#ifndef COMMONWAGE_PRIVACY_NOISE_TALLY_H_
#define COMMONWAGE_PRIVACY_NOISE_TALLY_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"

#include "survey/answer.h"
#include "survey/plan/plan.h"

namespace commonwage::privacy::noise {

// Counts answers under one plan. Its memory depends on the plan alone. Not
// thread-safe: give each thread its own and Merge them.
//
// The proof of the release counts on this: an answer adds one to exactly one
// bin of exactly one cell of each marginal, so to one node of each level.
class Tally {
 public:
  // More answers than this are refused, so that no sum can overflow.
  static constexpr int64_t kMaxAnswers = (int64_t{1} << 31) - 1;

  // An empty tally. Needs a plan that ParsePlan accepted, which bounds its
  // memory; the plan is not kept.
  explicit Tally(const Plan& plan);

  // Counts `answer` once. Pay outside the grid falls into its first or last
  // bin. Fails, and changes nothing, with INVALID_ARGUMENT (ANSWER_MALFORMED)
  // if the answer is not one of this plan, and with RESOURCE_EXHAUSTED
  // (TOO_MANY_ANSWERS) beyond kMaxAnswers.
  absl::Status Add(const Answer& answer);

  // Adds all that `other` counted. Fails, and changes nothing, with
  // INVALID_ARGUMENT (TALLY_MISMATCH) if it was made for cells or bins of
  // another shape, and with RESOURCE_EXHAUSTED as Add.
  absl::Status Merge(const Tally& other);

  // Returns whether this was made for a plan of the shape of `plan`.
  bool Fits(const Plan& plan) const;

  // How many answers were counted. Reveals an exact count of people: for the
  // steward's own report, never for anything public.
  int64_t answers() const { return answers_; }

  // Returns the counts per bin of a cell, lowest bin first. Exact counts of
  // people; see above. Needs indexes within the plan.
  absl::Span<const int64_t> BinCounts(size_t marginal, size_t cell) const;

 private:
  // Where an answer is counted in one marginal.
  struct MarginalShape {
    std::vector<size_t> dimension_indexes;  // Into the answer, as in `by`.
    std::vector<size_t> value_counts;       // Of these dimensions.
    size_t measure = 0;                     // Index into the answer.
    size_t cells = 0;
    size_t bins = 0;

    friend bool operator==(const MarginalShape&,
                           const MarginalShape&) = default;
  };

  // What two plans must share for their counts to mean the same.
  struct Shape {
    std::vector<size_t> value_counts;  // Of every dimension of the plan.
    std::vector<Measure> measures;
    std::vector<MarginalShape> marginals;

    friend bool operator==(const Shape&, const Shape&) = default;
  };

  static Shape ShapeOf(const Plan& plan);
  // Whether the answer has this plan's dimensions and measures.
  bool IsAnswerOfPlan(const Answer& answer) const;

  Shape shape_;
  std::vector<std::vector<int64_t>> counts_;  // Cell by cell, bin by bin.
  int64_t answers_ = 0;
};

}  // namespace commonwage::privacy::noise

#endif  // COMMONWAGE_PRIVACY_NOISE_TALLY_H_
