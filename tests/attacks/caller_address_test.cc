// SPDX-License-Identifier: Apache-2.0
// Somebody seizes the online host, running, and looks in its memory for the
// addresses of those who have called and gone.

#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <gtest/gtest.h>

#include "client/connection/connect_options.h"
#include "client/connection/server_api.h"
#include "commonwage/v1/round_service.pb.h"
#include "commonwage/v1/submission_service.pb.h"
#include "tests/testing/embedded_service.h"
#include "tests/testing/far_caller.h"
#include "tests/testing/needles.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using testing::HasReason;

constexpr size_t kCallers = 20;
// gRPC writes the address into the error that a disconnection is, on
// the stack of one of its threads, where it stays until the thread comes as
// deep again. About one run in eight finds one such.
constexpr size_t kOnStacks = 2;

TEST(CallerAddressTest, TheServerForgetsTheAddressesOfThoseWhoLeft) {
  testing::EmbeddedService service(COMMONWAGE_BIN_DIR, /*watch_memory=*/true);
  service.CreateRound({.plan_json = testing::SamplePlanJson()});
  service.StartServer();
  service.WaitUntilOpen();
  const testing::ProcessMemory& memory = service.server_program().memory();

  testing::Needles addresses;
  std::set<std::string> everybody;
  std::vector<std::unique_ptr<testing::FarCaller>> lines;
  std::vector<std::unique_ptr<client::ServerApi>> callers;
  for (size_t i = 0; i < kCallers; ++i) {
    const std::string address = absl::StrCat("127.9.8.", 100 + i);
    lines.push_back(
        std::make_unique<testing::FarCaller>(address, service.server()));
    addresses.Add(address, address);
    addresses.Add(address, lines.back()->SocketAddress());
    everybody.insert(address);
    client::ConnectOptions where;
    where.server = lines.back()->server();
    auto caller = client::ConnectToServer(where);
    ASSERT_OK(caller);
    v1::GetRoundRequest ask;
    ask.set_name(absl::StrCat("rounds/", service.round_id()));
    ASSERT_OK((*caller)->GetRound(ask).status());
    // What is refused must leave no trace either.
    v1::SubmitRequest refused;
    refused.set_frame("no frame");
    EXPECT_THAT((*caller)->Submit(refused), HasReason(Reason::kFrameMalformed));
    callers.push_back(*std::move(caller));
  }
  // While they are connected the very same search finds them all.
  EXPECT_EQ(addresses.InMemory(memory), everybody);

  callers.clear();
  lines.clear();
  size_t left = kCallers;
  // The server notices each end a moment later.
  for (int tries = 0; tries < 50 && left > kOnStacks; ++tries) {
    absl::SleepFor(absl::Milliseconds(100));
    left = addresses.InMemory(memory).size();
  }
  EXPECT_LE(left, kOnStacks);
}

}  // namespace
}  // namespace commonwage
