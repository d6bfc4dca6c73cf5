// SPDX-License-Identifier: Apache-2.0
// How an inbox forgets in which order submissions came.

#ifndef COMMONWAGE_STORAGE_INBOX_INBOX_SHUFFLE_H_
#define COMMONWAGE_STORAGE_INBOX_INBOX_SHUFFLE_H_

#include <cstdint>

#include "absl/status/status.h"

#include "base/random_source.h"
#include "storage/database.h"

namespace commonwage::storage {

// How many older rows are shuffled together with the newest segment. While an
// inbox has no more than these, each time is a new uniform order of all of it.
inline constexpr int64_t kShuffleWindow = 4096;

// Returns how many rows the newest segment may have beside `settled_rows` older
// ones, within limits: a quarter, so that the work per row is bounded; while
// others wait, as many, so that there is less of it.
int64_t SegmentLimit(int64_t settled_rows, bool others_wait);

// Moves the rows of table `newest` into table `settled`, shuffling them and
// those of a random stretch of `settled` into one uniform random order. Needs a
// transaction under way. The root does not change.
// Fails as sqlite_status.h says.
absl::Status ShuffleRows(Database& database, RandomSource& random);

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_INBOX_INBOX_SHUFFLE_H_
