// SPDX-License-Identifier: Apache-2.0
#include "server/statistics/release_index.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "commonwage/v1/round.pb.h"
#include "storage/signed_bytes.h"
#include "survey/domain_labels.h"
#include "survey/release.h"

namespace commonwage::server::statistics {
namespace {

using figures::LoadedRelease;
using figures::ReleaseIdentity;
using privacy::estimate::Figures;

constexpr size_t kIdentityCapacity = 100'000;
constexpr size_t kLoadedCapacityBytes = size_t{768} << 20U;
// A count is one or two bytes in a release, and eight in memory.
constexpr size_t kLoadedBytesPerByte = 8;

absl::Status StoreUnavailable() {
  return Refusal(Reason::kStoreUnavailable,
                 "The server cannot read this release just now. Try again "
                 "later.");
}

// Copies to a message that has what SignedManifest and SignedRelease share.
template <typename Message>
void CopySignatures(const storage::SignedBytes& from, Message& to) {
  for (const storage::DetachedSignature& by : from.signatures) {
    v1::Signature* signature = to.add_signatures();
    signature->set_verify_key(std::string(by.key.view()));
    signature->set_signature(std::string(by.signature.view()));
  }
}

}  // namespace

struct ReleaseIndex::Stored {
  storage::StoredRound round;
  storage::SignedBytes release;
  Manifest manifest;
  ReleaseIdentity identity;
};

ReleaseIndex::ReleaseIndex(storage::Catalogue& catalogue)
    : catalogue_(catalogue),
      identities_(kIdentityCapacity),
      loaded_(kLoadedCapacityBytes) {}

absl::Status ReleaseIndex::Refresh() {
  // Read before the rounds: what changes in between is seen next time.
  COMMONWAGE_ASSIGN_OR_RETURN(const int64_t version, catalogue_.DataVersion());
  if (version == version_) {
    return absl::OkStatus();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(std::vector<storage::RoundSummary> rounds,
                              catalogue_.ListRounds());
  std::reverse(rounds.begin(), rounds.end());
  auto list = std::make_shared<ReleaseList>();
  for (const storage::RoundSummary& round : rounds) {
    if (HasRelease(round.state)) {
      list->ids.push_back(round.id);
      list->id_set.insert(round.id);
      list->entries.push_back(
          {round.survey, round.id.substr(round.survey.size() + 1)});
    }
  }
  version_ = version;
  const MutexLock lock(mutex_);
  if (list->ids != list_->ids) {
    list->generation = list_->generation + 1;
    list_ = std::move(list);
  }
  return absl::OkStatus();
}

std::shared_ptr<const ReleaseList> ReleaseIndex::List() const {
  const MutexLock lock(mutex_);
  return list_;
}

absl::StatusOr<ReleaseIdentity> ReleaseIndex::IdentityOf(
    const std::string& id) {
  if (const auto identity = identities_.Find(id); identity != nullptr) {
    return *identity;
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const Stored stored, Read(id));
  identities_.Insert(id,
                     std::make_shared<const ReleaseIdentity>(stored.identity),
                     /*cost=*/1);
  return stored.identity;
}

absl::StatusOr<std::shared_ptr<const LoadedRelease>> ReleaseIndex::Load(
    const std::string& id) {
  if (auto loaded = loaded_.Find(id); loaded != nullptr) {
    return loaded;
  }
  COMMONWAGE_ASSIGN_OR_RETURN(Stored stored, Read(id));
  COMMONWAGE_RETURN_IF_ERROR(figures::CheckAudience(stored.identity));
  COMMONWAGE_ASSIGN_OR_RETURN(Release release,
                              ParseRelease(stored.release.bytes));
  COMMONWAGE_ASSIGN_OR_RETURN(
      Figures figures,
      Figures::Of(std::move(stored.manifest), std::move(release)));
  auto loaded = std::make_shared<const LoadedRelease>(
      LoadedRelease{stored.identity, std::move(figures)});
  loaded_.Insert(id, loaded, stored.release.bytes.size() * kLoadedBytesPerByte);
  return loaded;
}

absl::StatusOr<std::string> ReleaseIndex::ReadSigned(const std::string& id) {
  COMMONWAGE_ASSIGN_OR_RETURN(const Stored stored, Read(id));
  COMMONWAGE_RETURN_IF_ERROR(figures::CheckAudience(stored.identity));
  const storage::SignedBytes& manifest = stored.round.manifest;
  v1::SignedRelease message;
  message.set_release(stored.release.bytes);
  CopySignatures(stored.release, message);
  message.mutable_manifest()->set_manifest(manifest.bytes);
  CopySignatures(manifest, *message.mutable_manifest());
  return message.SerializeAsString();
}

absl::StatusOr<ReleaseIndex::Stored> ReleaseIndex::Read(const std::string& id) {
  if (!List()->id_set.contains(id)) {
    return Refusal(Reason::kUnknownRelease, "This server has no such release.");
  }
  absl::StatusOr<std::optional<storage::StoredRound>> round =
      catalogue_.FindRound(id);
  absl::StatusOr<std::optional<storage::SignedBytes>> release =
      catalogue_.FindRelease(id);
  if (!round.ok() || !round->has_value() || !release.ok() ||
      !release->has_value()) {
    return StoreUnavailable();
  }
  Stored stored;
  stored.round = **std::move(round);
  stored.release = **std::move(release);
  COMMONWAGE_ASSIGN_OR_RETURN(stored.manifest,
                              ParseManifest(stored.round.manifest.bytes));
  stored.identity = figures::IdentityOf(stored.release.bytes, stored.manifest,
                                        stored.round.summary.manifest_hash);
  return stored;
}

}  // namespace commonwage::server::statistics
