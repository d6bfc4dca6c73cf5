// SPDX-License-Identifier: Apache-2.0
#include "client/receipt_check.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/participant.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::client {
namespace {

using ::commonwage::testing::FakeServer;
using ::commonwage::testing::HasReason;
using ::commonwage::testing::MadeRound;
using ::commonwage::testing::MakeRound;
using ::commonwage::testing::Participant;

class ReceiptCheckTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Participant person(server_, 1);
    const auto visit = person.participation.VisitRound(round_.Id(), {});
    ASSERT_OK(visit);
    ASSERT_OK(person.participation.Submit(
        visit->round,
        {{"platform", "other"}, {"region", "north"}, {"hourly_pay", "9"}},
        Participant::AtOnce()));
    const RoundRecord record = person.Record(round_.Id());
    receipt_ = record.receipt();
    frame_ = record.accepted_frame();
  }

  const MadeRound round_ = MakeRound();
  FakeServer server_{round_};
  const crypto::VerifyKey key_ = round_.receipt_key.verify_key();
  v1::Receipt receipt_;
  std::string frame_;
};

TEST_F(ReceiptCheckTest, TheOperatorsWordIsBelieved) {
  EXPECT_OK(CheckReceipt(receipt_, frame_, key_));
}

TEST_F(ReceiptCheckTest, AnotherKeysWordIsNot) {
  EXPECT_THAT(CheckReceipt(receipt_, frame_, round_.survey_key.verify_key()),
              HasReason(Reason::kReceiptRefused));
  EXPECT_THAT(CheckReceipt(receipt_, frame_, crypto::VerifyKey()),
              HasReason(Reason::kReceiptRefused));
}

TEST_F(ReceiptCheckTest, EveryFieldCounts) {
  v1::Receipt receipt = receipt_;
  receipt.mutable_manifest_hash()->at(0) ^= 1;
  EXPECT_THAT(CheckReceipt(receipt, frame_, key_),
              HasReason(Reason::kReceiptRefused));
  receipt = receipt_;
  receipt.mutable_frame_digest()->at(5) ^= 1;
  EXPECT_THAT(CheckReceipt(receipt, frame_, key_),
              HasReason(Reason::kReceiptRefused));
  receipt = receipt_;
  receipt.set_sequence(1);
  EXPECT_THAT(CheckReceipt(receipt, frame_, key_),
              HasReason(Reason::kReceiptRefused));
  receipt = receipt_;
  receipt.set_status(v1::RECEIPT_STATUS_WITHDRAWN);
  EXPECT_THAT(CheckReceipt(receipt, frame_, key_),
              HasReason(Reason::kReceiptRefused));
  receipt = receipt_;
  receipt.mutable_signature()->at(63) ^= 1;
  EXPECT_THAT(CheckReceipt(receipt, frame_, key_),
              HasReason(Reason::kReceiptRefused));
  receipt.clear_signature();
  EXPECT_THAT(CheckReceipt(receipt, frame_, key_),
              HasReason(Reason::kReceiptRefused));
}

TEST_F(ReceiptCheckTest, AReceiptFileIsReadWithWhatAnEditorPutsAroundIt) {
  const std::string file = WriteReceiptFile(receipt_, key_);
  EXPECT_OK(ReadReceiptFile(file));
  EXPECT_OK(ReadReceiptFile(absl::StrCat(
      "\ufeff", absl::StrReplaceAll(file, {{"\n", "\r\n"}}), "\r\n")));
}

TEST_F(ReceiptCheckTest, AReceiptForAnotherFrameIsNone) {
  std::string other = frame_;
  other.back() = static_cast<char>(other.back() ^ 1);
  EXPECT_THAT(CheckReceipt(receipt_, other, key_),
              HasReason(Reason::kReceiptRefused));
}

}  // namespace
}  // namespace commonwage::client
