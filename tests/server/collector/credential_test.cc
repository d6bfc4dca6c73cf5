// SPDX-License-Identifier: Apache-2.0
// Rounds that admit members only.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "crypto/blind/blind_rsa.h"
#include "crypto/blind/blind_rsa_key.h"
#include "survey/domain_labels.h"
#include "survey/frame.h"
#include "tests/server/collector/collector_fixture.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::collector {
namespace {

using crypto::BlindRsaPrivateKey;
using testing::HasReason;
using testing::SampleRound;
using testing::StatusIs;

class CredentialTest : public CollectorFixture {
 protected:
  CredentialTest() {
    round_ = Import("members-only", *issuer_);
    EXPECT_OK(keeper_.Refresh());
  }

  SampleRound Import(const std::string& name,
                     const BlindRsaPrivateKey& issuer) {
    Manifest manifest = host_.SampleManifest(name);
    manifest.admission = Admission::kCredential;
    manifest.issuer_public_key = issuer.public_key_der();
    return host_.Import(manifest);
  }

  // The credential of `issuer` for the worker of a frame.
  std::string CredentialFor(absl::string_view frame,
                            const BlindRsaPrivateKey& issuer) {
    const FrameHeader header = FrameView::Parse(frame)->header();
    const auto key =
        crypto::BlindRsaPublicKey::FromDer(issuer.public_key_der());
    const auto request = crypto::BlindRsaRequest::Blind(
        *key,
        absl::StrCat(kCredentialLabel, header.manifest_hash.view(),
                     header.pseudonym.view()),
        host_.random());
    return request->Finalize(*issuer.BlindSign(request->blinded_message()))
        .value();
  }

  std::string FrameWith(uint64_t worker, const std::string& credential) {
    return host_.Frame(round_, worker, Operation::kSubmit, 0, credential);
  }

  absl::StatusOr<BlindRsaPrivateKey> issuer_ = BlindRsaPrivateKey::Generate();
  SampleRound round_;
};

TEST_F(CredentialTest, AdmitsTheHolderOfACredential) {
  const std::string credential =
      CredentialFor(host_.Frame(round_, 1), *issuer_);
  EXPECT_OK(Admit(FrameWith(1, credential)));
}

TEST_F(CredentialTest, RefusesEveryOtherCredentialInTheSameWords) {
  const std::string own = CredentialFor(host_.Frame(round_, 1), *issuer_);
  const auto stranger = BlindRsaPrivateKey::Generate();
  const SampleRound other_round = Import("another", *issuer_);

  std::vector<std::string> wrong = {
      std::string(kCredentialSize, '\0'),
      std::string(kCredentialSize, '\xff'),
      CredentialFor(host_.Frame(round_, 2), *issuer_),
      CredentialFor(host_.Frame(other_round, 1), *issuer_),
      CredentialFor(host_.Frame(round_, 1), *stranger),
  };
  for (size_t bit = 0; bit < kCredentialSize * 8; bit += 97) {
    wrong.push_back(own);
    wrong.back()[bit / 8] = static_cast<char>(
        static_cast<uint8_t>(own[bit / 8]) ^ (1U << (bit % 8)));
  }
  std::optional<absl::Status> first;
  for (const std::string& credential : wrong) {
    const auto refused = Admit(FrameWith(1, credential));
    EXPECT_THAT(refused, HasReason(Reason::kCredentialRefused));
    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kPermissionDenied));
    first = first.value_or(refused.status());
    EXPECT_EQ(refused.status(), *first);
  }
  EXPECT_OK(Admit(FrameWith(1, own)));
}

TEST_F(CredentialTest, AsksForTheCredentialToAmendAndWithdrawToo) {
  const std::string credential =
      CredentialFor(host_.Frame(round_, 1), *issuer_);
  ASSERT_OK(Admit(FrameWith(1, credential)));
  EXPECT_THAT(Admit(host_.Frame(round_, 1, Operation::kWithdraw, 1)),
              HasReason(Reason::kCredentialRefused));
  EXPECT_OK(Admit(host_.Frame(round_, 1, Operation::kWithdraw, 1, credential)));
}

}  // namespace
}  // namespace commonwage::server::collector
