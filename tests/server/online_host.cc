// SPDX-License-Identifier: Apache-2.0
#include "tests/server/online_host.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "artefacts/artefact_hash.h"
#include "base/check.h"
#include "base/status_macros.h"
#include "crypto/key_file.h"
#include "crypto/opening/opening_key.h"
#include "crypto/sodium_random.h"
#include "storage/inbox/sqlcipher_inbox.h"
#include "survey/answer.h"
#include "survey/cells.h"
#include "survey/domain_labels.h"
#include "survey/plan/plan_json.h"
#include "survey/plan/tree_shape.h"
#include "survey/release.h"
#include "tests/testing/sample_plan.h"

namespace commonwage::testing {
namespace {

template <typename T>
T Must(absl::StatusOr<T> value) {
  COMMONWAGE_CHECK(value.ok());
  return *std::move(value);
}

void Must(const absl::Status& status) { COMMONWAGE_CHECK(status.ok()); }

// A tree of `people` that are spread evenly, without noise.
std::vector<int64_t> EvenTree(const std::vector<int64_t>& fanouts,
                              int64_t people) {
  const TreeShape shape(fanouts);
  std::vector<int64_t> nodes(shape.node_count());
  for (size_t level = 0; level < shape.levels(); ++level) {
    const auto size = static_cast<int64_t>(shape.level_size(level));
    for (int64_t i = 0; i < size; ++i) {
      nodes[shape.level_offset(level) + static_cast<size_t>(i)] =
          people * (i + 1) / size - people * i / size;
    }
  }
  return nodes;
}

Release SampleRelease(const SampleRound& round) {
  const Plan& plan = round.manifest.plan;
  Release release;
  release.round_id = round.id;
  release.manifest_hash = round.hash;
  release.k = plan.k;
  release.code_version = "0.1.0";
  for (size_t i = 0; i < plan.marginals.size(); ++i) {
    const Marginal& marginal = plan.marginals[i];
    ReleasedMarginal released;
    released.id = marginal.id;
    released.mechanism = marginal.mechanism;
    released.noise_per_level = NoiseOf(marginal);
    released.tau = round.manifest.taus[i];
    released.threshold_delta = plan.threshold_delta;
    released.cells.resize(CellSpace(plan, marginal).size());
    for (size_t cell = 1; cell < released.cells.size(); ++cell) {
      released.cells[cell] =
          EvenTree(marginal.fanouts, 400 + 40 * static_cast<int64_t>(cell));
    }
    release.marginals.push_back(std::move(released));
  }
  return release;
}

}  // namespace

OnlineHost::OnlineHost(uint64_t seed) : random_(seed) {
  Must(crypto::InitCrypto());
  Must(crypto::CreateKeyFile(kek_path(), random_));
  const crypto::Secret<32> kek = Must(crypto::LoadKeyFile(kek_path()));
  directory_ = Must(storage::DataDirectory::Create(data_path()));
  keyring_ = Must(storage::Keyring::Create(*directory_, kek, random_));
  Must(keyring_->Create(storage::kReceiptKey, storage::kMainKeyId, random_)
           .status());
  const crypto::Secret<32> key = Must(
      keyring_->Create(storage::kCatalogueKey, storage::kMainKeyId, random_));
  storage::OpenOptions options;
  options.create = true;
  catalogue_ = Must(
      storage::Catalogue::Open(directory_->catalogue_path(), key, options));
  survey_key_ = crypto::SigningKey::Generate(random_);
}

Manifest OnlineHost::SampleManifest(const std::string& round) {
  Manifest manifest;
  manifest.plan = Must(ParsePlan(SamplePlanJson()));
  manifest.plan.round = round;
  manifest.taus.assign(manifest.plan.marginals.size(), 40);
  manifest.round_public_key = std::string(
      crypto::opening::OpeningKey::Generate(random_).public_key().view());
  manifest.operator_public_key = std::string(receipt_key().verify_key().view());
  manifest.code_version = "0.1.0";
  return manifest;
}

SampleRound OnlineHost::Import(const Manifest& manifest) {
  const std::string bytes = WriteManifest(manifest);
  SampleRound round;
  round.id = RoundIdOf(manifest.plan);
  round.manifest = manifest;
  round.hash = artefacts::HashOfManifest(bytes);
  round.terms = client::MakeSealingTerms(manifest, round.hash);
  Must(catalogue_->ImportRound(Sign(kManifestSignatureLabel, bytes), manifest,
                               round.hash));
  return round;
}

void OnlineHost::ImportRelease(const SampleRound& round) {
  ImportRelease(round, SampleRelease(round));
}

void OnlineHost::ImportRelease(const SampleRound& round,
                               const Release& release) {
  const auto stored = Must(catalogue_->FindRound(round.id));
  if (stored->summary.state < storage::RoundState::kClosed) {
    Must(catalogue_->CloseRound(round.id, /*closed_early_at=*/std::nullopt,
                                storage::InboxRoot()));
  }
  Must(catalogue_->ImportRelease(
      round.id, Sign(kReleaseSignatureLabel, WriteRelease(release))));
}

std::unique_ptr<storage::Catalogue> OnlineHost::OpenCatalogue() const {
  return Must(storage::Catalogue::Open(
      directory_->catalogue_path(),
      Must(keyring_->Get(storage::kCatalogueKey, storage::kMainKeyId))));
}

absl::StatusOr<std::unique_ptr<storage::Inbox>> OnlineHost::OpenInbox(
    absl::string_view round_id, bool may_create, const char* vfs) {
  COMMONWAGE_ASSIGN_OR_RETURN(std::optional<crypto::Secret<32>> key,
                              keyring_->Find(storage::kInboxKey, round_id));
  if (!key.has_value()) {
    COMMONWAGE_ASSIGN_OR_RETURN(
        key, keyring_->Create(storage::kInboxKey, round_id, random_));
  }
  storage::OpenOptions options;
  options.create = may_create;
  options.vfs = vfs;
  return storage::OpenSqlcipherInbox(directory_->inbox_path(round_id), *key,
                                     random_, options);
}

std::string OnlineHost::Frame(const SampleRound& round, uint64_t worker,
                              Operation operation, uint64_t sequence,
                              absl::string_view credential, int64_t pay) {
  SeededRandom random(1000 + worker);
  const crypto::SigningKey key = client::DerivePseudonymKey(
      crypto::Secret<32>::Random(random), round.hash);
  const client::FrameOrder order{operation, sequence, credential};
  if (operation == Operation::kWithdraw) {
    return Must(client::BuildWithdrawal(round.terms, key, order, random));
  }
  const Plan& plan = round.manifest.plan;
  Answer answer;
  answer.value_indexes.assign(plan.dimensions.size(), 0);
  answer.minor_units.assign(plan.measures.size(), pay);
  return Must(client::BuildFrame(round.terms, key, order, answer, random));
}

crypto::SigningKey OnlineHost::receipt_key() const {
  return crypto::SigningKey::FromSeed(
      Must(keyring_->Get(storage::kReceiptKey, storage::kMainKeyId)));
}

storage::SignedBytes OnlineHost::Sign(absl::string_view label,
                                      std::string bytes) {
  storage::SignedBytes signed_bytes;
  signed_bytes.signatures = {
      {survey_key_->verify_key(), survey_key_->Sign(label, bytes)}};
  signed_bytes.bytes = std::move(bytes);
  return signed_bytes;
}

}  // namespace commonwage::testing
