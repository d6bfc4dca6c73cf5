// SPDX-License-Identifier: Apache-2.0
// The operator's signed word that a frame was accepted: verifiable by anybody
// who has the operator's receipt key, and without a time.

#ifndef COMMONWAGE_SURVEY_RECEIPT_H_
#define COMMONWAGE_SURVEY_RECEIPT_H_

#include <cstdint>
#include <string>

#include "base/fixed_bytes.h"
#include "survey/manifest.h"

namespace commonwage {

// SHA-256(kFrameDigestLabel || frame).
using FrameDigest = FixedBytes<32, struct FrameDigestTag>;

// What an accepted frame did. The values are signed: do not change them.
enum class ReceiptStatus : uint8_t {
  kStored = 1,     // An answer is stored.
  kWithdrawn = 2,  // The answer is gone; the pseudonym is silent from now on.
};

struct Receipt {
  ManifestHash manifest_hash;
  FrameDigest frame_digest;
  uint64_t sequence = 0;  // The frame's.
  ReceiptStatus status = ReceiptStatus::kStored;

  friend bool operator==(const Receipt&, const Receipt&) = default;
};

// Returns the bytes that the operator's key signs after kReceiptSignatureLabel:
// docs/FORMATS.md, "Receipt".
std::string ReceiptSignedBytes(const Receipt& receipt);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_RECEIPT_H_
