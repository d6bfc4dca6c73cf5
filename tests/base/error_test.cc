// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"

#include <vector>

#include "absl/status/status.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace commonwage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ErrorTest, ARefusalCarriesCodeReasonAndSentence) {
  const absl::Status status =
      Refusal(absl::StatusCode::kNotFound, "UNKNOWN_ROUND",
              "There is no such round; list the rounds to see their names.");
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReasonOf(status), "UNKNOWN_ROUND");
  EXPECT_EQ(status.message(),
            "There is no such round; list the rounds to see their names.");
  EXPECT_THAT(FaultsOf(status), IsEmpty());
}

TEST(ErrorTest, FaultsComeBackInOrder) {
  const std::vector<Fault> faults = {{"k", "must be at least 2"},
                                     {"", "has no place"},
                                     {"marginals[0].by", ""}};
  const absl::Status status =
      RefusalOfFields(absl::StatusCode::kInvalidArgument, "PLAN_FAULTY",
                      "The plan has faults.", faults);
  EXPECT_EQ(ReasonOf(status), "PLAN_FAULTY");
  EXPECT_THAT(FaultsOf(status), ElementsAre(faults[0], faults[1], faults[2]));
}

TEST(ErrorTest, AStatusOfOthersHasNeitherReasonNorFaults) {
  EXPECT_EQ(ReasonOf(absl::OkStatus()), "");
  EXPECT_EQ(ReasonOf(absl::InternalError("x")), "");
  EXPECT_THAT(FaultsOf(absl::InternalError("x")), IsEmpty());
}

}  // namespace
}  // namespace commonwage
