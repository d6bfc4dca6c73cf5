// SPDX-License-Identifier: Apache-2.0
// Facts as people read them.

#ifndef COMMONWAGE_CLIENT_CLI_TEXT_WORDS_H_
#define COMMONWAGE_CLIENT_CLI_TEXT_WORDS_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

#include "commonwage/v1/round.pb.h"
#include "survey/manifest.h"
#include "survey/plan/plan.h"

namespace commonwage::client::cli {

// Returns "pay per hour, in EUR" and the like.
std::string PayInWords(const Measure& measure);
std::string PayInWords(absl::string_view period, absl::string_view currency);

// Returns who could answer, and how far that makes figures trustworthy.
std::string AdmissionInWords(Admission admission);
std::string AdmissionInWords(v1::Admission admission);

// Returns what a person is told of an open round before they answer in it.
std::string OpenRoundSentence();

// Returns an amount in minor units as people write it: "52,000", "17.50".
std::string Money(double minor_units, int minor_unit_exponent);

// Returns "12.3 %"; of a difference, "+12.3 %" or "-12.3 %".
std::string Percent(double fraction);
std::string SignedPercent(double fraction);

}  // namespace commonwage::client::cli

#endif  // COMMONWAGE_CLIENT_CLI_TEXT_WORDS_H_
