// SPDX-License-Identifier: Apache-2.0
#include "figures/request/faults.h"

#include <cmath>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "survey/text/identifier.h"

namespace commonwage::figures {
namespace {

absl::Status RequestFaulty(const std::vector<Fault>& faults) {
  return RefusalOfFields(Reason::kRequestFaulty,
                         "The request is faulty; see the fields listed.",
                         faults);
}

}  // namespace

absl::Status FaultyField(absl::string_view field, absl::string_view sentence) {
  return RequestFaulty({{std::string(field), std::string(sentence)}});
}

void Faults::Add(std::string place, absl::string_view sentence) {
  faults_.push_back({std::move(place), std::string(sentence)});
}

void Faults::CheckIdentifier(absl::string_view place, absl::string_view text) {
  if (!IsIdentifier(text)) {
    Add(std::string(place),
        "Must be an identifier: 1 to 64 of A-Z, a-z, 0-9, _, +, . and -.");
  }
}

void Faults::CheckIdentifiers(
    absl::string_view place,
    const google::protobuf::RepeatedPtrField<std::string>& list) {
  std::set<absl::string_view> seen;
  for (int i = 0; i < list.size(); ++i) {
    const std::string entry = absl::StrCat(place, "[", i, "]");
    CheckIdentifier(entry, list[i]);
    if (!seen.insert(list[i]).second) {
      Add(entry, "Must not be listed twice.");
    }
  }
}

void Faults::CheckProbability(absl::string_view place, double p) {
  if (!std::isfinite(p) || p <= 0 || p >= 1) {
    Add(std::string(place), "Must be above 0 and below 1.");
  }
}

absl::Status Faults::ToStatus() const {
  return faults_.empty() ? absl::OkStatus() : RequestFaulty(faults_);
}

}  // namespace commonwage::figures
