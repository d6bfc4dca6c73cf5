// SPDX-License-Identifier: Apache-2.0
// GoogleTest matchers for absl::Status and absl::StatusOr.

#ifndef COMMONWAGE_TESTS_TESTING_STATUS_MATCHERS_H_
#define COMMONWAGE_TESTS_TESTING_STATUS_MATCHERS_H_

#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace commonwage {

// What GoogleTest shows.
inline void PrintTo(Reason reason, std::ostream* out) {
  *out << (reason == Reason::kUnknown ? "no reason" : ReasonName(reason));
}

}  // namespace commonwage

namespace commonwage::testing {

inline const absl::Status& StatusOf(const absl::Status& status) {
  return status;
}

template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& status_or) {
  return status_or.status();
}

MATCHER(IsOk, "is OK") {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).ok();
}

// Matches a Status or StatusOr with `code`.
MATCHER_P(StatusIs, code, absl::StatusCodeToString(code)) {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).code() == code;
}

// Matches a Status or StatusOr that Refusal made with `reason`.
MATCHER_P(HasReason, reason, absl::StrCat("has reason ", ReasonName(reason))) {
  *result_listener << StatusOf(arg).ToString();
  return ReasonOf(StatusOf(arg)) == reason;
}

// What went wrong, if something did.
inline ::testing::AssertionResult SucceedsStatus(const absl::Status& status) {
  if (status.ok()) {
    return ::testing::AssertionSuccess();
  }
  return ::testing::AssertionFailure() << status.ToString();
}

template <typename T>
::testing::AssertionResult Succeeds(const T& status_or) {
  return SucceedsStatus(StatusOf(status_or));
}

}  // namespace commonwage::testing

// Without a matcher: there are 1,400 of these, and the code that EXPECT_THAT
// makes of each is long.
#define EXPECT_OK(expression) \
  EXPECT_TRUE(::commonwage::testing::Succeeds(expression))
#define ASSERT_OK(expression) \
  ASSERT_TRUE(::commonwage::testing::Succeeds(expression))

#endif  // COMMONWAGE_TESTS_TESTING_STATUS_MATCHERS_H_
