// SPDX-License-Identifier: Apache-2.0
#include "server/admin/round_cancellation.h"

#include "absl/status/status.h"

#include "artefacts/signed_cancellation.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "server/admin/round_steps.h"
#include "server/command/stored_files.h"
#include "storage/catalogue/catalogue.h"
#include "survey/plan/plan.h"

namespace commonwage::server::admin {
namespace {

absl::Status RoundUnknownHere() {
  return Refusal(Reason::kUnknownRound,
                 "This round was never imported here, so there is nothing to "
                 "call off; do not import its manifest any more.");
}

}  // namespace

absl::StatusOr<StepResult> ImportCancellation(
    AdminHost& host, absl::string_view cancellation_file) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const artefacts::CheckedCancellation checked,
      artefacts::ReadSignedCancellation(cancellation_file));
  const absl::StatusOr<storage::StoredRound> round =
      GetRound(host, RoundIdOf(checked.manifest.manifest.plan));
  if (ReasonOf(round.status()) == Reason::kUnknownRound) {
    return RoundUnknownHere();
  }
  COMMONWAGE_RETURN_IF_ERROR(round.status());
  const storage::RoundSummary& summary = round->summary;
  if (checked.manifest.hash != summary.manifest_hash) {
    return Refusal(Reason::kCancellationOfAnotherManifest,
                   "The cancellation is of another manifest than the one "
                   "imported for this round; ask the steward.");
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const auto pinned,
                              host.catalogue().FindSurveyKey(summary.survey));
  COMMONWAGE_ASSIGN_OR_RETURN(storage::SignedBytes stored,
                              StoredFormOf(checked.file));
  COMMONWAGE_RETURN_IF_ERROR(
      PutFirst(pinned.value_or(crypto::VerifyKey()), stored));
  COMMONWAGE_RETURN_IF_ERROR(
      host.catalogue().ImportCancellation(summary.id, stored));
  const bool erased = summary.state == RoundState::kCancelled && summary.erased;
  COMMONWAGE_RETURN_IF_ERROR(erased ? absl::OkStatus()
                                    : Erase(host, summary.id));
  COMMONWAGE_ASSIGN_OR_RETURN(StepResult result,
                              ResultFor(host, summary, erased));
  // The round is erased without it.
  result.key_file = erased ? absl::OkStatus() : host.ReplaceKey();
  return result;
}

}  // namespace commonwage::server::admin
