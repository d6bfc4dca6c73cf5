// SPDX-License-Identifier: Apache-2.0
#include "base/reasons.h"

#include <cstddef>
#include <iterator>

#include "base/check.h"

namespace commonwage {
namespace {

struct Entry {
  absl::string_view name;
  absl::StatusCode code;
  absl::string_view sentence;
};

// In the order of the enumerators.
constexpr Entry kEntries[] = {
    {"", absl::StatusCode::kUnknown, ""},
#define COMMONWAGE_REASON(enumerator, name, code, sentence) \
  {name, absl::StatusCode::code, sentence},
#include "base/reasons_of_clients.inc"
#include "base/reasons_of_programs.inc"
#include "base/reasons_of_servers.inc"
#undef COMMONWAGE_REASON
};

const Entry& EntryOf(Reason reason) {
  const auto place = static_cast<size_t>(reason);
  COMMONWAGE_CHECK(place < std::size(kEntries));
  return kEntries[place];
}

}  // namespace

absl::string_view ReasonName(Reason reason) { return EntryOf(reason).name; }

absl::StatusCode CodeOf(Reason reason) { return EntryOf(reason).code; }

absl::string_view SentenceOf(Reason reason) { return EntryOf(reason).sentence; }

Reason FindReason(absl::string_view name) {
  for (size_t place = 1; place < std::size(kEntries); ++place) {
    if (kEntries[place].name == name) {
      return static_cast<Reason>(place);
    }
  }
  return Reason::kUnknown;
}

}  // namespace commonwage
