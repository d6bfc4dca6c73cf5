// SPDX-License-Identifier: Apache-2.0
// Values of every format of survey/, for the tests of this folder.

#ifndef COMMONWAGE_TESTS_SURVEY_SAMPLES_H_
#define COMMONWAGE_TESTS_SURVEY_SAMPLES_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include <gtest/gtest.h>

#include "base/error.h"
#include "crypto/hash.h"
#include "crypto/secret.h"
#include "crypto/signature.h"
#include "survey/answer.h"
#include "survey/cells.h"
#include "survey/domain_labels.h"
#include "survey/frame.h"
#include "survey/inbox_file.h"
#include "survey/invitation.h"
#include "survey/manifest.h"
#include "survey/plan/plan.h"
#include "survey/plan/plan_json.h"
#include "survey/plan/tree_shape.h"
#include "survey/receipt.h"
#include "survey/release.h"
#include "tests/testing/sample_plan.h"

namespace commonwage::testing {

// The shared sample plan with every optional part.
inline Plan SamplePlan() {
  Plan plan = *ParsePlan(SamplePlanJson());
  plan.dimensions[1].base = "north";
  Measure& pay = plan.measures[0];
  pay.inner_edges[7] = 1201;
  pay.steps = {1200};
  pay.upper_tail = {.from = 2000, .micro_index = 2'500'000};
  pay.lower_tail = {.from = 800, .micro_index = 4'000'001};
  plan.labels = {
      {.id = "couriers", .value = "", .language = "en", .text = "Couriers"},
      {.id = "region", .value = "", .language = "en", .text = "Region"},
      {.id = "region",
       .value = "north",
       .language = "pt-BR",
       .text = "a \"região\" norte\\"}};
  plan.anchors = {{.id = "minimum", .measure = "hourly_pay", .edge = 1200}};
  plan.population = {{.dimension = "region", .value = "north", .members = 1500},
                     {.dimension = "region", .value = "south", .members = 0}};
  return plan;
}

inline crypto::SigningKey SampleOperatorKey() {
  return crypto::SigningKey::FromSeed(
      *crypto::Secret<32>::From(std::string(32, '\x2f')));
}

inline Manifest SampleManifest() {
  return {.plan = SamplePlan(),
          .taus = {28, 68},
          .round_public_key = std::string(kRoundPublicKeySize, '\x5a'),
          .operator_public_key =
              std::string(SampleOperatorKey().verify_key().view()),
          .admission = Admission::kCredential,
          .issuer_public_key = std::string(294, '\x30'),
          .audience = Audience::kKeyed,
          .code_version = "0.1.0"};
}

inline Answer SampleAnswer() {
  return {.value_indexes = {2, 1}, .minor_units = {1735}};
}

inline ManifestHash SampleManifestHash() {
  const crypto::Digest digest =
      crypto::Sha256(kManifestHashLabel, WriteManifest(SampleManifest()));
  return *ManifestHash::From(digest.view());
}

inline FrameHeader SampleFrameHeader() {
  FrameHeader header;
  header.operation = Operation::kAmend;
  header.sequence = 3;
  header.manifest_hash = SampleManifestHash();
  header.pseudonym = *Pseudonym::From(std::string(32, '\x11'));
  header.round_key_id = *RoundKeyId::From("\1\2\3\4\5\6\7\x8");
  header.credential = std::string(kCredentialSize, '\x22');
  return header;
}

// A frame in form; nothing in it is really sealed or signed.
inline std::string FrameOf(const FrameHeader& header) {
  std::string frame = WriteFrameHead(header);
  frame.append(kFrameEncSize, '\x33');
  frame.append(kFrameCiphertextSize, '\x44');
  frame.append(kFrameSignatureSize, '\x55');
  return frame;
}

// A frame in form of the pseudonym that begins with `first`.
inline std::string FrameOfPseudonym(uint8_t first) {
  FrameHeader header = SampleFrameHeader();
  header.pseudonym.data()[0] = first;
  return FrameOf(header);
}

inline Receipt SampleReceipt() {
  return {.manifest_hash = SampleManifestHash(),
          .frame_digest = *FrameDigest::From(std::string(32, '\x66')),
          .sequence = 3,
          .status = ReceiptStatus::kWithdrawn};
}

class Sha256InboxDigest final : public InboxDigest {
 public:
  void Update(absl::string_view bytes) override { stream_.Update(bytes); }
  std::string Finish() override { return std::string(stream_.Finish().view()); }

 private:
  crypto::Sha256Stream stream_{kInboxDigestLabel};
};

inline std::string SampleInboxSignature(absl::string_view message) {
  return std::string(
      SampleOperatorKey().Sign(kInboxSignatureLabel, message).view());
}

inline bool IsSampleInboxSignature(absl::string_view message,
                                   absl::string_view signature) {
  return crypto::Verify(SampleOperatorKey().verify_key(), kInboxSignatureLabel,
                        message, *crypto::Signature::From(signature));
}

// An inbox file of `frames`, made by InboxWriter.
inline std::string InboxOf(const std::vector<std::string>& frames) {
  std::string file;
  Sha256InboxDigest digest;
  InboxWriter writer(
      [&file](absl::string_view bytes) {
        absl::StrAppend(&file, bytes);
        return absl::OkStatus();
      },
      digest, SampleInboxSignature);
  EXPECT_TRUE(
      writer
          .Start({.manifest_hash = SampleManifestHash(),
                  .closed_early_at = absl::FromUnixSeconds(1'769'000'000),
                  .frame_count = frames.size()})
          .ok());
  for (const std::string& frame : frames) {
    EXPECT_TRUE(writer.Append(frame).ok());
  }
  EXPECT_TRUE(writer.Finish().ok());
  return file;
}

// A source that hands out `file` at most `step` bytes at a time.
inline InboxSource SourceOf(std::string file, size_t step = 1 << 20) {
  return [file = std::move(file), step, at = size_t{0}](
             absl::Span<char> out) mutable -> absl::StatusOr<size_t> {
    const size_t length = std::min({step, out.size(), file.size() - at});
    std::copy_n(file.begin() + static_cast<std::ptrdiff_t>(at), length,
                out.begin());
    at += length;
    return length;
  };
}

// A release of SampleManifest(): the first cell of each marginal is released,
// the rest is withheld.
inline Release SampleRelease() {
  const Manifest manifest = SampleManifest();
  Release release{.round_id = RoundIdOf(manifest.plan),
                  .manifest_hash = SampleManifestHash(),
                  .k = manifest.plan.k,
                  .closed_early = true,
                  .code_version = "0.1.0",
                  .marginals = {}};
  for (size_t i = 0; i < manifest.taus.size(); ++i) {
    const Marginal& marginal = manifest.plan.marginals[i];
    ReleasedMarginal& released = release.marginals.emplace_back();
    released.id = marginal.id;
    released.mechanism = marginal.mechanism;
    released.noise_per_level = NoiseOf(marginal);
    released.tau = manifest.taus[i];
    released.threshold_delta = manifest.plan.threshold_delta;
    released.cells.resize(CellSpace(manifest.plan, marginal).size());
    std::vector<int64_t> nodes(TreeShape(marginal.fanouts).node_count(), -7);
    nodes.front() = 300;
    nodes.back() = int64_t{1} << 40;
    released.cells.front() = std::move(nodes);
  }
  return release;
}

inline Invitation SampleInvitation() {
  return {.server = "survey.example:443",
          .office = "office.example:443",
          .survey = "couriers",
          .survey_key = "0123-4567-89ab-cdef-0123-4567-89ab-cdef-0123-4567",
          .admission = Admission::kCredential};
}

// Returns the places of the faults attached to `status`.
inline std::vector<std::string> PlacesOf(const absl::Status& status) {
  std::vector<std::string> places;
  for (const Fault& fault : FaultsOf(status)) {
    places.push_back(fault.place);
  }
  return places;
}

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_SURVEY_SAMPLES_H_
