// SPDX-License-Identifier: Apache-2.0
// Rounds as everybody may know them. Nothing here depends on who submitted.

#ifndef COMMONWAGE_SERVER_COLLECTOR_ROUND_DIRECTORY_H_
#define COMMONWAGE_SERVER_COLLECTOR_ROUND_DIRECTORY_H_

#include <string>

#include "absl/status/statusor.h"

#include "base/clock.h"
#include "commonwage/v1/round.pb.h"
#include "commonwage/v1/round_service.pb.h"
#include "server/bounded_cache.h"
#include "server/collector/round_board.h"
#include "storage/catalogue/catalogue.h"

namespace commonwage::server::collector {

// Answers the calls of RoundService. Thread-safe. What it is made with must
// outlive it.
class RoundDirectory {
 public:
  RoundDirectory(const RoundBoard& board, storage::Catalogue& catalogue,
                 Clock& clock);

  // Returns a page of rounds; fewer than asked for where manifests are long.
  //
  // Fails with INVALID_ARGUMENT (REQUEST_FAULTY) and the fields at fault;
  // UNAVAILABLE (STORE_UNAVAILABLE) if the catalogue cannot be read.
  absl::StatusOr<v1::ListRoundsResponse> ListRounds(
      const v1::ListRoundsRequest& request);

  // Fails as ListRounds, and with NOT_FOUND (UNKNOWN_ROUND).
  absl::StatusOr<v1::GetRoundResponse> GetRound(
      const v1::GetRoundRequest& request);

 private:
  [[nodiscard]] absl::StatusOr<v1::Round> Describe(const BoardRound& round);
  [[nodiscard]] absl::StatusOr<v1::Round> Read(const std::string& id);
  [[nodiscard]] absl::StatusOr<v1::SignedCancellation> ReadCancellation(
      const std::string& id);

  const RoundBoard& board_;
  storage::Catalogue& catalogue_;
  Clock& clock_;
  // All but state and cancellation: that part of a round never changes.
  BoundedCache<std::string, v1::Round> described_;
};

}  // namespace commonwage::server::collector

#endif  // COMMONWAGE_SERVER_COLLECTOR_ROUND_DIRECTORY_H_
