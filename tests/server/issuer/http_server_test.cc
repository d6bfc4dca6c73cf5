// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace commonwage::server::issuer {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

HttpResponse Echo(const HttpRequest& request) {
  return {200, "text/plain",
          absl::StrCat(request.method, " ", request.target, " ",
                       request.body.size())};
}

// Sends `bytes` on a new connection and returns all that comes back until the
// server closes it.
std::string Exchange(int port, const std::string& bytes) {
  const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(connection, reinterpret_cast<sockaddr*>(&address),
                    sizeof address),
            0);
  // The server may close before it has read all: that is what is tested.
  send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  std::string answer;
  std::array<char, 4096> buffer{};
  ssize_t length = 0;
  while ((length = recv(connection, buffer.data(), buffer.size(), 0)) > 0) {
    answer.append(buffer.data(), static_cast<size_t>(length));
  }
  close(connection);
  return answer;
}

class HttpServerTest : public ::testing::Test {
 protected:
  HttpServerTest() : server_(HttpServer::Start("127.0.0.1", 0, Echo).value()) {}

  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, AnswersWithTheHeadersThatKeepAPageToItself) {
  const std::string answer =
      Exchange(server_->port(),
               "POST /enrol HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
               "Content-Length: 5\r\n\r\nhello");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(answer, HasSubstr("POST /enrol 5"));
  EXPECT_THAT(answer, HasSubstr("Cache-Control: no-store"));
  EXPECT_THAT(answer, HasSubstr("Referrer-Policy: no-referrer"));
  EXPECT_THAT(answer, HasSubstr("default-src 'none'"));
}

TEST_F(HttpServerTest, AnswersSeveralRequestsOfOneConnection) {
  const std::string request = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
  const std::string last =
      "GET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  const std::string answer = Exchange(server_->port(), request + last);
  EXPECT_THAT(answer, HasSubstr("GET /a 0"));
  EXPECT_THAT(answer, HasSubstr("GET /b 0"));
}

TEST_F(HttpServerTest, HangsUpOnWhatIsTooLargeOrNoHttp) {
  const std::string large = Exchange(
      server_->port(),
      absl::StrCat("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ", 17 * 1024,
                   "\r\n\r\n", std::string(17 * 1024, 'x')));
  EXPECT_THAT(large, Not(HasSubstr("200")));
  const std::string head =
      Exchange(server_->port(),
               absl::StrCat("GET / HTTP/1.1\r\nA: ", std::string(9 * 1024, 'x'),
                            "\r\n\r\n"));
  EXPECT_THAT(head, Not(HasSubstr("200")));
  EXPECT_EQ(Exchange(server_->port(), std::string("\0\xff\r\n\r\n", 6)), "");
  // And goes on answering others.
  EXPECT_THAT(
      Exchange(server_->port(),
               "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
      StartsWith("HTTP/1.1 200"));
}

// Takes every descriptor that is left; gives them back at the end.
class AllDescriptors {
 public:
  AllDescriptors() {
    EXPECT_EQ(getrlimit(RLIMIT_NOFILE, &before_), 0);
    rlimit few = before_;
    few.rlim_cur = 64;
    EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
    for (int one = dup(0); one >= 0; one = dup(0)) {
      taken_.push_back(one);
    }
  }
  AllDescriptors(const AllDescriptors&) = delete;
  AllDescriptors& operator=(const AllDescriptors&) = delete;
  ~AllDescriptors() {
    for (const int one : taken_) {
      close(one);
    }
    EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &before_), 0);
  }

 private:
  rlimit before_ = {};
  std::vector<int> taken_;
};

TEST_F(HttpServerTest, WithoutDescriptorsItWaitsAndKeepsNoProcessorBusy) {
  const int waiting = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(server_->port()));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  double busy = 0;
  {
    const AllDescriptors none_left;
    ASSERT_EQ(
        connect(waiting, reinterpret_cast<sockaddr*>(&address), sizeof address),
        0);
    const std::clock_t before = std::clock();
    std::this_thread::sleep_for(std::chrono::milliseconds(600));
    busy = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
  }
  EXPECT_LT(busy, 0.2);
  // Then the connection that waited is served, and the next.
  const std::string request =
      "GET /late HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  ASSERT_GT(send(waiting, request.data(), request.size(), MSG_NOSIGNAL), 0);
  std::array<char, 512> answer{};
  ASSERT_GT(recv(waiting, answer.data(), answer.size(), 0), 0);
  EXPECT_THAT(answer.data(), HasSubstr("200"));
  close(waiting);
  EXPECT_THAT(Exchange(server_->port(), request), HasSubstr("GET /late"));
}

TEST_F(HttpServerTest, ServesThisMachineOnly) {
  for (const char* host : {"0.0.0.0", "192.0.2.1", "::", "example.org", ""}) {
    EXPECT_THAT(HttpServer::Start(host, 0, Echo),
                HasReason(Reason::kListenAddressPublic));
  }
}

TEST_F(HttpServerTest, SaysSoWhenThePortIsTaken) {
  EXPECT_THAT(HttpServer::Start("127.0.0.1", server_->port(), Echo),
              HasReason(Reason::kPortInUse));
}

}  // namespace
}  // namespace commonwage::server::issuer
