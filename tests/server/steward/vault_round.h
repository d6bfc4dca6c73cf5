// SPDX-License-Identifier: Apache-2.0
// A vault with one round of the sample plan, and what tests do with it.

#ifndef COMMONWAGE_TESTS_SERVER_STEWARD_VAULT_ROUND_H_
#define COMMONWAGE_TESTS_SERVER_STEWARD_VAULT_ROUND_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "artefacts/artefact_hash.h"
#include "base/check.h"
#include "crypto/key_file.h"
#include "crypto/signature.h"
#include "crypto/sodium_random.h"
#include "server/steward/publication.h"
#include "server/steward/round_creation.h"
#include "storage/vault/vault.h"
#include "survey/manifest.h"
#include "survey/plan/plan_json.h"
#include "tests/server/steward/frame_builder.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::testing {

// The plan opens on 2026-01-01 and closes on 2026-02-01.
inline absl::Time BeforeOpening() {
  return absl::FromCivil(absl::CivilDay(2025, 12, 1), absl::UTCTimeZone());
}
inline absl::Time DuringRound() {
  return absl::FromCivil(absl::CivilDay(2026, 1, 10), absl::UTCTimeZone());
}
inline absl::Time AfterClose() {
  return absl::FromCivil(absl::CivilDay(2026, 2, 2), absl::UTCTimeZone());
}

inline Plan SamplePlan() { return *ParsePlan(SamplePlanJson()); }

// Cheap, so that tests are not about Argon2id.
inline constexpr crypto::PassphraseCost kCheap = {.passes = 1,
                                                  .memory_bytes = 8192};

// A vault in a directory of its own, with the clock past the round's close.
class VaultRound {
 public:
  explicit VaultRound(
      server::steward::RoundTerms terms = {.plan = SamplePlan()},
      crypto::SigningKey operator_key = TestOperatorKey())
      : clock_(BeforeOpening()),
        operator_key_(std::move(operator_key)),
        vault_(MakeVault()) {
    terms.operator_key = operator_key_.verify_key();
    absl::StatusOr<server::steward::CreatedRound> created =
        server::steward::CreateRound(vault_, terms, clock_, random_);
    COMMONWAGE_CHECK(created.ok());
    created_ = *std::move(created);
    manifest_ = *ParseManifest(created_.file.manifest());
    hash_ = artefacts::HashOfManifest(created_.file.manifest());
    clock_.Set(AfterClose());
  }

  // A worker of platform 0, region 0 with the median pay of the grid.
  [[nodiscard]] std::string Frame(const Answer& answer = {{0, 0}, {1250}}) {
    return Draft(answer).Build(manifest_, random_);
  }
  [[nodiscard]] FrameDraft Draft(const Answer& answer = {{0, 0}, {1250}}) {
    return DraftOf(answer, manifest_, hash_, random_);
  }
  [[nodiscard]] std::vector<std::string> Frames(size_t count) {
    std::vector<std::string> frames;
    for (size_t i = 0; i < count; ++i) {
      frames.push_back(Frame());
    }
    return frames;
  }
  [[nodiscard]] std::string Inbox(std::vector<std::string> frames,
                                  bool closed_early = false) const {
    return SealedInbox(
        hash_, std::move(frames),
        closed_early ? std::optional(DuringRound()) : std::nullopt,
        operator_key_);
  }

  absl::StatusOr<server::steward::Publication> Publish(
      const std::string& inbox,
      const server::steward::PublicationOptions& options = {}) {
    return PublishWith(vault_, inbox, options);
  }
  absl::StatusOr<server::steward::Publication> PublishWith(
      storage::Vault& vault, const std::string& inbox,
      const server::steward::PublicationOptions& options = {}) {
    // Somebody says yes, unless a test asks.
    server::steward::PublicationOptions how = options;
    if (!how.confirm_inbox) {
      how.confirm_inbox = [](const server::steward::InboxFacts&) {
        return absl::OkStatus();
      };
    }
    if (!how.confirm_early_close) {
      how.confirm_early_close = [](const server::steward::EarlyClose&) {
        return absl::OkStatus();
      };
    }
    return server::steward::PublishRound(
        vault,
        [&inbox]() -> absl::StatusOr<InboxSource> { return SourceOf(inbox); },
        clock_, random_, how);
  }

  // Opens the same vault once more.
  [[nodiscard]] storage::Vault OpenAgain() {
    return *storage::Vault::Open(directory_.File("vault"), Passphrase(),
                                 random_, kCheap);
  }

  [[nodiscard]] std::string shred_path() const {
    return directory_.File("vault/shred.key");
  }

  FakeClock& clock() { return clock_; }
  RandomSource& random() { return random_; }
  storage::Vault& vault() { return vault_; }
  const server::steward::CreatedRound& created() const { return created_; }
  const Manifest& manifest() const { return manifest_; }
  const ManifestHash& hash() const { return hash_; }

 private:
  static crypto::SecretBytes Passphrase() {
    return crypto::SecretBytes::From("correct horse");
  }
  storage::Vault MakeVault() {
    return *storage::Vault::Create(directory_.File("vault"), Passphrase(),
                                   random_, kCheap);
  }

  TempDirectory directory_;
  FakeClock clock_;
  crypto::SodiumRandom random_;
  crypto::SigningKey operator_key_;
  storage::Vault vault_;
  server::steward::CreatedRound created_;
  Manifest manifest_;
  ManifestHash hash_;
};

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_SERVER_STEWARD_VAULT_ROUND_H_
