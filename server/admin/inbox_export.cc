// SPDX-License-Identifier: Apache-2.0
#include "server/admin/inbox_export.h"

#include <memory>
#include <utility>

#include "absl/status/status.h"

#include "artefacts/inbox_digest.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "crypto/signature.h"
#include "server/admin/round_steps.h"
#include "storage/inbox/inbox.h"

namespace commonwage::server::admin {
namespace {

using storage::RoundState;
using storage::StoredRound;

constexpr uint64_t kFramesPerProgress = 4096;

absl::Status CheckExportable(const StoredRound& round) {
  COMMONWAGE_RETURN_IF_ERROR(RefuseCancelled(round.summary));
  if (round.summary.state < RoundState::kClosed ||
      !round.inbox_root.has_value()) {
    return Refusal(Reason::kRoundNotClosed,
                   "The round is not closed yet; run round close first.");
  }
  if (round.summary.state > RoundState::kClosed) {
    return Refusal(Reason::kRoundPublished,
                   "The round is published, and its submissions are erased.");
  }
  return RefuseSetAside(round.summary);
}

absl::StatusOr<ExportedInbox> WriteInbox(
    AdminHost& host, const StoredRound& round, const InboxSink& sink,
    const command::ProgressCallback& progress) {
  COMMONWAGE_RETURN_IF_ERROR(CheckExportable(round));
  COMMONWAGE_ASSIGN_OR_RETURN(crypto::SigningKey key, host.ReceiptKey());
  COMMONWAGE_ASSIGN_OR_RETURN(const std::unique_ptr<storage::Inbox> inbox,
                              host.OpenInbox(round.summary.id));
  COMMONWAGE_ASSIGN_OR_RETURN(const uint64_t total, inbox->CountFrames());
  artefacts::Sha256InboxDigest digest;
  InboxWriter writer(sink, digest, artefacts::MakeInboxSigner(std::move(key)));
  COMMONWAGE_RETURN_IF_ERROR(
      writer.Start({.manifest_hash = round.summary.manifest_hash,
                    .closed_early_at = round.summary.closed_early_at,
                    .frame_count = total}));
  uint64_t done = 0;
  COMMONWAGE_RETURN_IF_ERROR(inbox->Export(
      *round.inbox_root, [&](absl::string_view frame) -> absl::Status {
        if (progress && done % kFramesPerProgress == 0) {
          progress(done, total);
        }
        ++done;
        return writer.Append(frame);
      }));
  ExportedInbox exported{.round_id = round.summary.id, .submissions = total};
  COMMONWAGE_ASSIGN_OR_RETURN(exported.digest, writer.Finish());
  if (progress) {
    progress(total, total);
  }
  return exported;
}

}  // namespace

absl::StatusOr<ExportedInbox> ExportInbox(
    AdminHost& host, absl::string_view round_id, const InboxSink& sink,
    const command::ProgressCallback& progress) {
  COMMONWAGE_ASSIGN_OR_RETURN(const StoredRound round,
                              GetRound(host, round_id));
  COMMONWAGE_ASSIGN_OR_RETURN(ExportedInbox exported,
                              WriteInbox(host, round, sink, progress));
  COMMONWAGE_RETURN_IF_ERROR(
      host.catalogue().NoteExport(round_id, exported.digest));
  return exported;
}

absl::StatusOr<std::string> HeldInboxDigest(AdminHost& host,
                                            const StoredRound& round) {
  if (!round.exported_digest.empty()) {
    return round.exported_digest;
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      const ExportedInbox held,
      WriteInbox(
          host, round, [](absl::string_view) { return absl::OkStatus(); },
          nullptr));
  return held.digest;
}

}  // namespace commonwage::server::admin
