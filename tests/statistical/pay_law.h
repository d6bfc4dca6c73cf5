// SPDX-License-Identifier: Apache-2.0
// Pay as a finite list of rates and who is paid them, so that every true figure
// is exact: scales of steps, rounded pay, a floor, smooth pay; all of them
// movable against a grid.

#ifndef COMMONWAGE_TESTS_STATISTICAL_PAY_LAW_H_
#define COMMONWAGE_TESTS_STATISTICAL_PAY_LAW_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace commonwage::testing {

// Immutable. Rates in minor units, whole.
class PayLaw {
 public:
  // Of each rate (rounded to a whole one, at least 1) the part of the workers
  // who are paid it; the parts need not add up to 1.
  PayLaw(std::string name, const std::vector<std::pair<double, double>>& rates);

  const std::string& name() const { return name_; }

  // Share of workers paid less than `rate`.
  double ShareBelow(int64_t rate) const;

  // The least rate that a share p of workers is paid at most, 0 < p < 1.
  int64_t Quantile(double p) const;

  // Mean between the 10 % and the 90 % quantile.
  double TrimmedMean() const;

  // Share of workers per bin of a grid, first and last open.
  std::vector<double> BinShares(const std::vector<int64_t>& inner_edges) const;

 private:
  std::string name_;
  std::vector<int64_t> rates_;  // Increasing.
  std::vector<double> up_to_;   // Share paid this rate or less.
};

// The kinds of pay that a study tries, around the rate `centre`:
//   smooth (log-normal, log sd 0.4); scales of 1, 2, 3, 5, 8, 12 and 20 steps
//   7 % apart (20 steps: 3.5 %), the middle ones held by most; eight steps with
//   a fifth of the workers anywhere; pay rounded to about 0.85 %, 1.7 % and
//   8.5 % of the centre (500, 1,000 and 5,000 of 59,000); 35 % on a floor and
//   nobody below it.
std::vector<PayLaw> PayLawsAround(double centre);

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_STATISTICAL_PAY_LAW_H_
