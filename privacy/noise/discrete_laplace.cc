// SPDX-License-Identifier: Apache-2.0
#include "privacy/noise/discrete_laplace.h"

#include "base/status_macros.h"
#include "privacy/noise/sampler_steps.h"
#include "privacy/noise_law.h"

namespace commonwage::privacy::noise {

absl::StatusOr<DiscreteLaplace> DiscreteLaplace::Create(Fraction scale) {
  COMMONWAGE_RETURN_IF_ERROR(CheckLaw({Mechanism::kDiscreteLaplace, scale}));
  return DiscreteLaplace(static_cast<uint64_t>(scale.numerator),
                         static_cast<uint64_t>(scale.denominator));
}

int64_t DiscreteLaplace::Draw(RandomBuffer& random) const {
  return DrawLaplaceBy<ExactSteps>(t_, s_, random);
}

}  // namespace commonwage::privacy::noise
