// SPDX-License-Identifier: Apache-2.0
// The two macros that pass a failed absl::Status on to the caller.

#ifndef COMMONWAGE_BASE_STATUS_MACROS_H_
#define COMMONWAGE_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"

// Returns from the enclosing function if `expr`, an absl::Status, is not OK.
#define COMMONWAGE_RETURN_IF_ERROR(expr)                                      \
  do {                                                                        \
    if (absl::Status commonwage_status_ = (expr); !commonwage_status_.ok()) { \
      return commonwage_status_;                                              \
    }                                                                         \
  } while (false)

#define COMMONWAGE_STATUS_JOIN_INNER_(a, b) a##b
#define COMMONWAGE_STATUS_JOIN_(a, b) COMMONWAGE_STATUS_JOIN_INNER_(a, b)

// Declares or assigns `lhs` from `expr`, an absl::StatusOr, or returns its
// status. `lhs` may not contain a comma outside parentheses.
#define COMMONWAGE_ASSIGN_OR_RETURN(lhs, expr) \
  COMMONWAGE_ASSIGN_OR_RETURN_INNER_(          \
      COMMONWAGE_STATUS_JOIN_(commonwage_statusor_, __LINE__), lhs, expr)

#define COMMONWAGE_ASSIGN_OR_RETURN_INNER_(statusor, lhs, expr) \
  auto statusor = (expr);                                       \
  if (!statusor.ok()) {                                         \
    return std::move(statusor).status();                        \
  }                                                             \
  lhs = *std::move(statusor)

#endif  // COMMONWAGE_BASE_STATUS_MACROS_H_
