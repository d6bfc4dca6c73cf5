// SPDX-License-Identifier: Apache-2.0
// Made worlds of pay whose true figures are known exactly, to see whether
// intervals hold: smooth pay, and pay heaped at round or agreed rates.

#ifndef COMMONWAGE_TESTS_STATISTICAL_COVERAGE_WORLD_H_
#define COMMONWAGE_TESTS_STATISTICAL_COVERAGE_WORLD_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace commonwage::testing {

// Log-normal pay, a part of which is replaced by heaps at single rates. In
// minor units, 2000 being 20.00 an hour.
class WageWorld {
 public:
  // Log-normal alone; `log_sd` is the standard deviation of the logarithm.
  WageWorld(std::string name, double median, double log_sd);

  // The same with heaps: (rate, share of all workers), shares below 1 in all.
  static WageWorld WithHeaps(std::string name, double median, double log_sd,
                             std::vector<std::pair<double, double>> heaps);

  // The same, a share of the workers having their pay rounded to a multiple of
  // `unit`.
  static WageWorld Rounded(std::string name, double median, double log_sd,
                           double unit, double share);

  const std::string& name() const { return name_; }

  // Share of workers paid less than `wage`.
  double ShareBelow(double wage) const;

  // The least wage that a share p of workers is paid at most.
  double Quantile(double p) const;

  // Mean between the 10 % and the 90 % quantile.
  double TrimmedMean() const;

  // Share of workers per bin of a grid, first and last open.
  std::vector<double> BinShares(const std::vector<int64_t>& inner_edges) const;

 private:
  // Share of workers paid at most `wage`.
  double ShareUpTo(double wage) const;
  void SetHeaps(std::vector<std::pair<double, double>> heaps);

  std::string name_;
  double log_median_;
  double log_sd_;
  double smooth_share_ = 1;
  std::vector<std::pair<double, double>> heaps_;  // By rate, increasing.
  std::vector<double> heaps_below_ = {0};         // Running sums.
};

// Inner edges of a grid of `bins` bins from `low` to `high`, even in log wage.
std::vector<int64_t> EvenEdges(int64_t low, int64_t high, int64_t bins);

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_STATISTICAL_COVERAGE_WORLD_H_
