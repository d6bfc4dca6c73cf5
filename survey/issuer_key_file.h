// SPDX-License-Identifier: Apache-2.0
// The public half of a round's issuing key on its way from the union office to
// the steward. The file names its round, so that it does not end up in the
// manifest of another. Layout: docs/FORMATS.md, "Issuer's key file".

#ifndef COMMONWAGE_SURVEY_ISSUER_KEY_FILE_H_
#define COMMONWAGE_SURVEY_ISSUER_KEY_FILE_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace commonwage {

// No such file is larger, even with what mail adds.
inline constexpr size_t kMaxIssuerKeyFileSize = 8192;

struct IssuerKeyFile {
  std::string round_id;    // "<survey>.<round>".
  std::string public_key;  // DER, at most kMaxIssuerPublicKeySize bytes.

  friend bool operator==(const IssuerKeyFile&, const IssuerKeyFile&) = default;
};

std::string WriteIssuerKeyFile(const IssuerKeyFile& file);

// Reads such a file. Whether it is the round that is meant, and whether the key
// is one, is the caller's to check.
//
// Fails with INVALID_ARGUMENT (ISSUER_KEY_FILE_MALFORMED).
absl::StatusOr<IssuerKeyFile> ParseIssuerKeyFile(absl::string_view text);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_ISSUER_KEY_FILE_H_
