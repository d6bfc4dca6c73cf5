// SPDX-License-Identifier: Apache-2.0
#include "server/admin/counted_inbox.h"

#include <algorithm>
#include <string>

#include "absl/status/statusor.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "server/admin/inbox_export.h"
#include "server/admin/round_steps.h"

namespace commonwage::server::admin {

absl::Status CheckCountedInbox(AdminHost& host,
                               const storage::StoredRound& round,
                               const artefacts::CheckedRelease& release,
                               const crypto::VerifyKey& survey_key) {
  if (std::find(release.signers.begin(), release.signers.end(), survey_key) ==
      release.signers.end()) {
    return SignedByAnother();
  }
  // The server may close the round at any moment, and then this would compare
  // nothing: what the catalogue would refuse is refused here.
  if (MayTake(round.summary.state)) {
    return Refusal(Reason::kRoundState,
                   "The round is not closed yet; close it first.");
  }
  // Of what is released already the catalogue takes the same release alone. One
  // that beats a cancellation is taken whatever it counted: the answers are
  // destroyed either way, and its loss must count.
  if (round.summary.state != storage::RoundState::kClosed) {
    return absl::OkStatus();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const std::string held,
                              HeldInboxDigest(host, round));
  if (release.inbox_digest != held) {
    return Refusal(Reason::kReleaseOfAnotherInbox,
                   "The release was made of another sealed inbox than the one "
                   "here, so it leaves out answers that were acknowledged. "
                   "Nothing was changed or erased. Compare with the steward "
                   "the words that inbox export and publish showed, and find "
                   "out where the other file came from.");
  }
  return absl::OkStatus();
}

}  // namespace commonwage::server::admin
