// SPDX-License-Identifier: Apache-2.0
// What can be asked of a release.
//
// How a request is read:
//  * `by` names the dimensions of the table, and the marginal with exactly
//    these dimensions (in any order) and this measure is used. If a plan has
//    two such marginals the first in plan order is used.
//  * `where` keeps only the listed values of a dimension of `by`.
//  * `add` names dimensions of `by` over which cells are added up: all the
//    values that `where` leaves are taken together as one. Nothing is added
//    unless it is listed here.
//  * A sum is withheld as soon as one of its parts is withheld. The parts that
//    are shown would be another, selected group of workers, and calling their
//    sum by the name of the whole would be a wrong number. Its variance is
//    the sum of the parts' variances.
//    Where the whole of a dimension is added up the answer names the table that
//    would have had the sum as a cell of its own (CoarserTable).
//  * A withheld cell is a value, not an error, and all withheld cells are
//    alike: it does not say whether nobody, a few, or just too few answered.

#ifndef COMMONWAGE_PRIVACY_ESTIMATE_REQUEST_H_
#define COMMONWAGE_PRIVACY_ESTIMATE_REQUEST_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace commonwage::privacy::estimate {

// Dimension id -> values. An absent dimension, or an empty list, means all.
using ValuesByDimension = std::map<std::string, std::vector<std::string>>;

struct SummaryRequest {
  std::string measure;          // Empty: the plan's only measure.
  std::vector<std::string> by;  // Dimension ids; empty: all workers together.
  ValuesByDimension where;
  std::vector<std::string> add;

  // The statistics. If none is asked for: count and quartiles.
  bool count = false;
  std::vector<double> quantiles;      // Each in (0, 1); at most 32.
  bool histogram = false;             // Share of workers per bin of the grid.
  bool trimmed_mean = false;          // Mean of the middle 80 %, 10 to 90 %.
  std::vector<int64_t> shares_below;  // Rates in minor units, > 0; at most 32.

  // Draws quantiles of small cells toward what other cells say of them, where
  // that helps (modelled_quantiles.h). Other cells, and cells that are added
  // up, stay as they are.
  bool modelled = false;
  // Widens the intervals so that all that the answer has hold at once
  // (Bonferroni): those of every statistic asked for in every shown cell. For
  // rankings: fewer statistics, narrower intervals. Not with `modelled`.
  bool simultaneous = false;
};

// Compares the quantile `p` of a group with that of another, its base: two
// disjoint cells of one marginal.
struct CompareRequest {
  std::string measure;          // Empty: the plan's only measure.
  std::vector<std::string> by;  // Names the marginal, as above.
  ValuesByDimension a;          // Several values (or none): added up.
  // A dimension that it does not list has the values of `a`. If it lists none
  // at all, the base is that of the plan: `a` with the usual base of the one
  // dimension whose usual base `a` leaves out.
  ValuesByDimension base;
  double p = 0.5;  // In (0, 1).
};

// Follows the quantile `p` of one cell over the rounds of a survey.
struct TrendRequest {
  std::string measure;
  std::vector<std::string> by;
  ValuesByDimension where;  // Several values (or none): added up.
  double p = 0.5;
};

}  // namespace commonwage::privacy::estimate

#endif  // COMMONWAGE_PRIVACY_ESTIMATE_REQUEST_H_
