// SPDX-License-Identifier: Apache-2.0
// The steward's word that a round was called off before its release: its key is
// destroyed, so what was answered was read by nobody and costs no privacy. It
// counts for nothing wherever a release of the round is seen. Layout:
// docs/FORMATS.md, "Cancellation".

#ifndef COMMONWAGE_SURVEY_CANCELLATION_H_
#define COMMONWAGE_SURVEY_CANCELLATION_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "survey/manifest.h"

namespace commonwage {

inline constexpr size_t kCancellationSize = 40;

struct Cancellation {
  ManifestHash manifest_hash;  // Of the round that it calls off.

  friend bool operator==(const Cancellation&, const Cancellation&) = default;
};

// Returns the bytes that the survey's key signs after
// kCancellationSignatureLabel. There is one spelling.
std::string WriteCancellation(const Cancellation& cancellation);

// Reads them. Whether the survey's key signed them, and whether there is a
// release of the round, is the caller's to know.
//
// Fails with INVALID_ARGUMENT (CANCELLATION_MALFORMED).
absl::StatusOr<Cancellation> ParseCancellation(absl::string_view bytes);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_CANCELLATION_H_
