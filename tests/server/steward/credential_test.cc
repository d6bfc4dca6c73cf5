// SPDX-License-Identifier: Apache-2.0
// What credentials protect against once a round is closed: an operator who
// would rather have other answers.

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "crypto/blind/blind_rsa.h"
#include "crypto/blind/blind_rsa_key.h"
#include "survey/domain_labels.h"
#include "tests/server/steward/vault_round.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::steward {
namespace {

using testing::FrameDraft;
using testing::VaultRound;

class CredentialTest : public ::testing::Test {
 protected:
  CredentialTest()
      : issuer_(*crypto::BlindRsaPrivateKey::Generate()),
        round_({.plan = testing::SamplePlan(),
                .admission = Admission::kCredential,
                .issuer_public_key = issuer_.public_key_der()}) {}

  std::string CredentialFor(const Pseudonym& pseudonym) {
    const auto key =
        *crypto::BlindRsaPublicKey::FromDer(issuer_.public_key_der());
    const auto request = crypto::BlindRsaRequest::Blind(
        key,
        absl::StrCat(kCredentialLabel, round_.hash().view(), pseudonym.view()),
        round_.random());
    return *request->Finalize(*issuer_.BlindSign(request->blinded_message()));
  }

  FrameDraft MemberDraft() {
    FrameDraft draft = round_.Draft();
    draft.header.credential = CredentialFor(draft.header.pseudonym);
    return draft;
  }

  std::string Build(const FrameDraft& draft) {
    return draft.Build(round_.manifest(), round_.random());
  }

  crypto::BlindRsaPrivateKey issuer_;
  VaultRound round_;
};

TEST_F(CredentialTest, CountsMembers) {
  const auto published = round_.Publish(
      round_.Inbox({Build(MemberDraft()), Build(MemberDraft())}));
  ASSERT_OK(published);
  EXPECT_EQ(published->report.counted(), 2);
}

TEST_F(CredentialTest, DropsAnAnswerSealedByTheOperatorUnderAMembersHeader) {
  FrameDraft swapped = MemberDraft();
  // The operator has the header, not the member's signing key.
  swapped.key = crypto::SigningKey::Generate(round_.random());
  const auto published =
      round_.Publish(round_.Inbox({Build(MemberDraft()), Build(swapped)}));
  ASSERT_OK(published);
  EXPECT_EQ(published->report.counted(), 1);
  EXPECT_EQ(published->report.dropped(), 1);
}

TEST_F(CredentialTest, DropsWhoHasNoCredentialOrAnothers) {
  FrameDraft without = round_.Draft();
  FrameDraft borrowed = round_.Draft();
  borrowed.header.credential = MemberDraft().header.credential;
  FrameDraft altered = MemberDraft();
  altered.header.credential[7] ^= 1;
  const auto published = round_.Publish(
      round_.Inbox({Build(without), Build(borrowed), Build(altered)}));
  ASSERT_OK(published);
  EXPECT_EQ(published->report.counted(), 0);
  EXPECT_EQ(published->report.dropped(), 3);
}

TEST_F(CredentialTest, DropsTheCredentialOfAnotherIssuer) {
  const auto stranger = *crypto::BlindRsaPrivateKey::Generate();
  FrameDraft draft = round_.Draft();
  const auto key =
      *crypto::BlindRsaPublicKey::FromDer(stranger.public_key_der());
  const auto request = crypto::BlindRsaRequest::Blind(
      key,
      absl::StrCat(kCredentialLabel, round_.hash().view(),
                   draft.header.pseudonym.view()),
      round_.random());
  draft.header.credential =
      *request->Finalize(*stranger.BlindSign(request->blinded_message()));
  const auto published = round_.Publish(round_.Inbox({Build(draft)}));
  ASSERT_OK(published);
  EXPECT_EQ(published->report.dropped(), 1);
}

}  // namespace
}  // namespace commonwage::server::steward
