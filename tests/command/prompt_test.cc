// SPDX-License-Identifier: Apache-2.0
#include "command/prompt.h"

#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace commonwage::command {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;

absl::Status Answering(const std::string& typed) {
  std::istringstream in(typed);
  std::ostringstream out;
  absl::Status status = ConfirmOn("Go on?", in, out);
  EXPECT_THAT(out.str(), HasSubstr("Go on? (yes or no)"));
  return status;
}

TEST(PromptTest, OnlyYesIsYes) {
  for (const char* yes : {"yes\n", "y\n", "YES\n", " Yes \r\n", "yes"}) {
    EXPECT_OK(Answering(yes)) << yes;
  }
  for (const char* no : {"no\n", "\n", "", "yess\n", "yes please\n", "1\n",
                         "\nyes\n", "nay\nyes\n"}) {
    EXPECT_THAT(Answering(no), HasReason(Reason::kNotConfirmed)) << no;
  }
}

TEST(PromptTest, YesGivenBeforehandIsNotAskedForAgain) {
  EXPECT_OK(Confirm({.facts = "So it is.", .question = "Go on?"},
                    /*said_yes=*/true));
}

}  // namespace
}  // namespace commonwage::command
