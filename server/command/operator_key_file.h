// SPDX-License-Identifier: Apache-2.0
// The operator's public receipt key as a small text file, on its way to the
// steward, who names it in manifests. Layout: docs/FORMATS.md, "Operator's
// key".

#ifndef COMMONWAGE_SERVER_COMMAND_OPERATOR_KEY_FILE_H_
#define COMMONWAGE_SERVER_COMMAND_OPERATOR_KEY_FILE_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/signature.h"

namespace commonwage::server {

inline constexpr size_t kMaxOperatorKeyFileBytes = 1024;

// Returns the file of `key`.
std::string WriteOperatorKeyFile(const crypto::VerifyKey& key);

// Returns the key in such a file, whatever an editor or a mail program put
// around the text. Whose key it is, a telephone call about its fingerprint
// says.
//
// Fails with INVALID_ARGUMENT (OPERATOR_KEY_MALFORMED).
absl::StatusOr<crypto::VerifyKey> ReadOperatorKeyFile(absl::string_view file);

}  // namespace commonwage::server

#endif  // COMMONWAGE_SERVER_COMMAND_OPERATOR_KEY_FILE_H_
