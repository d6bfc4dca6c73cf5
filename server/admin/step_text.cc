// SPDX-License-Identifier: Apache-2.0
#include "server/admin/step_text.h"

#include <iostream>

#include "absl/strings/str_cat.h"

#include "command/json_output.h"
#include "commonwage/v1/command_output.pb.h"
#include "crypto/fingerprint.h"

namespace commonwage::server::admin {

void TellStep(const StepResult& result, absl::string_view done,
              absl::string_view repeated, bool json) {
  if (json) {
    v1::StepReport report;
    report.set_round_id(result.round_id);
    report.set_done_before(result.repeated);
    report.set_survey_key(crypto::Fingerprint(result.survey_key));
    std::cout << command::JsonText(report);
    return;
  }
  std::cout << "Round " << result.round_id << " "
            << (result.repeated ? repeated : done) << "\n"
            << "Survey key: " << crypto::Fingerprint(result.survey_key) << "\n";
}

std::string WithKeyFile(absl::string_view done, const StepResult& result) {
  return result.key_file.ok()
             ? absl::StrCat(done, ", and the key file holds a new key.")
             : absl::StrCat(done, ", which erasure rests on alone. ",
                            result.key_file.message());
}

}  // namespace commonwage::server::admin
