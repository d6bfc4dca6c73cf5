// SPDX-License-Identifier: Apache-2.0
#include "figures/release_identity.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "base/error.h"
#include "figures/request/resource_name.h"
#include "survey/domain_labels.h"

namespace commonwage::figures {
namespace {

constexpr absl::string_view kCollection = "releases";

}  // namespace

ReleaseIdentity IdentityOf(absl::string_view artefact, const Manifest& manifest,
                           const ManifestHash& manifest_hash) {
  return {crypto::Sha256(kReleaseHashLabel, artefact), manifest_hash,
          manifest.admission, manifest.audience};
}

absl::Status CheckAudience(const ReleaseIdentity& identity) {
  if (identity.audience != Audience::kPublic) {
    return Refusal(Reason::kReaderKeyRequired,
                   "The statistics of this round are for holders of a "
                   "reader's key.");
  }
  return absl::OkStatus();
}

std::string ReleaseName(absl::string_view round_id) {
  return RoundName(kCollection, round_id);
}

absl::StatusOr<std::string> ParseReleaseName(absl::string_view name) {
  return ParseRoundName(kCollection, "name", name);
}

std::string ReleaseCitation(absl::string_view round_id,
                            const ReleaseIdentity& identity) {
  return absl::StrCat(
      round_id, " sha256:", absl::BytesToHexString(identity.digest.view()));
}

v1::Admission ToProto(Admission admission) {
  return admission == Admission::kCredential ? v1::ADMISSION_CREDENTIAL
                                             : v1::ADMISSION_OPEN;
}

}  // namespace commonwage::figures
