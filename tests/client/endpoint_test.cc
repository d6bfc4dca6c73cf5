// SPDX-License-Identifier: Apache-2.0
#include "client/connection/endpoint.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace commonwage::client {
namespace {

using commonwage::testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;

HostLookup Finds(std::vector<std::string> addresses) {
  return [addresses](const std::string&) { return addresses; };
}

HostLookup IsNotAsked() {
  return [](const std::string& host) -> std::vector<std::string> {
    ADD_FAILURE() << "looked up " << host;
    return {};
  };
}

TEST(EndpointTest, OnlyLoopbackAddressesAreThisMachine) {
  for (const char* loopback :
       {"127.0.0.1", "127.255.1.9", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(IsLoopback(loopback)) << loopback;
  }
  for (const char* other :
       {"128.0.0.1", "10.0.0.1", "0.0.0.0", "::", "::2", "::ffff:10.0.0.1",
        "127.example.org", "127.0.0.1.example.org", "127.1", "localhost", ""}) {
    EXPECT_FALSE(IsLoopback(other)) << other;
  }
}

TEST(EndpointTest, ThisMachineIsSpokenToInTheClear) {
  for (const char* local : {"127.0.0.1:80", "[::1]:80", "127.9.9.9:80"}) {
    const auto endpoint = ParseServer(local, IsNotAsked());
    ASSERT_OK(endpoint);
    EXPECT_FALSE(endpoint->use_tls) << local;
    EXPECT_TRUE(endpoint->is_this_machine) << local;
    EXPECT_EQ(endpoint->target, local);
  }
  // By name it is the number that was found, so that nobody is asked twice.
  const auto named = ParseServer("localhost:80", Finds({"::1", "127.0.0.1"}));
  ASSERT_OK(named);
  EXPECT_FALSE(named->use_tls);
  EXPECT_EQ(named->target, "[::1]:80");
  EXPECT_EQ(
      ParseServer("http://union.example:80", Finds({"127.0.0.2"}))->target,
      "127.0.0.2:80");
}

TEST(EndpointTest, EverythingElseIsTlsWhateverItIsCalled) {
  for (const char* stranger :
       {"wages.example.org:443", "127.evil.example:443",
        "127.0.0.1.example.org:443", "localhost.example.org:443", "127.1:443",
        "2130706433:443", "0.0.0.0:443", "[::ffff:10.0.0.1]:443"}) {
    const auto endpoint = ParseServer(stranger, IsNotAsked());
    ASSERT_OK(endpoint) << stranger;
    EXPECT_TRUE(endpoint->use_tls) << stranger;
    EXPECT_FALSE(endpoint->is_this_machine) << stranger;
    EXPECT_EQ(endpoint->target, stranger);
  }
  // A resolver that says localhost is elsewhere, in part or at all.
  EXPECT_TRUE(ParseServer("localhost:80", Finds({"10.0.0.1"}))->use_tls);
  EXPECT_TRUE(
      ParseServer("localhost:80", Finds({"127.0.0.1", "10.0.0.1"}))->use_tls);
  EXPECT_TRUE(ParseServer("localhost:80", Finds({}))->use_tls);
  EXPECT_TRUE(ParseServer("https://127.0.0.1:443/", IsNotAsked())->use_tls);
}

TEST(EndpointTest, AskingForPlainTextElsewhereIsRefused) {
  EXPECT_THAT(ParseServer("http://wages.example.org:80", Finds({"192.0.2.1"})),
              HasReason(Reason::kPlaintextRefused));
  EXPECT_THAT(ParseServer("http://127.evil.example:80",
                          Finds({"127.0.0.1", "192.0.2.1"})),
              HasReason(Reason::kPlaintextRefused));
  EXPECT_THAT(ParseServer("http://nowhere.example:80", Finds({})),
              HasReason(Reason::kPlaintextRefused));
}

TEST(EndpointTest, WhatIsNoAddressIsRefusedAndNotRepeated) {
  for (const char* wrong :
       {"", "example.org", ":80", "example.org:", "example.org:0",
        "example.org:70000", "example.org:80x", "exa mple.org:80", "::1:80",
        "[::1:80", "::1]:80", "[]:80", "https://", "ftp://example.org:80/x"}) {
    const auto refused = ParseServer(wrong, IsNotAsked());
    EXPECT_THAT(refused, HasReason(Reason::kServerAddressMalformed)) << wrong;
    EXPECT_THAT(refused.status().ToString(), Not(HasSubstr("exa")));
  }
}

TEST(EndpointTest, TheSystemKnowsThisMachine) {
  const std::vector<std::string> addresses = LookUpHost("localhost");
  ASSERT_FALSE(addresses.empty());
  EXPECT_TRUE(IsLoopback(addresses.front()));
  EXPECT_TRUE(LookUpHost("no such host").empty());
}

}  // namespace
}  // namespace commonwage::client
