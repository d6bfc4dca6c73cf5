// SPDX-License-Identifier: Apache-2.0
#include "privacy/noise/discrete_gaussian.h"

#include "base/status_macros.h"
#include "privacy/noise_law.h"

namespace commonwage::privacy::noise {

absl::StatusOr<DiscreteGaussian> DiscreteGaussian::Create(
    Fraction sigma_squared) {
  COMMONWAGE_RETURN_IF_ERROR(
      CheckLaw({Mechanism::kDiscreteGaussian, sigma_squared}));
  const auto p = static_cast<uint64_t>(sigma_squared.numerator);
  const auto q = static_cast<uint64_t>(sigma_squared.denominator);
  return DiscreteGaussian({p, q, ExactSteps::ProposalScale(p, q)});
}

int64_t DiscreteGaussian::Draw(RandomBuffer& random) const {
  return DrawGaussianBy<ExactSteps>(terms_, random);
}

}  // namespace commonwage::privacy::noise
