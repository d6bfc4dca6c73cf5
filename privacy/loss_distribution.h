// SPDX-License-Identifier: Apache-2.0
// How well two cases can be told apart by what is published, exactly where it
// can be and otherwise on the safe side: the privacy-loss distribution. It
// explains a plan and spends nothing.
//
// Noise that one person's answer shifts by 1 follows one of two laws, P or Q,
// and the loss of an outcome is l = ln(P / Q). Shifted by 1, both of our laws
// have losses on a lattice, and as P is Q mirrored, the loss l under P is as
// likely as -l under Q. So weights
//   w(l) = sqrt(P Q), with P = w(l) e^(l/2) and Q = w(l) e^(-l/2)
// say all about such a pair, w(-l) = w(l), and
//   * two independent pairs together have the convolution of their weights;
//   * what P and Q have in common is Overlap() = sum of w(l) e^(-|l|/2);
//   * the best guess between P and Q is right in 1 - Overlap() / 2 of cases.
// All losses are whole millionths, so a lattice is a whole number too.
//
// Lattices that do not match are put on a common grid. An outcome of loss l
// between two grid points a and b = a + h becomes two, of weights
//   w sinh((b - l)/2) / sinh(h/2) and w sinh((l - a)/2) / sinh(h/2),
// which keeps its chance under P and under Q. Whoever is told which of the two
// it was knows no less than before: splitting never makes the guess worse. Nor
// does dropping an outcome, which Overlap() then misses. All numbers are
// positive, so that rounding is a small relative error; it is added up along
// the way, and Overlap() takes it against us. The grids are so fine that all of
// this together adds less than 0.00001 to a share, over up to a million rounds
// (tests/privacy/independent_accounting.py measures it).

#ifndef COMMONWAGE_PRIVACY_LOSS_DISTRIBUTION_H_
#define COMMONWAGE_PRIVACY_LOSS_DISTRIBUTION_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace commonwage::privacy {

class LossDistribution {
 public:
  // Nothing is published: one outcome, of loss 0.
  LossDistribution() = default;

  // One node with discrete Gaussian noise of sigma^2 = 500000 / micro_rho. The
  // losses are odd multiples of micro_rho millionths. Needs 1 <= micro_rho <=
  // kMaxMicroRho.
  static LossDistribution OfGaussian(int64_t micro_rho);

  // One node with discrete Laplace noise of scale 1000000 / micro_epsilon. The
  // loss is plus or minus micro_epsilon millionths. Needs 1 <= micro_epsilon <=
  // kMaxMicroEpsilon.
  static LossDistribution OfLaplace(int64_t micro_epsilon);

  // Returns the distribution of two independent parts together.
  [[nodiscard]] LossDistribution With(const LossDistribution& other) const;

  // Returns the distribution of `count` independent parts such as this one, for
  // count >= 0.
  [[nodiscard]] LossDistribution Times(int64_t count) const;

  // Returns the distribution of all `parts` together, the small ones first, so
  // that each is put on a grid of its own size.
  static LossDistribution OfAll(std::vector<LossDistribution> parts);

  // Returns what P and Q have in common, 0 to 1, never more than it is. The
  // best possible guess between them, equally likely, is right in 1 - Overlap()
  // / 2 of cases.
  [[nodiscard]] double Overlap() const;

  // Returns a bound on the losses that are kept, in millionths.
  [[nodiscard]] int64_t MicroReach() const {
    return micro_step_ * static_cast<int64_t>(weights_.size());
  }

 private:
  LossDistribution(int64_t micro_step, std::vector<double> weights,
                   double error)
      : micro_step_(micro_step), weights_(std::move(weights)), error_(error) {}

  // Drops the largest losses while what P and Q have in common there is
  // negligible.
  void Trim();
  // Makes the grid coarser until it has at most `max_steps` steps.
  void Fit(size_t max_steps);
  [[nodiscard]] LossDistribution With(const LossDistribution& other,
                                      size_t max_steps) const;
  [[nodiscard]] LossDistribution OnGrid(int64_t micro_step) const;

  // Weight of the losses j and -j steps, for j = 0, 1, ...
  int64_t micro_step_ = 1;
  std::vector<double> weights_ = {1};
  // By how much of itself a weight may be too large, from rounding.
  double error_ = 0;
};

}  // namespace commonwage::privacy

#endif  // COMMONWAGE_PRIVACY_LOSS_DISTRIBUTION_H_
