// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"

#include <vector>

#include "absl/status/status.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ErrorTest, ARefusalCarriesCodeReasonAndSentence) {
  const absl::Status status =
      Refusal(Reason::kUnknownRound,
              "There is no such round; list the rounds to see their names.");
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReasonOf(status), Reason::kUnknownRound);
  EXPECT_EQ(ReasonNameOf(status), "UNKNOWN_ROUND");
  EXPECT_EQ(status.message(),
            "There is no such round; list the rounds to see their names.");
  EXPECT_THAT(FaultsOf(status), IsEmpty());
}

TEST(ErrorTest, FaultsComeBackInOrder) {
  const std::vector<Fault> faults = {{"k", "must be at least 2"},
                                     {"", "has no place"},
                                     {"marginals[0].by", ""}};
  const absl::Status status =
      RefusalOfFields(Reason::kPlanFaulty, "The plan has faults.", faults);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(status), Reason::kPlanFaulty);
  EXPECT_THAT(FaultsOf(status), ElementsAre(faults[0], faults[1], faults[2]));
}

// A newer server may know a reason that this program does not.
TEST(ErrorTest, APeersReasonNeedNotBeOnTheList) {
  const absl::Status status = RefusalOfPeer(
      absl::StatusCode::kAborted, "MOON_TOO_FULL", "Wait.", {{"moon", "full"}});
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(ReasonNameOf(status), "MOON_TOO_FULL");
  EXPECT_EQ(FindReason(ReasonNameOf(status)), Reason::kUnknown);
  EXPECT_THAT(FaultsOf(status), ElementsAre(Fault{"moon", "full"}));
}

TEST(ErrorTest, OtherWordsChangeNeitherCodeNorReason) {
  const absl::Status unlisted = RefusalOfPeer(
      absl::StatusCode::kAborted, "MOON_TOO_FULL", "Wait.", {{"moon", "full"}});
  const absl::Status listed = Refusal(Reason::kRoundClosed, "Too late.");
  for (const absl::Status& status : {unlisted, listed}) {
    const absl::Status reworded = Reworded(status, "In other words.");
    EXPECT_EQ(reworded.code(), status.code());
    EXPECT_EQ(ReasonNameOf(reworded), ReasonNameOf(status));
    EXPECT_EQ(reworded.message(), "In other words.");
    EXPECT_THAT(FaultsOf(reworded), IsEmpty());
  }
}

TEST(ErrorTest, AStatusOfOthersHasNeitherReasonNorFaults) {
  EXPECT_EQ(ReasonOf(absl::OkStatus()), Reason::kUnknown);
  EXPECT_EQ(ReasonOf(absl::InternalError("x")), Reason::kUnknown);
  EXPECT_EQ(ReasonNameOf(absl::InternalError("x")), "");
  EXPECT_THAT(FaultsOf(absl::InternalError("x")), IsEmpty());
}

}  // namespace
}  // namespace commonwage
