// SPDX-License-Identifier: Apache-2.0
// A collector without a port, over real stores and a clock that tests move.

#ifndef COMMONWAGE_TESTS_SERVER_COLLECTOR_COLLECTOR_FIXTURE_H_
#define COMMONWAGE_TESTS_SERVER_COLLECTOR_COLLECTOR_FIXTURE_H_

#include <future>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <gtest/gtest.h>

#include "base/log.h"
#include "server/collector/admission.h"
#include "server/collector/round_board.h"
#include "server/collector/round_keeper.h"
#include "tests/server/online_host.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::collector {

// The sample round is open from 1 January to 1 February 2026.
inline absl::Time InJanuary(int day) {
  return absl::FromCivil(absl::CivilSecond(2026, 1, day, 12, 0, 0),
                         absl::UTCTimeZone());
}

class CollectorFixture : public ::testing::Test {
 protected:
  // Returns what a caller gets, once it gets it.
  absl::StatusOr<SignedReceipt> Admit(absl::string_view frame) {
    std::promise<absl::StatusOr<SignedReceipt>> promise;
    admission_.Admit(frame, [&](const absl::StatusOr<SignedReceipt>& receipt) {
      promise.set_value(receipt);
    });
    return promise.get_future().get();
  }

  storage::RoundState RecordedState(const std::string& round_id) {
    return host_.OpenCatalogue()->FindRound(round_id).value()->summary.state;
  }

  testing::OnlineHost host_;
  testing::FakeClock clock_{InJanuary(15)};
  Log log_;
  RoundBoard board_;
  std::unique_ptr<storage::Catalogue> catalogue_ = host_.OpenCatalogue();
  RoundKeeper keeper_{*catalogue_,
                      [this](absl::string_view id, bool may_create) {
                        return host_.OpenInbox(id, may_create);
                      },
                      board_, clock_, log_};
  FrameAdmission admission_{board_, host_.receipt_key(), clock_, log_};
};

}  // namespace commonwage::server::collector

#endif  // COMMONWAGE_TESTS_SERVER_COLLECTOR_COLLECTOR_FIXTURE_H_
