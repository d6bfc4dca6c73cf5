// SPDX-License-Identifier: Apache-2.0
// Whole frames as they were on the day they were fixed: the worker's library
// still makes them from the same keys, and the steward still opens them. Their
// binding to the manifest is in them: a changed spelling of plan or manifest
// shows here, too.

#include "survey/frame.h"

#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "artefacts/artefact_hash.h"
#include "client/submission.h"
#include "crypto/opening/opening_key.h"
#include "crypto/secret.h"
#include "crypto/signature.h"
#include "server/steward/answer_opener.h"
#include "survey/answer.h"
#include "survey/domain_labels.h"
#include "survey/manifest.h"
#include "tests/crypto/fixed_random.h"
#include "tests/survey/samples.h"
#include "tests/testing/golden.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using testing::Golden;

crypto::Secret<32> SecretOf(char byte) {
  return *crypto::Secret<32>::From(std::string(32, byte));
}

class GoldenFrameTest : public ::testing::Test {
 protected:
  GoldenFrameTest() {
    manifest_.round_public_key = std::string(round_key_.public_key().view());
    manifest_.admission = Admission::kOpen;
    manifest_.issuer_public_key.clear();
    hash_ = artefacts::HashOfManifest(WriteManifest(manifest_));
  }

  [[nodiscard]] client::SealingTerms Terms() const {
    return client::MakeSealingTerms(manifest_, hash_);
  }
  [[nodiscard]] crypto::SigningKey Key() const {
    return client::DerivePseudonymKey(SecretOf('\x53'), hash_);
  }

  // Signed by the pseudonym that the seed gives.
  void ExpectSigned(const FrameView& frame) {
    EXPECT_EQ(frame.header().pseudonym, client::PseudonymOf(Key()));
    EXPECT_TRUE(crypto::Verify(Key().verify_key(), kFrameSignatureLabel,
                               frame.signed_bytes(),
                               *crypto::Signature::From(frame.signature())));
  }

  crypto::opening::OpeningKey round_key_ =
      crypto::opening::OpeningKey::FromSecret(SecretOf('\x42'));
  Manifest manifest_ = testing::SampleManifest();
  ManifestHash hash_;
};

TEST_F(GoldenFrameTest, TheFrameIsMadeAsEver) {
  crypto::FixedRandom random(std::string(32, '\x65'));
  const auto frame =
      client::BuildFrame(Terms(), Key(), {}, testing::SampleAnswer(), random);
  ASSERT_OK(frame);
  EXPECT_EQ(*frame, Golden("frame.bin"));
}

TEST_F(GoldenFrameTest, TheStewardOpensTheFrameAsEver) {
  const std::string frame = Golden("frame.bin");
  const auto view = FrameView::Parse(frame);
  ASSERT_OK(view);
  EXPECT_EQ(view->header().operation, Operation::kSubmit);
  ExpectSigned(*view);
  const auto opener =
      server::steward::AnswerOpener::For(manifest_, hash_, SecretOf('\x42'));
  ASSERT_OK(opener);
  EXPECT_EQ(opener->Open(frame), testing::SampleAnswer());
}

TEST_F(GoldenFrameTest, TheWithdrawalIsMadeAndOpenedAsEver) {
  crypto::FixedRandom random(std::string(32, '\x66'));
  client::FrameOrder order;
  order.operation = Operation::kWithdraw;
  order.sequence = 4;
  const auto made = client::BuildWithdrawal(Terms(), Key(), order, random);
  ASSERT_OK(made);
  const std::string frame = Golden("frame_withdraw.bin");
  EXPECT_EQ(*made, frame);
  const auto view = FrameView::Parse(frame);
  ASSERT_OK(view);
  EXPECT_EQ(view->header().operation, Operation::kWithdraw);
  EXPECT_EQ(view->header().sequence, 4U);
  ExpectSigned(*view);
  EXPECT_EQ(crypto::opening::Open(round_key_, view->enc(),
                                  absl::StrCat(kSealLabel, hash_.view()),
                                  view->aad(), view->ciphertext())
                .value(),
            std::string(kAnswerSize, '\0'));
}

TEST_F(GoldenFrameTest, EveryByteOfTheFrameIsBoundToTheOthers) {
  const std::string good = Golden("frame.bin");
  const auto opener =
      server::steward::AnswerOpener::For(manifest_, hash_, SecretOf('\x42'));
  ASSERT_OK(opener);
  // The signature is the collector's to check under open admission.
  for (size_t at = 0; at < kFrameSignedSize; ++at) {
    std::string frame = good;
    frame[at] = static_cast<char>(frame[at] ^ 1);
    EXPECT_FALSE(opener->Open(frame).has_value()) << at;
  }
}

}  // namespace
}  // namespace commonwage
