// SPDX-License-Identifier: Apache-2.0
// A disk without space, below the real store.

#include <future>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <gtest/gtest.h>

#include "base/log.h"
#include "server/collector/admission.h"
#include "server/collector/round_board.h"
#include "server/collector/round_keeper.h"
#include "server/disk_watch.h"
#include "tests/server/collector/collector_fixture.h"
#include "tests/server/online_host.h"
#include "tests/storage/faulty_disk.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/status_matchers.h"

namespace commonwage::server::collector {
namespace {

using testing::FaultyDisk;
using testing::HasReason;
using testing::StatusIs;

TEST(FullDiskTest, RefusesWithAReasonAndTakesTheSameFrameOnceThereIsSpace) {
  testing::OnlineHost host;
  const testing::SampleRound round = host.Import(host.SampleManifest());
  const auto catalogue = host.OpenCatalogue();
  testing::FakeClock clock(InJanuary(15));
  Log log;
  // Before all that has a file open on it.
  FaultyDisk disk;
  RoundBoard board;
  RoundKeeper keeper(
      *catalogue,
      [&](absl::string_view id, bool may_create) {
        return host.OpenInbox(id, may_create, FaultyDisk::kVfs);
      },
      board, clock, log);
  DiskWatch watch([] { return uint64_t{1} << 40U; }, clock);
  FrameAdmission admission(board, host.receipt_key(), clock, log,
                           [&] { watch.NoteFull(); });
  const auto admit = [&](const std::string& frame) {
    std::promise<absl::StatusOr<SignedReceipt>> receipt;
    admission.Admit(frame, [&](const absl::StatusOr<SignedReceipt>& given) {
      receipt.set_value(given);
    });
    return receipt.get_future().get();
  };
  ASSERT_OK(keeper.Refresh());
  ASSERT_OK(admit(host.Frame(round, 1)));
  EXPECT_TRUE(watch.HasRoom());

  disk.BeFullAtWrite(1);
  for (const uint64_t worker : {2U, 3U}) {
    const auto refused = admit(host.Frame(round, worker));
    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kResourceExhausted));
    EXPECT_THAT(refused, HasReason(Reason::kDiskFull));
  }
  // As health tells it, whatever the file system says.
  EXPECT_FALSE(watch.HasRoom());
  // What is there stays, and is found without writing.
  EXPECT_OK(admit(host.Frame(round, 1)));

  disk.Heal();
  EXPECT_OK(admit(host.Frame(round, 2)));
  EXPECT_EQ(*board.Get()->Find(round.id)->inbox->CountFrames(), 2U);
}

}  // namespace
}  // namespace commonwage::server::collector
