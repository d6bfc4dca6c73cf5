// SPDX-License-Identifier: Apache-2.0
// From what a plan spends on a level to the noise that the level gets.

#ifndef COMMONWAGE_PRIVACY_NOISE_TERMS_H_
#define COMMONWAGE_PRIVACY_NOISE_TERMS_H_

#include <vector>

#include "privacy/noise_law.h"
#include "survey/plan/plan.h"
#include "survey/text/fraction.h"

namespace commonwage::privacy {

// Returns the noise of each level of `marginal`, root first, as reduced exact
// fractions: sigma^2 = 500000 / micro_rho for the discrete Gaussian, the scale
// 1000000 / micro_epsilon for the discrete Laplace. Adding or removing one
// person changes one node of each level by one, so this is the noise for which
// the level costs exactly what the plan says. Needs positive losses, which
// ParsePlan has made sure of. Spends nothing.
std::vector<Fraction> NoisePerLevel(const Marginal& marginal);

// As above, each with the marginal's mechanism.
std::vector<NoiseLaw> LawPerLevel(const Marginal& marginal);

}  // namespace commonwage::privacy

#endif  // COMMONWAGE_PRIVACY_NOISE_TERMS_H_
