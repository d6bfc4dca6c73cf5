// SPDX-License-Identifier: Apache-2.0
// The public pay grid of a measure, on the logarithmic scale on which wages are
// interpolated: half-way between 20 and 30 is 24.5.
//
// Where inside a bin people are paid is not released, so a plan says before
// anybody has answered how they are taken to be spread there: evenly in log
// pay, or along a power law toward the ends (a Pareto tail), or all at the
// bin's left edge where that is a step of a public pay scale. These laws place
// a value inside its bin and nothing else: no interval leans on them, and no
// budget is spent.

#ifndef COMMONWAGE_PRIVACY_MODEL_PAY_GRID_H_
#define COMMONWAGE_PRIVACY_MODEL_PAY_GRID_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"

#include "survey/plan/plan.h"

namespace commonwage::privacy::model {

// A power law over the bins at one end of a grid: above `from` the density of
// log pay u is proportional to exp(-index u), the Pareto law; below `from`, at
// the other end, to exp(index u).
struct TailLaw {
  int64_t from = 0;  // Minor units; an inner edge.
  double index = 0;  // > 0.
};

// What a plan says of a grid besides its edges.
struct BinLaws {
  std::vector<int64_t> steps = {};  // Left edges of bins one minor unit wide.
  std::optional<TailLaw> lower = std::nullopt;
  std::optional<TailLaw> upper = std::nullopt;
};

// With K - 1 inner edges there are K bins. Bin b lies between edges b and
// b + 1; edges 1 to K - 1 exist, so bin 0 is open below and bin K - 1 above.
class PayGrid {
 public:
  // Needs one edge at least, increasing, all > 0; steps and the ends of tails
  // must be edges.
  explicit PayGrid(absl::Span<const int64_t> inner_edges,
                   const BinLaws& laws = {});

  // The grid of a plan's measure, with the laws that the plan states.
  explicit PayGrid(const Measure& measure);

  size_t bins() const { return log_edges_.size(); }

  // The edge in minor units, and its natural logarithm. 1 <= j < bins().
  double Edge(size_t j) const { return edges_[j]; }
  double LogEdge(size_t j) const { return log_edges_[j]; }

  // Width of an inner bin in logarithm. 1 <= b < bins() - 1.
  double LogWidth(size_t b) const { return log_edges_[b + 1] - log_edges_[b]; }

  // Whether bin b is open on one side.
  bool IsOpen(size_t b) const { return b == 0 || b + 1 >= bins(); }

  // Whether bin b holds a step of a public pay scale, its left edge.
  bool IsStep(size_t b) const { return is_step_[b]; }

  // The logarithm of the pay below which the part `part` of bin b's people is,
  // 0 <= part <= 1; nullopt in an open bin for which the plan states no law,
  // and at the end that is open.
  std::optional<double> LogPayAt(size_t b, double part) const;

  // The part of bin b's people who are paid less than exp(log_pay), which must
  // be inside it; nullopt in an open bin without a law.
  std::optional<double> PartBelow(size_t b, double log_pay) const;

  // The mean of pay^power in minor units, power 1 or 2, over the people of bin
  // b between the parts `from` and `to`, 0 <= from <= to <= 1. In an open bin
  // without a law, and where the slice has no far end, that of the bin's one
  // edge.
  double MomentOf(size_t b, double from, double to, int power) const;

 private:
  bool HasLaw(size_t b) const { return !IsOpen(b) || tilts_[b] != 0; }

  std::vector<double> edges_;  // [0] is unused, in both.
  std::vector<double> log_edges_;
  std::vector<bool> is_step_;
  std::vector<double> tilts_;  // Density in bin b ~ exp(tilt u).
};

}  // namespace commonwage::privacy::model

#endif  // COMMONWAGE_PRIVACY_MODEL_PAY_GRID_H_
