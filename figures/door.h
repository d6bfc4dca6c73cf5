// SPDX-License-Identifier: Apache-2.0
// From request to reply: all that a door to the statistics (a service, a
// command, a page) has to call. A door says where releases are; what can be
// asked of them, and what is replied, is the same through each.

#ifndef COMMONWAGE_FIGURES_DOOR_H_
#define COMMONWAGE_FIGURES_DOOR_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "commonwage/v1/statistics_service.pb.h"
#include "figures/release_identity.h"

namespace commonwage::figures {

// Where a door finds releases. Its errors are the door's to the asker; among
// them that of CheckAudience.
class ReleaseSource {
 public:
  virtual ~ReleaseSource() = default;

  // Returns the release of a round.
  virtual absl::StatusOr<std::shared_ptr<const LoadedRelease>> Load(
      const std::string& round_id) = 0;

  // Returns all releases of a survey, oldest first; one at least.
  virtual absl::StatusOr<std::vector<std::shared_ptr<const LoadedRelease>>>
  LoadSurvey(const std::string& survey) = 0;
};

// Return the reply to `request`. What can be refused without a release is
// refused before one is looked for.
//
// Fail with INVALID_ARGUMENT (REQUEST_FAULTY and the fields at fault,
// OVERLAPPING_CELLS, ROUNDS_DIFFER), NOT_FOUND (NO_SUCH_MARGINAL,
// UNKNOWN_CELL), and as `releases` does.
absl::StatusOr<v1::SummarizeResponse> Reply(const v1::SummarizeRequest& request,
                                            ReleaseSource& releases);
absl::StatusOr<v1::CompareResponse> Reply(const v1::CompareRequest& request,
                                          ReleaseSource& releases);
absl::StatusOr<v1::TrendResponse> Reply(const v1::TrendRequest& request,
                                        ReleaseSource& releases);

}  // namespace commonwage::figures

#endif  // COMMONWAGE_FIGURES_DOOR_H_
