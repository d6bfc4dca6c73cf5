// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace commonwage {
namespace {

constexpr absl::string_view kReasonUrl = "commonwage/reason";
constexpr absl::string_view kFaultsUrl = "commonwage/faults";

// Neither a place nor a sentence contains control characters, so these two
// separate faults and their halves.
constexpr char kFaultEnd = '\x1e';
constexpr char kPlaceEnd = '\x1f';

}  // namespace

absl::Status RefusalOfPeer(absl::StatusCode code, absl::string_view reason,
                           absl::string_view sentence,
                           const std::vector<Fault>& faults) {
  absl::Status status(code, sentence);
  status.SetPayload(kReasonUrl, absl::Cord(reason));
  std::string joined;
  for (const Fault& fault : faults) {
    joined += fault.place;
    joined += kPlaceEnd;
    joined += fault.sentence;
    joined += kFaultEnd;
  }
  if (!joined.empty()) {
    status.SetPayload(kFaultsUrl, absl::Cord(joined));
  }
  return status;
}

absl::Status Refusal(Reason reason, absl::string_view sentence) {
  return RefusalOfFields(reason, sentence, {});
}

absl::Status RefusalOfFields(Reason reason, absl::string_view sentence,
                             const std::vector<Fault>& faults) {
  return RefusalOfPeer(CodeOf(reason), ReasonName(reason), sentence, faults);
}

absl::Status Reworded(const absl::Status& status, absl::string_view sentence) {
  return RefusalOfPeer(status.code(), ReasonNameOf(status), sentence, {});
}

std::string ReasonNameOf(const absl::Status& status) {
  const auto reason = status.GetPayload(kReasonUrl);
  return reason.has_value() ? std::string(*reason) : std::string();
}

Reason ReasonOf(const absl::Status& status) {
  return FindReason(ReasonNameOf(status));
}

std::vector<Fault> FaultsOf(const absl::Status& status) {
  std::vector<Fault> faults;
  const auto joined = status.GetPayload(kFaultsUrl);
  if (!joined.has_value()) {
    return faults;
  }
  const std::string text(*joined);
  for (const absl::string_view fault :
       absl::StrSplit(text, kFaultEnd, absl::SkipEmpty())) {
    const size_t middle = fault.find(kPlaceEnd);
    faults.push_back({std::string(fault.substr(0, middle)),
                      std::string(fault.substr(middle + 1))});
  }
  return faults;
}

}  // namespace commonwage
