// SPDX-License-Identifier: Apache-2.0
// What a signed manifest puts on its survey's account.

#ifndef COMMONWAGE_PRIVACY_LEDGER_ENTRY_H_
#define COMMONWAGE_PRIVACY_LEDGER_ENTRY_H_

#include "privacy/survey_ledger.h"
#include "survey/manifest.h"
#include "survey/plan/plan.h"

namespace commonwage::privacy {

// Returns the entry of the manifest of `hash`, whose plan is `plan`: the loss
// is LossOf(plan).micro_rho, also where that refuses the plan because one round
// alone is beyond the cap, so that no signed manifest goes uncounted. Needs a
// plan that ParsePlan or ParseManifest has read. Explains and spends nothing.
LedgerEntry LedgerEntryOf(const Plan& plan, const ManifestHash& hash);

}  // namespace commonwage::privacy

#endif  // COMMONWAGE_PRIVACY_LEDGER_ENTRY_H_
