// SPDX-License-Identifier: Apache-2.0
#include "privacy/ledger_entry.h"

#include <cstdint>

#include "privacy/zcdp.h"

namespace commonwage::privacy {

LedgerEntry LedgerEntryOf(const Plan& plan, const ManifestHash& hash) {
  LedgerEntry entry;
  entry.survey = plan.survey;
  entry.round_id = RoundIdOf(plan);
  entry.manifest_hash = hash;
  entry.opens_at = plan.opens_at;
  entry.closes_at = plan.closes_at;
  entry.cap_micro_rho = plan.survey_cap_micro_rho;
  for (const Marginal& marginal : plan.marginals) {
    for (const int64_t level : marginal.micro_loss_per_level) {
      entry.loss_micro_rho += marginal.mechanism == Mechanism::kDiscreteGaussian
                                  ? level
                                  : MicroRhoOfPure(level);
    }
  }
  return entry;
}

}  // namespace commonwage::privacy
