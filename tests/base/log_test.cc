// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <concepts>
#include <string>

#include "absl/status/status.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace commonwage {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Promise: what people sent cannot be logged, by type.
static_assert(!std::constructible_from<LogField, std::string, std::string>);
static_assert(!std::constructible_from<LogField, const char*, int>);
static_assert(!std::convertible_to<std::string, LogField>);

TEST(LogTest, WritesTheEventAndItsFieldsOnOneLine) {
  ::testing::internal::CaptureStderr();
  {
    Log log;
    log.Write(LogEvent::kRoundClosed, {LogField::Round("couriers.2026-q1")});
  }
  const std::string line = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(line, HasSubstr("round closed round=couriers.2026-q1\n"));
}

TEST(LogTest, TellsHowSomethingFailedButNotItsMessage) {
  ::testing::internal::CaptureStderr();
  {
    Log log;
    log.Write(LogEvent::kStoreFailed,
              {LogField::Failure(Refusal(Reason::kDiskFull, "secret words"))});
  }
  const std::string line = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(line, HasSubstr("RESOURCE_EXHAUSTED DISK_FULL"));
  EXPECT_THAT(line, Not(HasSubstr("secret words")));
}

TEST(LogTest, TellsTimesToTheSecondOnly) {
  ::testing::internal::CaptureStderr();
  {
    Log log;
    log.Write(LogEvent::kServerReady, {LogField::Port(50051)});
  }
  EXPECT_THAT(
      ::testing::internal::GetCapturedStderr(),
      ::testing::MatchesRegex("[0-9]+-[0-9]+-[0-9]+T[0-9]+:[0-9]+:[0-9]+Z "
                              "commonwage: server ready port=50051\n"));
}

}  // namespace
}  // namespace commonwage
