// SPDX-License-Identifier: Apache-2.0
#include "server/collector/admission.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "crypto/hash.h"
#include "crypto/signature.h"
#include "survey/domain_labels.h"
#include "survey/frame.h"
#include "tests/server/collector/collector_fixture.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::collector {
namespace {

using testing::HasReason;
using testing::SampleRound;
using testing::StatusIs;

class AdmissionTest : public CollectorFixture {
 protected:
  AdmissionTest() { EXPECT_OK(keeper_.Refresh()); }

  uint64_t StoredFrames() {
    return board_.Get()->Find(round_.id)->inbox->CountFrames().value();
  }

  SampleRound round_ = host_.Import(host_.SampleManifest());
};

TEST_F(AdmissionTest, GivesAReceiptThatHoldsWithoutTheServer) {
  const std::string frame = host_.Frame(round_, 1);
  const auto receipt = Admit(frame);
  ASSERT_OK(receipt);
  EXPECT_EQ(receipt->receipt.manifest_hash, round_.hash);
  EXPECT_EQ(receipt->receipt.frame_digest.view(),
            crypto::Sha256(kFrameDigestLabel, frame).view());
  EXPECT_EQ(receipt->receipt.sequence, 0U);
  EXPECT_EQ(receipt->receipt.status, ReceiptStatus::kStored);
  EXPECT_TRUE(
      crypto::Verify(host_.receipt_key().verify_key(), kReceiptSignatureLabel,
                     ReceiptSignedBytes(receipt->receipt), receipt->signature));
  EXPECT_EQ(StoredFrames(), 1U);
}

TEST_F(AdmissionTest, GivesTheSameReceiptForTheIdenticalLatestFrame) {
  const std::string frame = host_.Frame(round_, 1);
  const auto first = Admit(frame);
  const auto again = Admit(frame);
  ASSERT_OK(first);
  ASSERT_OK(again);
  EXPECT_EQ(first->receipt, again->receipt);
  EXPECT_EQ(first->signature, again->signature);
  EXPECT_EQ(StoredFrames(), 1U);
}

TEST_F(AdmissionTest, AmendsAndWithdrawsInOrderAndForGood) {
  const std::string submit = host_.Frame(round_, 1);
  const std::string amend = host_.Frame(round_, 1, Operation::kAmend, 1);
  const std::string withdraw = host_.Frame(round_, 1, Operation::kWithdraw, 2);
  ASSERT_OK(Admit(submit));
  ASSERT_OK(Admit(amend));
  EXPECT_THAT(Admit(submit), HasReason(Reason::kSequenceUsed));
  EXPECT_THAT(Admit(submit), StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_EQ(StoredFrames(), 1U);

  const auto withdrawn = Admit(withdraw);
  ASSERT_OK(withdrawn);
  EXPECT_EQ(withdrawn->receipt.status, ReceiptStatus::kWithdrawn);
  EXPECT_EQ(StoredFrames(), 0U);
  EXPECT_THAT(Admit(host_.Frame(round_, 1, Operation::kAmend, 3)),
              HasReason(Reason::kAlreadyWithdrawn));
  EXPECT_EQ(Admit(withdraw)->signature, withdrawn->signature);
}

TEST_F(AdmissionTest, RefusesToAmendOrWithdrawNothing) {
  EXPECT_THAT(Admit(host_.Frame(round_, 1, Operation::kAmend, 1)),
              HasReason(Reason::kNothingToAmend));
  EXPECT_THAT(Admit(host_.Frame(round_, 1, Operation::kWithdraw, 1)),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(AdmissionTest, RefusesASecondSubmissionOfAnotherAnswer) {
  ASSERT_OK(Admit(host_.Frame(round_, 1)));
  // Signed by the same pseudonym, and as well made as the first.
  EXPECT_THAT(Admit(host_.Frame(round_, 1, Operation::kSubmit, 0, "", 1300)),
              HasReason(Reason::kSequenceUsed));
  EXPECT_EQ(StoredFrames(), 1U);
  // Nor is the first one taken again, once another answer stands in its place.
  ASSERT_OK(Admit(host_.Frame(round_, 1, Operation::kAmend, 1)));
  EXPECT_THAT(Admit(host_.Frame(round_, 1)), HasReason(Reason::kSequenceUsed));
}

TEST_F(AdmissionTest, RefusesEveryFrameWithOneBitFlipped) {
  const std::string frame = host_.Frame(round_, 1);
  std::map<std::string, int> reasons;
  for (size_t bit = 0; bit < kFrameSize * 8; ++bit) {
    std::string flipped = frame;
    flipped[bit / 8] = static_cast<char>(
        static_cast<uint8_t>(flipped[bit / 8]) ^ (1U << (bit % 8)));
    const auto receipt = Admit(flipped);
    ASSERT_FALSE(receipt.ok()) << "bit " << bit;
    ++reasons[ReasonNameOf(receipt.status())];
  }
  EXPECT_EQ(StoredFrames(), 0U);
  // One bit decides which check is first to fail: magic, version, operation and
  // zeros; then hash, key id, and all that the signature covers.
  EXPECT_EQ(reasons["UNKNOWN_ROUND"], 32 * 8);
  EXPECT_EQ(reasons["FOREIGN_ROUND_KEY"], 8 * 8);
  EXPECT_EQ(reasons["FRAME_VERSION"], 8);
  EXPECT_GE(reasons["FRAME_MALFORMED"], 7 * 8 - 2);
  EXPECT_GE(reasons["SIGNATURE_REFUSED"], (32 + 256 + 32 + 584 + 64) * 8);
  EXPECT_EQ(reasons.size(), 5U);
  EXPECT_OK(Admit(frame));
}

TEST_F(AdmissionTest, RefusesAnyOtherSize) {
  const std::string frame = host_.Frame(round_, 1);
  for (const std::string& wrong :
       {std::string(), frame.substr(0, 1023), frame + "x", frame + frame}) {
    EXPECT_THAT(Admit(wrong), HasReason(Reason::kFrameMalformed));
    EXPECT_THAT(Admit(wrong), StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST_F(AdmissionTest, RefusesAHeaderSwappedBetweenTwoValidFrames) {
  const std::string a = host_.Frame(round_, 1);
  const std::string b = host_.Frame(round_, 2);
  EXPECT_THAT(Admit(a.substr(0, kFrameHeadSize) + b.substr(kFrameHeadSize)),
              HasReason(Reason::kSignatureRefused));
}

TEST_F(AdmissionTest, RefusesARoundThatIsNotHere) {
  SampleRound elsewhere = round_;
  elsewhere.hash = *ManifestHash::From(std::string(32, 'x'));
  elsewhere.terms.manifest_hash = elsewhere.hash;
  EXPECT_THAT(Admit(host_.Frame(elsewhere, 1)),
              HasReason(Reason::kUnknownRound));
  EXPECT_THAT(Admit(host_.Frame(elsewhere, 1)),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(AdmissionTest, RefusesAFrameSealedToAnotherKey) {
  const SampleRound other = host_.Import(host_.SampleManifest("other"));
  SampleRound mixed = round_;
  mixed.terms.round_key = other.terms.round_key;
  mixed.terms.round_key_id = other.terms.round_key_id;
  EXPECT_THAT(Admit(host_.Frame(mixed, 1)),
              HasReason(Reason::kForeignRoundKey));
}

TEST_F(AdmissionTest, RefusesBeforeOpeningAndFromTheCloseOn) {
  const std::string frame = host_.Frame(round_, 1);
  const Plan& plan = round_.manifest.plan;

  clock_.Set(plan.opens_at - absl::Milliseconds(1));
  SampleRound later = host_.Import(host_.SampleManifest("later"));
  ASSERT_OK(keeper_.Refresh());
  EXPECT_THAT(Admit(host_.Frame(later, 1)), HasReason(Reason::kRoundNotOpen));
  clock_.Set(plan.opens_at);
  EXPECT_OK(Admit(host_.Frame(later, 1)));

  // No refresh: the clock alone is enough.
  clock_.Set(plan.closes_at - absl::Milliseconds(1));
  EXPECT_OK(Admit(frame));
  clock_.Set(plan.closes_at);
  EXPECT_THAT(Admit(frame), HasReason(Reason::kRoundClosed));
  EXPECT_THAT(Admit(frame), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(AdmissionTest, RefusesACredentialWhereNoneIsAsked) {
  EXPECT_THAT(Admit(host_.Frame(round_, 1, Operation::kSubmit, 0,
                                std::string(kCredentialSize, '\x01'))),
              HasReason(Reason::kCredentialRefused));
}

TEST_F(AdmissionTest, NeverRepeatsWhatWasSent) {
  const std::string frame = host_.Frame(round_, 1);
  std::string broken = frame;
  broken[1000] = static_cast<char>(broken[1000] ^ 1);
  const auto refused = Admit(broken);
  const std::string text = refused.status().ToString();
  for (size_t i = 0; i + 4 <= frame.size(); ++i) {
    if (i >= 16) {
      ASSERT_EQ(text.find(frame.substr(i, 4)), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace commonwage::server::collector
