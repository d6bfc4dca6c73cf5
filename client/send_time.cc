// SPDX-License-Identifier: Apache-2.0
#include "client/send_time.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

#include "base/bytes.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "client/round_record.h"

namespace commonwage::client {
namespace {

// Clocks that differ by less are as good as equal.
constexpr absl::Duration kTolerance = absl::Hours(1);
// The server says its time to the hour; a device may be off by this besides.
constexpr absl::Duration kHourTolerance = absl::Hours(2);
// A round's last tenth is kept for trying again.
constexpr double kUsableShare = 0.9;

absl::Duration DrawBelow(absl::Duration window, RandomSource& random) {
  std::array<uint8_t, 8> bytes{};
  random.Fill(absl::MakeSpan(bytes));
  uint64_t number = 0;
  for (const uint8_t byte : bytes) {
    number = number << 8U | byte;
  }
  const auto seconds =
      static_cast<uint64_t>(std::max<int64_t>(absl::ToInt64Seconds(window), 1));
  return absl::Seconds(static_cast<int64_t>(number % seconds));
}

absl::Status ClockOff() {
  return Refusal(Reason::kClockOff,
                 "The clock of this device and that of the server do not "
                 "agree, so a random time cannot be chosen. Set the clock, or "
                 "send at once. Nothing was sent.");
}

bool AgreesWithServer(std::optional<absl::Time> server_hour, absl::Time now) {
  return !server_hour.has_value() ||
         (now >= *server_hour - kHourTolerance &&
          now < *server_hour + absl::Hours(1) + kHourTolerance);
}

absl::Status CheckOpen(const TrustedRound& round, bool may_wait) {
  switch (round.state) {
    case v1::ROUND_STATE_OPEN:
      return absl::OkStatus();
    case v1::ROUND_STATE_CREATED:
      if (may_wait) {
        return absl::OkStatus();
      }
      return Refusal(Reason::kRoundNotOpen,
                     absl::StrCat("This round opens at ",
                                  absl::FormatTime("%Y-%m-%d %H:%M",
                                                   round.manifest.plan.opens_at,
                                                   absl::UTCTimeZone()),
                                  " UTC. Come back then."));
    case v1::ROUND_STATE_CANCELLED:
      return CalledOff(nullptr);
    default:
      return Refusal(Reason::kRoundClosed,
                     "This round is closed. It takes no more answers.");
  }
}

}  // namespace

absl::Status CheckSendTime(const TrustedRound& round, absl::Time now,
                           absl::Duration delay_up_to) {
  const bool at_once = delay_up_to <= absl::ZeroDuration();
  COMMONWAGE_RETURN_IF_ERROR(CheckOpen(round, !at_once));
  if (at_once) {
    return absl::OkStatus();
  }
  const Plan& plan = round.manifest.plan;
  const bool open = round.state == v1::ROUND_STATE_OPEN;
  if (now >= plan.closes_at || (open && now < plan.opens_at - kTolerance) ||
      (!open && now > plan.opens_at + kTolerance) ||
      !AgreesWithServer(round.server_hour, now)) {
    return ClockOff();
  }
  return absl::OkStatus();
}

absl::StatusOr<absl::Time> DrawSendTime(const TrustedRound& round,
                                        absl::Time now,
                                        absl::Duration delay_up_to,
                                        RandomSource& random) {
  COMMONWAGE_RETURN_IF_ERROR(CheckSendTime(round, now, delay_up_to));
  if (delay_up_to <= absl::ZeroDuration()) {
    return now;
  }
  const Plan& plan = round.manifest.plan;
  const absl::Time earliest = std::max(now, plan.opens_at);
  const absl::Duration window =
      std::min(delay_up_to, (plan.closes_at - earliest) * kUsableShare);
  return earliest + DrawBelow(window, random);
}

bool HasSurelyClosed(absl::Time closes_at, absl::Time now,
                     std::optional<absl::Time> server_hour) {
  return now >= closes_at && AgreesWithServer(server_hour, now);
}

bool IsDue(const WaitingFrame& waiting, absl::Time now) {
  return now >= absl::FromUnixSeconds(waiting.send_at()) ||
         now < absl::FromUnixSeconds(waiting.decided_at()) - kTolerance;
}

}  // namespace commonwage::client
