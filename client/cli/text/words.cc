// SPDX-License-Identifier: Apache-2.0
#include "client/cli/text/words.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace commonwage::client::cli {

std::string PayInWords(absl::string_view period, absl::string_view currency) {
  return absl::StrCat("pay per ", absl::AsciiStrToLower(period), ", in ",
                      currency);
}

std::string PayInWords(const Measure& measure) {
  return PayInWords(NameOf(measure.period), measure.currency);
}

std::string AdmissionInWords(v1::Admission admission) {
  return admission == v1::ADMISSION_CREDENTIAL
             ? "members only, one answer each"
             : "unverified: anybody can answer, any number of times; counts, k "
               "and privacy are per answer";
}

std::string AdmissionInWords(Admission admission) {
  return AdmissionInWords(admission == Admission::kCredential
                              ? v1::ADMISSION_CREDENTIAL
                              : v1::ADMISSION_OPEN);
}

std::string OpenRoundSentence() {
  return "Anybody can answer in this survey's round, more than once: nobody "
         "checks who answers, and its\nfigures are labelled unverified.";
}

std::string Money(double minor_units, int minor_unit_exponent) {
  // A server's word, so within bounds.
  const int decimals = std::clamp(minor_unit_exponent, 0, 9);
  std::string text =
      absl::StrFormat("%.*f", decimals, minor_units / std::pow(10.0, decimals));
  const size_t whole = std::min(text.find('.'), text.size());
  const size_t first = text.front() == '-' ? 1 : 0;
  for (size_t i = whole; i > first + 3; i -= 3) {
    text.insert(i - 3, 1, ',');
  }
  return text;
}

std::string Percent(double fraction) {
  return absl::StrFormat("%.1f %%", fraction * 100);
}

std::string SignedPercent(double fraction) {
  return absl::StrFormat("%+.1f %%", fraction * 100);
}

}  // namespace commonwage::client::cli
