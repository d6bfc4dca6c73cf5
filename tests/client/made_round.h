// SPDX-License-Identifier: Apache-2.0
// A round with all its keys, as steward and operator would have made it.

#ifndef COMMONWAGE_TESTS_CLIENT_MADE_ROUND_H_
#define COMMONWAGE_TESTS_CLIENT_MADE_ROUND_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "commonwage/v1/round.pb.h"
#include "crypto/opening/opening_key.h"
#include "crypto/signature.h"
#include "survey/manifest.h"
#include "survey/plan/plan.h"

namespace commonwage::testing {

// What a test may choose of a round.
struct RoundWishes {
  uint64_t seed = 1;                   // Of all its keys.
  std::string round = "2026-q1";       // Of the survey "couriers".
  std::string issuer_public_key = {};  // DER; empty: admission is open.
  absl::Duration later = absl::ZeroDuration();  // Than the sample plan's dates.
  int64_t cap_micro_rho = 0;                    // 0: the sample plan's.
  std::string platform_base = {};               // The usual base, if any.
};

struct MadeRound {
  Manifest manifest;
  std::string manifest_bytes;
  ManifestHash manifest_hash;
  crypto::SigningKey survey_key;
  crypto::SigningKey receipt_key;
  crypto::opening::OpeningKey opening_key;

  [[nodiscard]] std::string Id() const { return RoundIdOf(manifest.plan); }
  // What the server shows of it.
  [[nodiscard]] v1::Round ToProto(v1::RoundState state) const;
  // Its cancellation, with its manifest, as its steward would have signed it.
  [[nodiscard]] v1::SignedCancellation Cancellation() const;
  // What the server shows of it once it was called off.
  [[nodiscard]] v1::Round CalledOff() const;
};

// Makes a round of the sample plan, open from 2026-01-01 to 2026-02-01.
MadeRound MakeRound(const RoundWishes& wishes = {});

// Signs `bytes` as the survey's key does.
v1::Signature SignWith(const crypto::SigningKey& key, absl::string_view label,
                       absl::string_view bytes);

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_CLIENT_MADE_ROUND_H_
