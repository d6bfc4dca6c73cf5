// SPDX-License-Identifier: Apache-2.0
#include "client/cli/waiting.h"

#include <algorithm>

#include "base/error.h"

namespace commonwage::client::cli {
namespace {

constexpr absl::Duration kLook = absl::Minutes(1);
constexpr absl::Duration kTryAgain = absl::Minutes(10);

bool MayPass(const absl::Status& status) {
  const Reason reason = ReasonOf(status);
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsResourceExhausted(status) || reason == Reason::kRoundNotOpen;
}

}  // namespace

absl::StatusOr<ParticipationStatus> WaitAndSend(Participation& participation,
                                                absl::string_view round_id,
                                                Clock& clock,
                                                const Sleep& sleep) {
  while (true) {
    absl::StatusOr<ParticipationStatus> standing =
        participation.Resume(round_id, false);
    if (!standing.ok()) {
      if (!MayPass(standing.status())) {
        return standing;
      }
      sleep(kTryAgain);
      continue;
    }
    if (standing->state != ParticipationStatus::State::kWaiting) {
      return standing;
    }
    sleep(std::clamp(standing->send_at - clock.Now(), absl::Seconds(1), kLook));
  }
}

}  // namespace commonwage::client::cli
