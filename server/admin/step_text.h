// SPDX-License-Identifier: Apache-2.0
// What commonwage-admin says of a step of a round's life.

#ifndef COMMONWAGE_SERVER_ADMIN_STEP_TEXT_H_
#define COMMONWAGE_SERVER_ADMIN_STEP_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

#include "server/admin/step_result.h"

namespace commonwage::server::admin {

// Prints the step, which is `done` or was done before (`repeated`), or its
// report as JSON.
void TellStep(const StepResult& result, absl::string_view done,
              absl::string_view repeated, bool json);

// Returns `done`, what an erasure did, with what became of the key file.
std::string WithKeyFile(absl::string_view done, const StepResult& result);

}  // namespace commonwage::server::admin

#endif  // COMMONWAGE_SERVER_ADMIN_STEP_TEXT_H_
