// SPDX-License-Identifier: Apache-2.0
// The one order of rounds, wherever they are listed, added up or held against
// each other: by opening, then closing, then name. No two rounds share a name,
// so there is one order only, whoever sorts.

#ifndef COMMONWAGE_SURVEY_ROUND_ORDER_H_
#define COMMONWAGE_SURVEY_ROUND_ORDER_H_

#include <tuple>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace commonwage {

// What decides where a round stands. The name must outlive it.
struct RoundPlace {
  absl::Time opens_at;
  absl::Time closes_at;
  absl::string_view id;  // "<survey>.<round>".
};

// Whether `a` comes before `b`, from the earliest to the latest. Lists that
// show the newest first are sorted by IsEarlier(b, a).
inline bool IsEarlier(const RoundPlace& a, const RoundPlace& b) {
  return std::tie(a.opens_at, a.closes_at, a.id) <
         std::tie(b.opens_at, b.closes_at, b.id);
}

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_ROUND_ORDER_H_
