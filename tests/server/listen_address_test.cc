// SPDX-License-Identifier: Apache-2.0
#include "server/rpc/listen_address.h"

#include <string>

#include "absl/status/status.h"
#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace commonwage::server {
namespace {

using testing::HasReason;

TEST(ListenAddressTest, TakesThisMachine) {
  for (const std::string text :
       {"127.0.0.1:50051", "127.0.0.1:0", "127.8.9.10:1", "[::1]:65535"}) {
    const auto address = ParseListenAddress(text);
    ASSERT_OK(address);
    EXPECT_EQ(ToString(*address), text);
  }
  const auto named = ParseListenAddress("localhost:7000");
  ASSERT_OK(named);
  EXPECT_EQ(ToString(*named), "127.0.0.1:7000");
}

TEST(ListenAddressTest, RefusesWhatOthersCouldReach) {
  for (const char* text : {"0.0.0.0:50051", "[::]:50051", "192.168.1.5:50051",
                           "128.0.0.1:1", "[fe80::1]:1", "[2001:db8::1]:1"}) {
    EXPECT_THAT(ParseListenAddress(text),
                HasReason(Reason::kListenAddressPublic))
        << text;
  }
}

TEST(ListenAddressTest, RefusesWhatIsNoAddress) {
  for (const char* text :
       {"", ":", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
        "127.0.0.1:1x", "::1:50051", "[127.0.0.1]:1", "[::1]", "[::1:1",
        "example.org:80", "50051", "127.1:80"}) {
    EXPECT_THAT(ParseListenAddress(text),
                HasReason(Reason::kListenAddressMalformed))
        << text;
  }
}

}  // namespace
}  // namespace commonwage::server
