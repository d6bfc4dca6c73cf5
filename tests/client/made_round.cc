// SPDX-License-Identifier: Apache-2.0
#include "tests/client/made_round.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "artefacts/artefact_hash.h"
#include "base/check.h"
#include "client/submission.h"
#include "privacy/threshold.h"
#include "survey/cancellation.h"
#include "survey/domain_labels.h"
#include "survey/plan/plan_json.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/seeded_random.h"

namespace commonwage::testing {

v1::Signature SignWith(const crypto::SigningKey& key, absl::string_view label,
                       absl::string_view bytes) {
  v1::Signature signature;
  signature.set_verify_key(std::string(key.verify_key().view()));
  signature.set_signature(std::string(key.Sign(label, bytes).view()));
  return signature;
}

v1::SignedCancellation MadeRound::Cancellation() const {
  v1::SignedCancellation file;
  file.set_cancellation(WriteCancellation({manifest_hash}));
  *file.add_signatures() =
      SignWith(survey_key, kCancellationSignatureLabel, file.cancellation());
  *file.mutable_manifest() = ToProto(v1::ROUND_STATE_OPEN).signed_manifest();
  return file;
}

v1::Round MadeRound::CalledOff() const {
  v1::Round round = ToProto(v1::ROUND_STATE_CANCELLED);
  *round.mutable_cancellation() = Cancellation();
  round.mutable_cancellation()->clear_manifest();
  return round;
}

MadeRound MakeRound(const RoundWishes& wishes) {
  SeededRandom random(wishes.seed);
  absl::StatusOr<Plan> plan = ParsePlan(SamplePlanJson());
  COMMONWAGE_CHECK(plan.ok());
  crypto::opening::OpeningKey opening_key =
      crypto::opening::OpeningKey::Generate(random);
  crypto::SigningKey survey_key = crypto::SigningKey::Generate(random);
  crypto::SigningKey receipt_key = crypto::SigningKey::Generate(random);

  Manifest manifest;
  manifest.plan = *std::move(plan);
  manifest.plan.round = wishes.round;
  manifest.plan.opens_at += wishes.later;
  manifest.plan.closes_at += wishes.later;
  manifest.plan.dimensions[0].base = wishes.platform_base;
  if (wishes.cap_micro_rho > 0) {
    manifest.plan.survey_cap_micro_rho = wishes.cap_micro_rho;
  }
  for (const Marginal& marginal : manifest.plan.marginals) {
    const absl::StatusOr<int64_t> tau = privacy::MinimalTau(
        marginal, manifest.plan.k, manifest.plan.threshold_delta);
    COMMONWAGE_CHECK(tau.ok());
    manifest.taus.push_back(*tau);
  }
  manifest.round_public_key = std::string(opening_key.public_key().view());
  manifest.operator_public_key = std::string(receipt_key.verify_key().view());
  manifest.code_version = "test";
  if (!wishes.issuer_public_key.empty()) {
    manifest.admission = Admission::kCredential;
    manifest.issuer_public_key = wishes.issuer_public_key;
  }
  std::string bytes = WriteManifest(manifest);
  const ManifestHash hash = artefacts::HashOfManifest(bytes);
  return {
      std::move(manifest),   std::move(bytes),       hash,
      std::move(survey_key), std::move(receipt_key), std::move(opening_key)};
}

v1::Round MadeRound::ToProto(v1::RoundState state) const {
  v1::Round round;
  round.set_name(absl::StrCat("rounds/", Id()));
  round.set_state(state);
  round.mutable_signed_manifest()->set_manifest(manifest_bytes);
  *round.mutable_signed_manifest()->add_signatures() =
      SignWith(survey_key, kManifestSignatureLabel, manifest_bytes);
  round.set_admission(manifest.admission == Admission::kOpen
                          ? v1::ADMISSION_OPEN
                          : v1::ADMISSION_CREDENTIAL);
  return round;
}

}  // namespace commonwage::testing
