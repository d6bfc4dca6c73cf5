// SPDX-License-Identifier: Apache-2.0
// The one door through which answers leave: exact counts go in, noise or
// silence comes out, once. commonwage-steward calls it inside the transaction
// that charges the ledger; commonwage-release-sim calls the same function many
// times on made or open data. Rule and proof: docs/PRIVACY.md.

#ifndef COMMONWAGE_PRIVACY_NOISE_RELEASE_ROUND_H_
#define COMMONWAGE_PRIVACY_NOISE_RELEASE_ROUND_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/random_source.h"
#include "privacy/noise/tally.h"
#include "survey/manifest.h"
#include "survey/release.h"

namespace commonwage::privacy::noise {

// Draws the release of a round: for every cell of every marginal of the
// manifest's plan, in plan order, all nodes of its tree with fresh noise, or
// nullopt. A cell is released iff its true count is at least k and its noisy
// root at least tau; the root that decides is the root that is published.
//
// Noise is drawn for withheld cells too, so the work does not tell them apart;
// its duration still depends on the noise, and must not be published.
//
// Every call spends LossOf(manifest.plan) again: only the vault may decide that
// it happens, once per round.
//
// Reveals: what it returns, and nothing through errors.
// Fails with INVALID_ARGUMENT if `tally` was not made for this plan
// (TALLY_MISMATCH), a tau is too small for k and threshold_delta
// (TAU_TOO_SMALL), or noise is out of bounds (NOISE_OUT_OF_BOUNDS).
absl::StatusOr<Release> DrawRelease(const Manifest& manifest,
                                    const ManifestHash& manifest_hash,
                                    const Tally& tally, bool closed_early,
                                    absl::string_view code_version,
                                    RandomSource& random);

}  // namespace commonwage::privacy::noise

#endif  // COMMONWAGE_PRIVACY_NOISE_RELEASE_ROUND_H_
