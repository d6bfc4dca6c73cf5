// SPDX-License-Identifier: Apache-2.0
// Schemas grow step by step. PRAGMA user_version counts the steps taken.

#ifndef COMMONWAGE_STORAGE_MIGRATIONS_H_
#define COMMONWAGE_STORAGE_MIGRATIONS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "storage/database.h"

namespace commonwage::storage {

// Takes the steps of `steps` (each some SQL) that `database` has not taken yet,
// all in one transaction. A step is never edited once released: add another.
//
// Fails with FAILED_PRECONDITION (SCHEMA_UNKNOWN), changing nothing, if the
// database has taken more steps than there are: a newer program wrote it.
// Otherwise as sqlite_status.h says.
absl::Status Migrate(Database& database,
                     absl::Span<const absl::string_view> steps);

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_MIGRATIONS_H_
