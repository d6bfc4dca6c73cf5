// SPDX-License-Identifier: Apache-2.0
#include "privacy/noise/release_round.h"

#include <string>

#include "base/status_macros.h"
#include "privacy/noise/release_steps.h"

namespace commonwage::privacy::noise {

absl::StatusOr<Release> DrawRelease(const Manifest& manifest,
                                    const ManifestHash& manifest_hash,
                                    const Tally& tally, bool closed_early,
                                    absl::string_view code_version,
                                    RandomSource& random) {
  ProvenSteps steps;
  COMMONWAGE_ASSIGN_OR_RETURN(Release release,
                              DrawReleaseBy(steps, manifest, tally, random));
  release.manifest_hash = manifest_hash;
  release.closed_early = closed_early;
  release.code_version = std::string(code_version);
  return release;
}

}  // namespace commonwage::privacy::noise
