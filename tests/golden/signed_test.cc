// SPDX-License-Identifier: Apache-2.0
// What is signed, hashed and derived, and the signed files that travel, as they
// were on the day they were fixed: the same keys and bytes give the same again.

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <gtest/gtest.h>

#include "artefacts/release_files.h"
#include "artefacts/signed_cancellation.h"
#include "artefacts/signed_manifest.h"
#include "artefacts/signed_release.h"
#include "client/submission.h"
#include "crypto/derive.h"
#include "crypto/fingerprint.h"
#include "crypto/hash.h"
#include "crypto/key_file.h"
#include "crypto/recovery_words.h"
#include "crypto/secret.h"
#include "crypto/signature.h"
#include "crypto/spoken_digest.h"
#include "storage/inbox/inbox_root.h"
#include "survey/cancellation.h"
#include "survey/domain_labels.h"
#include "survey/enrolment_request.h"
#include "survey/inbox_file.h"
#include "survey/receipt.h"
#include "survey/release.h"
#include "tests/survey/samples.h"
#include "tests/testing/golden.h"
#include "tests/testing/sign_files.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using artefacts::ReadSignedCancellation;
using artefacts::ReadSignedManifest;
using artefacts::ReadSignedRelease;
using artefacts::SignManifest;
using testing::Golden;
using testing::SignCancellation;
using testing::SignRelease;

crypto::Secret<32> SecretOf(char byte) {
  return *crypto::Secret<32>::From(std::string(32, byte));
}

crypto::SigningKey SurveyKey() {
  return crypto::SigningKey::FromSeed(SecretOf('\x21'));
}

std::string InboxDigest() {
  const std::string inbox = Golden("inbox.bin");
  return inbox.substr(inbox.size() - kInboxTrailerSize, kInboxDigestSize);
}

// Lines "name value", the value of bytes in hexadecimal digits.
class Derivations {
 public:
  void AddBytes(absl::string_view name, absl::string_view bytes) {
    AddText(name, absl::BytesToHexString(bytes));
  }
  void AddText(absl::string_view name, absl::string_view value) {
    absl::StrAppend(&text_, name, " ", value, "\n");
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// Of a worker, in a round.
void AddWorker(Derivations& all) {
  const ManifestHash hash = testing::SampleManifestHash();
  const crypto::Secret<32> seed = SecretOf('\x22');
  const crypto::SigningKey key = client::DerivePseudonymKey(seed, hash);
  all.AddBytes("pseudonym", client::PseudonymOf(key).view());
  all.AddBytes(
      "blinding-seed",
      crypto::Derive(seed, kBlindingSeedLabel, hash.view()).ExposeText());
  all.AddText("recovery-words", crypto::RecoveryWords(seed).ExposeText());
  const std::string frame = Golden("frame.bin");
  all.AddBytes("frame-digest", client::DigestOfFrame(frame).view());
  all.AddBytes("round-key-id",
               client::MakeSealingTerms(testing::SampleManifest(), hash)
                   .round_key_id.view());
  all.AddBytes("receipt-signature",
               SurveyKey()
                   .Sign(kReceiptSignatureLabel,
                         ReceiptSignedBytes(testing::SampleReceipt()))
                   .view());
}

// Of the union office.
void AddOffice(Derivations& all) {
  const std::string blinded(kBlindedMessageSize, '\x23');
  const std::string key_digest(
      crypto::Sha256(kIssuerKeyDigestLabel, std::string(294, '\x30')).view());
  all.AddBytes("issuer-key-digest", key_digest);
  all.AddBytes("blinded-request",
               crypto::Sha256(kBlindedRequestLabel, blinded).view());
  all.AddBytes("enrolment-code",
               crypto::KeyedDigest(SecretOf('\x24'), kEnrolmentCodeLabel,
                                   "0123456789ABC")
                   .view());
  all.AddBytes("request-checksum",
               crypto::Sha256(kRequestChecksumLabel,
                              ChecksummedBytes({.round_id = "couriers.2026-q1",
                                                .issuer_key_digest = key_digest,
                                                .blinded_message = blinded,
                                                .checksum = ""}))
                   .view());
  all.AddBytes(
      "kept-code-key",
      crypto::Derive(SecretOf('\x24'), kKeptCodeLabel, "").ExposeText());
}

// Of anybody who types a passphrase: with its accents apart and a wide space.
void AddPassphrase(Derivations& all) {
  const crypto::SecretBytes passphrase =
      crypto::SecretBytes::From("gru\u0308ne\u3000Wiese");
  all.AddBytes(
      "passphrase-key",
      crypto::KeyFromPassphrase(
          passphrase, *crypto::PassphraseSalt::From(std::string(16, '\x25')),
          {.passes = 1, .memory_bytes = 8192})
          ->ExposeText());
}

// Of the online host and of the steward.
void AddHosts(Derivations& all) {
  all.AddBytes(
      "release-hash",
      crypto::Sha256(kReleaseHashLabel, WriteRelease(testing::SampleRelease()))
          .view());
  storage::InboxRootSum root(SecretOf('\x25'));
  for (const bool withdrawn : {false, true}) {
    root.Add({.pseudonym = *Pseudonym::From(std::string(32, '\x26')),
              .sequence = 3,
              .frame_digest = *crypto::Digest::From(std::string(32, '\x27')),
              .withdrawn = withdrawn});
  }
  all.AddBytes("inbox-root", root.root().view());
  all.AddText("fingerprint", crypto::Fingerprint(SurveyKey().verify_key()));
  all.AddText("fingerprint-words",
              crypto::FingerprintWords(SurveyKey().verify_key()));
  all.AddText("inbox-words",
              crypto::SpokenDigest(*crypto::Digest::From(InboxDigest())));
}

TEST(GoldenSignedTest, WhatIsHashedAndDerivedIsAsEver) {
  Derivations all;
  AddWorker(all);
  AddOffice(all);
  AddPassphrase(all);
  AddHosts(all);
  EXPECT_EQ(all.text(), Golden("derived.txt"));
}

TEST(GoldenSignedTest, TheManifestFileIsWrittenAndReadAsEver) {
  const auto file =
      SignManifest(WriteManifest(testing::SampleManifest()), SurveyKey());
  EXPECT_EQ(file.SerializeAsString(), Golden("round.manifest"));
  const auto read = ReadSignedManifest(Golden("round.manifest"));
  ASSERT_OK(read);
  EXPECT_EQ(read->manifest, testing::SampleManifest());
  EXPECT_EQ(read->signers.front(), SurveyKey().verify_key());
}

TEST(GoldenSignedTest, TheReleaseFileIsWrittenAndReadAsEver) {
  const auto file = SignRelease(
      WriteRelease(testing::SampleRelease()),
      SignManifest(WriteManifest(testing::SampleManifest()), SurveyKey()),
      InboxDigest(), SurveyKey());
  EXPECT_EQ(file.SerializeAsString(), Golden("round.release"));
  const auto read = ReadSignedRelease(Golden("round.release"));
  ASSERT_OK(read);
  EXPECT_EQ(read->release, testing::SampleRelease());
  EXPECT_EQ(artefacts::WriteSignatures(read->file.signatures()),
            Golden("RELEASE.sig"));
}

TEST(GoldenSignedTest, TheCancellationFileIsWrittenAndReadAsEver) {
  const auto file = SignCancellation(
      WriteCancellation({testing::SampleManifestHash()}),
      SignManifest(WriteManifest(testing::SampleManifest()), SurveyKey()),
      SurveyKey());
  EXPECT_EQ(file.SerializeAsString(), Golden("round.cancellation"));
  const auto read = ReadSignedCancellation(Golden("round.cancellation"));
  ASSERT_OK(read);
  EXPECT_EQ(read->manifest.hash, testing::SampleManifestHash());
  EXPECT_EQ(read->signers.front(), SurveyKey().verify_key());
}

}  // namespace
}  // namespace commonwage
