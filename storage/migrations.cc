// SPDX-License-Identifier: Apache-2.0
#include "storage/migrations.h"

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "storage/transaction.h"

namespace commonwage::storage {
namespace {

// Returns how many of `step_count` steps were taken.
absl::StatusOr<size_t> StepsTaken(Database& database, size_t step_count) {
  COMMONWAGE_ASSIGN_OR_RETURN(const int64_t taken,
                              database.QueryInt64("PRAGMA user_version"));
  if (taken < 0 || static_cast<size_t>(taken) > step_count) {
    return Refusal(Reason::kSchemaUnknown,
                   "A newer version of Commonwage wrote this database; use "
                   "that version.");
  }
  return static_cast<size_t>(taken);
}

}  // namespace

absl::Status Migrate(Database& database,
                     absl::Span<const absl::string_view> steps) {
  COMMONWAGE_ASSIGN_OR_RETURN(size_t taken, StepsTaken(database, steps.size()));
  if (taken == steps.size()) {
    return absl::OkStatus();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(Transaction transaction,
                              Transaction::Begin(database));
  // Another process may have taken them meanwhile.
  COMMONWAGE_ASSIGN_OR_RETURN(taken, StepsTaken(database, steps.size()));
  for (const absl::string_view step : steps.subspan(taken)) {
    COMMONWAGE_RETURN_IF_ERROR(database.Execute(step));
  }
  COMMONWAGE_RETURN_IF_ERROR(
      database.Execute(absl::StrCat("PRAGMA user_version = ", steps.size())));
  return transaction.Commit();
}

}  // namespace commonwage::storage
