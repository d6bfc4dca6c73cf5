// SPDX-License-Identifier: Apache-2.0
#include "server/collector/round_directory.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "figures/request/resource_name.h"
#include "server/collector/shown_file.h"
#include "storage/signed_bytes.h"
#include "survey/manifest.h"

namespace commonwage::server::collector {
namespace {

constexpr absl::string_view kCollection = "rounds";

// Clients take no message beyond 4 MiB; one manifest is at most half of that.
constexpr size_t kMaxPageBytes = size_t{1} << 20U;

constexpr size_t kCacheBytes = size_t{32} << 20U;

// To the hour is enough for setting a clock, and tells no more than that.
int64_t HourOf(absl::Time time) {
  constexpr int64_t kSecondsPerHour = 3600;
  const int64_t seconds = absl::ToUnixSeconds(time);
  return seconds - seconds % kSecondsPerHour;
}

absl::Status StoreUnavailable() {
  return Refusal(Reason::kStoreUnavailable,
                 "The server cannot read its rounds just now. Try again "
                 "later.");
}

}  // namespace

RoundDirectory::RoundDirectory(const RoundBoard& board,
                               storage::Catalogue& catalogue, Clock& clock)
    : board_(board),
      catalogue_(catalogue),
      clock_(clock),
      described_(kCacheBytes) {}

absl::StatusOr<v1::ListRoundsResponse> RoundDirectory::ListRounds(
    const v1::ListRoundsRequest& request) {
  const std::shared_ptr<const RoundTable> table = board_.Get();
  COMMONWAGE_ASSIGN_OR_RETURN(
      figures::Page page,
      figures::PageOf(table->ids(), request.page_size(), request.page_token()));
  v1::ListRoundsResponse response;
  size_t bytes = 0;
  for (size_t i = page.begin; i < page.end; ++i) {
    COMMONWAGE_ASSIGN_OR_RETURN(v1::Round round,
                                Describe(*table->Find(table->ids()[i])));
    bytes += round.ByteSizeLong();
    if (bytes > kMaxPageBytes && i > page.begin) {
      figures::CutPage(table->ids(), i, page);
      break;
    }
    *response.add_rounds() = std::move(round);
  }
  response.set_next_page_token(page.next_page_token);
  return response;
}

absl::StatusOr<v1::GetRoundResponse> RoundDirectory::GetRound(
    const v1::GetRoundRequest& request) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::string id,
      figures::ParseRoundName(kCollection, "name", request.name()));
  const std::shared_ptr<const RoundTable> table = board_.Get();
  const BoardRound* round = table->Find(id);
  if (round == nullptr) {
    return Refusal(Reason::kUnknownRound, "This server has no such round.");
  }
  v1::GetRoundResponse response;
  COMMONWAGE_ASSIGN_OR_RETURN(*response.mutable_round(), Describe(*round));
  response.mutable_server_hour()->set_seconds(HourOf(clock_.Now()));
  return response;
}

absl::StatusOr<v1::Round> RoundDirectory::Describe(const BoardRound& round) {
  const std::string& id = round.summary.id;
  std::shared_ptr<const v1::Round> described = described_.Find(id);
  if (described == nullptr) {
    COMMONWAGE_ASSIGN_OR_RETURN(v1::Round read, Read(id));
    described = std::make_shared<const v1::Round>(std::move(read));
    described_.Insert(id, described, described->SpaceUsedLong());
  }
  v1::Round answer = *described;
  const RoundState state = StateAt(round.summary, clock_.Now());
  answer.set_state(static_cast<v1::RoundState>(state));
  if (state == RoundState::kCancelled) {
    COMMONWAGE_ASSIGN_OR_RETURN(*answer.mutable_cancellation(),
                                ReadCancellation(id));
  }
  return answer;
}

absl::StatusOr<v1::SignedCancellation> RoundDirectory::ReadCancellation(
    const std::string& id) {
  const absl::StatusOr<std::optional<storage::SignedBytes>> stored =
      catalogue_.FindCancellation(id);
  if (!stored.ok() || !stored->has_value()) {
    return StoreUnavailable();
  }
  return ShownCancellation(**stored);
}

absl::StatusOr<v1::Round> RoundDirectory::Read(const std::string& id) {
  const absl::StatusOr<std::optional<storage::StoredRound>> stored =
      catalogue_.FindRound(id);
  if (!stored.ok() || !stored->has_value()) {
    return StoreUnavailable();
  }
  const storage::SignedBytes& manifest = (*stored)->manifest;
  COMMONWAGE_ASSIGN_OR_RETURN(const Manifest parsed,
                              ParseManifest(manifest.bytes));
  v1::Round round;
  round.set_name(figures::RoundName(kCollection, id));
  *round.mutable_signed_manifest() = ShownManifest(manifest);
  round.set_admission(parsed.admission == Admission::kCredential
                          ? v1::ADMISSION_CREDENTIAL
                          : v1::ADMISSION_OPEN);
  return round;
}

}  // namespace commonwage::server::collector
