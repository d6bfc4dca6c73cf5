// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/code_delivery.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/issuer/issuer_store.h"
#include "server/issuer/member_identity.h"
#include "tests/server/issuer/issuer_fixture.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::issuer {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;

// Of the office's three members m1 has enrolled; m4 and m5 have no codes yet.
class CodeDeliveryTest : public IssuerTest {
 protected:
  void SetUp() override {
    IssuerTest::SetUp();
    ASSERT_OK(issuer_->IssueCredential(
        Ask(codes_[0], Blind("pseudonym").blinded_message()), "c"));
    ASSERT_OK(store_->roll().AddMembers({"m4", "m5"}));
  }

  Delivery Plan(const CodeSelection& selection) {
    return PlanDelivery(*store_, selection, identifier_).value();
  }
  std::vector<LetterCode> Draw(const CodeSelection& selection) {
    return DrawDelivery(*store_, Plan(selection), selection, random_).value();
  }

  const MemberIdentifier identifier_;
};

TEST_F(CodeDeliveryTest, ThoseWithoutACodeGetOne) {
  EXPECT_THAT(Plan({}).references, ElementsAre("m4", "m5"));
  EXPECT_EQ(Plan({}).waiting, 2U);
  const std::vector<LetterCode> drawn = Draw({});
  ASSERT_EQ(drawn.size(), 2U);
  EXPECT_EQ(drawn[1].reference, "m5");
  EXPECT_EQ(drawn[1].code, KeptCodeOf("m5"));
  EXPECT_THAT(Plan({}).references, IsEmpty());
  EXPECT_EQ(Plan({}).waiting, 4U);
}

TEST_F(CodeDeliveryTest, ACodeThatWasNotUsedIsTheSameAgain) {
  EXPECT_THAT(Plan({.members = {}, .again = true}).references,
              ElementsAre("m2", "m3", "m4", "m5"));
  const std::vector<LetterCode> drawn = Draw({.members = {}, .again = true});
  EXPECT_EQ(drawn[0].code, codes_[1]);
  EXPECT_EQ(drawn[1].code, codes_[2]);
  const std::vector<LetterCode> again = Draw({.members = {}, .again = true});
  EXPECT_EQ(again[3].code, drawn[3].code);
  EXPECT_EQ(Draw({.members = {" M2"}})[0].code, codes_[1]);
}

TEST_F(CodeDeliveryTest, AUsedCodeIsReplacedOnlyIfSomebodySaysSo) {
  EXPECT_THAT(PlanDelivery(*store_, {.members = {"m1"}}, identifier_),
              HasReason(Reason::kCodeUsed));
  const std::vector<LetterCode> drawn =
      Draw({.members = {"m1", "m2"}, .anew = true});
  ASSERT_EQ(drawn.size(), 2U);
  EXPECT_NE(drawn[0].code, codes_[0]);
  EXPECT_NE(drawn[1].code, codes_[1]);
  EXPECT_EQ(KeptCodeOf("m3"), codes_[2]);
}

TEST_F(CodeDeliveryTest, AMemberWhoLeftGetsNothing) {
  ASSERT_OK(store_->roll().RemoveMember("m4"));
  EXPECT_THAT(Plan({.members = {}, .again = true}).references,
              ElementsAre("m2", "m3", "m5"));
  EXPECT_THAT(PlanDelivery(*store_, {.members = {"m4"}}, identifier_),
              HasReason(Reason::kMemberUnknown));
}

TEST_F(CodeDeliveryTest, TwoWhoDeliverAtOnceDeliverTheSameCodes) {
  const auto other =
      IssuerStore::Open(directory_.File("issuer"), kek()).value();
  const Delivery mine = Plan({});
  const Delivery theirs = PlanDelivery(*other, {}, identifier_).value();
  const auto first = DrawDelivery(*store_, mine, {}, random_).value();
  const auto second = DrawDelivery(*other, theirs, {}, random_).value();
  ASSERT_EQ(first.size(), second.size());
  EXPECT_EQ(first[0].code, second[0].code);
  EXPECT_EQ(first[1].code, second[1].code);
}

}  // namespace
}  // namespace commonwage::server::issuer
