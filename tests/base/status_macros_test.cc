// SPDX-License-Identifier: Apache-2.0
#include "base/status_macros.h"

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

absl::Status PassOn(const absl::Status& status, bool& reached) {
  COMMONWAGE_RETURN_IF_ERROR(status);
  reached = true;
  return absl::OkStatus();
}

absl::StatusOr<int> Unwrap(absl::StatusOr<std::unique_ptr<int>> source) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::unique_ptr<int> value,
                              std::move(source));
  return *value + 1;
}

TEST(StatusMacrosTest, AnErrorLeavesTheFunction) {
  bool reached = false;
  EXPECT_THAT(PassOn(absl::AbortedError("x"), reached),
              testing::StatusIs(absl::StatusCode::kAborted));
  EXPECT_FALSE(reached);
  EXPECT_OK(PassOn(absl::OkStatus(), reached));
  EXPECT_TRUE(reached);
}

TEST(StatusMacrosTest, AValueIsMovedOutAndAnErrorPassedOn) {
  EXPECT_EQ(Unwrap(std::make_unique<int>(41)).value(), 42);
  EXPECT_THAT(Unwrap(absl::NotFoundError("x")),
              testing::StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace commonwage
