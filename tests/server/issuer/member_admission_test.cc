// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/member_admission.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "server/issuer/member_identity.h"
#include "server/issuer/member_list.h"
#include "storage/members/member_roll.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::issuer {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class MemberAdmissionTest : public ::testing::Test {
 protected:
  // Puts members on the roll.
  void OnTheRoll(const std::vector<std::string>& references,
                 bool removed = false) {
    for (const std::string& reference : references) {
      roll_.push_back({.reference = reference, .removed = removed});
    }
  }
  // Lists members from line 2 on.
  absl::StatusOr<std::vector<std::string>> Admit(
      const std::vector<std::string>& references,
      LookAlikes look_alikes = LookAlikes::kRefused) const {
    std::string list = "member\n";
    for (const std::string& reference : references) {
      list += "\"" + reference + "\"\n";
    }
    return AdmitMembers(ReadMemberList(list, {}, identifier_).value(), roll_,
                        look_alikes, identifier_);
  }
  // The one fault of such a list: place and sentence.
  [[nodiscard]] std::string FaultOf(
      const std::vector<std::string>& references) const {
    const absl::Status status = Admit(references).status();
    EXPECT_THAT(status, HasReason(Reason::kMemberListFaulty));
    const std::vector<Fault> faults = FaultsOf(status);
    EXPECT_EQ(faults.size(), 1U);
    return faults.empty() ? "" : faults[0].place + ": " + faults[0].sentence;
  }

  const MemberIdentifier identifier_;
  std::vector<storage::MemberSummary> roll_;
};

TEST_F(MemberAdmissionTest, AMemberOfTheRollIsThatMemberInAnySpelling) {
  OnTheRoll({"M-17", "M\u00fcller"});
  EXPECT_THAT(Admit({"m-17 ", "MU\u0308LLER", "M-18"}).value(),
              ElementsAre("M-17", "M\u00fcller", "M-18"));
}

TEST_F(MemberAdmissionTest, AMemberWhoLeftComesBackUnderTheSameName) {
  OnTheRoll({"M-17"}, /*removed=*/true);
  EXPECT_THAT(Admit({"m-17"}).value(), ElementsAre("M-17"));
}

TEST_F(MemberAdmissionTest, AMemberListedTwiceIsNamedWithBothLines) {
  EXPECT_EQ(FaultOf({"M-17", "x", "m-17 "}),
            "line 4: \"m-17\" is \"M-17\" (line 2) once more");
  OnTheRoll({"M-17"});
  EXPECT_EQ(FaultOf({"M-17", "M-17"}),
            "line 3: \"M-17\" is \"M-17\" (line 2, on the roll) once more");
}

TEST_F(MemberAdmissionTest, LookAlikesAreRefusedByNameWithBothLines) {
  const std::string fault = FaultOf({"AO17", "x", "A017"});
  EXPECT_THAT(fault, HasSubstr("line 4: \"A017\""));
  EXPECT_THAT(fault, HasSubstr("\"AO17\" (line 2)"));
  OnTheRoll({"Anna"});
  EXPECT_THAT(FaultOf({"\u0410nna"}), HasSubstr("\"Anna\" (on the roll)"));
}

TEST_F(MemberAdmissionTest, NumbersThatDifferByZerosAreRefusedByName) {
  const std::string fault = FaultOf({"0017", "x", "17"});
  EXPECT_THAT(fault, HasSubstr("line 4: \"17\""));
  EXPECT_THAT(fault, HasSubstr("\"0017\" (line 2)"));
  EXPECT_THAT(fault, HasSubstr("zeros"));
  OnTheRoll({"0099"}, /*removed=*/true);
  EXPECT_THAT(FaultOf({"99"}), HasSubstr("\"0099\" (on the roll)"));
}

TEST_F(MemberAdmissionTest, WhoIsSaidToBeAnotherPersonIsOneFromThenOn) {
  OnTheRoll({"AO17"});
  EXPECT_THAT(Admit({"A017"}, LookAlikes::kAreOthers).value(),
              ElementsAre("A017"));
  OnTheRoll({"A017"});
  EXPECT_THAT(Admit({"A017", "AO17"}).value(), ElementsAre("A017", "AO17"));
  // The same one twice is never two people.
  EXPECT_THAT(Admit({"b", "B"}, LookAlikes::kAreOthers),
              HasReason(Reason::kMemberListFaulty));
}

TEST_F(MemberAdmissionTest, ManyFaultsAreToldUpToALimit) {
  const std::vector<std::string> many(100, "x");
  EXPECT_EQ(FaultsOf(Admit(many).status()).size(), kMaxListFaults);
}

TEST_F(MemberAdmissionTest, MembersAreFoundInAnySpellingOnce) {
  OnTheRoll({"M-17", "0018"});
  EXPECT_THAT(FindMembers({"m-17", " M-17"}, roll_, identifier_).value(),
              ElementsAre("M-17"));
  EXPECT_THAT(FindMembers({}, roll_, identifier_).value(), IsEmpty());
  const absl::Status unknown =
      FindMembers({"M-17", "18", "nobody"}, roll_, identifier_).status();
  EXPECT_THAT(unknown, HasReason(Reason::kMemberUnknown));
  const std::vector<Fault> faults = FaultsOf(unknown);
  ASSERT_EQ(faults.size(), 2U);
  EXPECT_EQ(faults[0].sentence,
            "\"18\" is not on the roll; it looks like \"0018\"");
  EXPECT_EQ(faults[1].sentence, "\"nobody\" is not on the roll");
}

}  // namespace
}  // namespace commonwage::server::issuer
