// SPDX-License-Identifier: Apache-2.0
#include "storage/catalogue/inbox_age.h"

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "base/error.h"
#include "base/status_macros.h"

namespace commonwage::storage {

absl::Status CheckInboxAge(Inbox& inbox, const RoundSummary& round) {
  COMMONWAGE_ASSIGN_OR_RETURN(const uint64_t commits, inbox.CountCommits());
  if (commits < round.inbox_commits) {
    return Refusal(
        Reason::kInboxRolledBack,
        absl::StrCat("The file with the submissions of round ", round.id,
                     " is an older copy: some that were acknowledged are not "
                     "in it. Put the newest file back, or the whole data "
                     "directory from one backup."));
  }
  return absl::OkStatus();
}

absl::Status NoteInboxAge(Inbox& inbox, RoundSummary& round,
                          Catalogue& catalogue) {
  COMMONWAGE_ASSIGN_OR_RETURN(const uint64_t commits, inbox.CountCommits());
  if (commits <= round.inbox_commits) {
    return absl::OkStatus();
  }
  COMMONWAGE_RETURN_IF_ERROR(catalogue.NoteInboxCommits(round.id, commits));
  round.inbox_commits = commits;
  return absl::OkStatus();
}

}  // namespace commonwage::storage
