// SPDX-License-Identifier: Apache-2.0
#include "tests/client/made_release.h"

#include <cstdint>
#include <utility>

#include "base/check.h"
#include "privacy/noise/release_round.h"
#include "privacy/noise/tally.h"
#include "survey/answer.h"
#include "survey/domain_labels.h"
#include "tests/testing/seeded_random.h"

namespace commonwage::testing {

Release DrawMadeRelease(const MadeRound& round) {
  SeededRandom random(42);
  privacy::noise::Tally tally(round.manifest.plan);
  for (int i = 0; i < 2000; ++i) {
    // Nobody is with "other", so that its cells are withheld.
    const auto platform = static_cast<uint16_t>(random.Below(2));
    const auto region = static_cast<uint16_t>(random.Below(2));
    const auto pay =
        static_cast<int64_t>(700 + random.Below(600) + random.Below(600));
    COMMONWAGE_CHECK(tally.Add({{platform, region}, {pay}}).ok());
  }
  absl::StatusOr<Release> release = privacy::noise::DrawRelease(
      round.manifest, round.manifest_hash, tally, false, "test", random);
  COMMONWAGE_CHECK(release.ok());
  return *std::move(release);
}

v1::SignedRelease SignRelease(const Release& release, const MadeRound& round) {
  v1::SignedRelease result;
  result.set_release(WriteRelease(release));
  *result.add_signatures() =
      SignWith(round.survey_key, kReleaseSignatureLabel, result.release());
  *result.mutable_manifest() =
      round.ToProto(v1::ROUND_STATE_PUBLISHED).signed_manifest();
  return result;
}

}  // namespace commonwage::testing
