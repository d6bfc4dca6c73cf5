// SPDX-License-Identifier: Apache-2.0
#include "privacy/noise_terms.h"

namespace commonwage::privacy {

std::vector<Fraction> NoisePerLevel(const Marginal& marginal) {
  return NoiseOf(marginal);
}

std::vector<NoiseLaw> LawPerLevel(const Marginal& marginal) {
  std::vector<NoiseLaw> laws;
  for (const Fraction& parameter : NoiseOf(marginal)) {
    laws.push_back({marginal.mechanism, parameter});
  }
  return laws;
}

}  // namespace commonwage::privacy
