// SPDX-License-Identifier: Apache-2.0
// Times as the protocols have them.

#ifndef COMMONWAGE_SURVEY_TIMESTAMP_H_
#define COMMONWAGE_SURVEY_TIMESTAMP_H_

#include <cstdint>

#include "absl/time/time.h"

#include <google/protobuf/timestamp.pb.h>

namespace commonwage {

// Returns `time`, which is finite.
inline google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  const int64_t seconds = absl::ToUnixSeconds(time);
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(static_cast<int32_t>(
      absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
  return timestamp;
}

// Returns the time that `timestamp` says, whatever it holds.
inline absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) +
         absl::Nanoseconds(timestamp.nanos());
}

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_TIMESTAMP_H_
