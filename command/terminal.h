// SPDX-License-Identifier: Apache-2.0
// What people type in: secrets without echo.

#ifndef COMMONWAGE_COMMAND_TERMINAL_H_
#define COMMONWAGE_COMMAND_TERMINAL_H_

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/secret.h"

namespace commonwage::command {

// Asks for a secret on the terminal, without echo. If standard input is no
// terminal, takes its next line instead. Whatever signal ends or stops the
// program meanwhile, the terminal shows again what is typed; after a stop, asks
// once more.
//
// Fails with INVALID_ARGUMENT (WRONG_USE), saying `remedy`, if there is
// nothing.
absl::StatusOr<crypto::SecretBytes> AskSecret(absl::string_view prompt,
                                              absl::string_view remedy);

// The same for a secret that may be typed, or pasted, in several lines: up to
// one after which it `is_whole`, an empty one, or the end.
absl::StatusOr<crypto::SecretBytes> AskSecretText(
    absl::string_view prompt, absl::string_view remedy,
    absl::FunctionRef<bool(absl::string_view)> is_whole);

// Whether standard input is a person's.
bool IsTerminal();

}  // namespace commonwage::command

#endif  // COMMONWAGE_COMMAND_TERMINAL_H_
