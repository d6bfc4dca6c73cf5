// SPDX-License-Identifier: Apache-2.0
// A member's way by the union office's page, through the real programs: the
// request as a file, the page's form or the JSON call, the answer as a file,
// and an answer that the collector takes.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/sodium_random.h"
#include "tests/testing/embedded_service.h"
#include "tests/testing/program.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using testing::FileContents;
using ::testing::HasSubstr;
using testing::ProgramResult;

// Posts `body` on a new connection; returns all that comes back.
std::string Post(int port, const std::string& target, const std::string& type,
                 const std::string& body) {
  const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(connection, reinterpret_cast<sockaddr*>(&address),
                    sizeof address),
            0);
  const std::string request = absl::StrCat(
      "POST ", target, " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n",
      "Content-Type: ", type, "\r\nContent-Length: ", body.size(), "\r\n\r\n",
      body);
  EXPECT_EQ(send(connection, request.data(), request.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(request.size()));
  std::string answer;
  std::array<char, 4096> buffer{};
  ssize_t length = 0;
  while ((length = recv(connection, buffer.data(), buffer.size(), 0)) > 0) {
    answer.append(buffer.data(), static_cast<size_t>(length));
  }
  close(connection);
  return answer;
}

// What browsers make of a form's field.
std::string FormEncode(const std::string& text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = absl::ascii_isalnum(static_cast<unsigned char>(c));
    encoded += plain ? std::string(1, c)
                     : absl::StrFormat("%%%02X", static_cast<unsigned char>(c));
  }
  return encoded;
}

class EnrolmentByPageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(crypto::InitCrypto());
    service_.CreateRound(
        {.plan_json = testing::SamplePlanJson(), .with_credentials = true});
    service_.StartServer();
    service_.WaitUntilOpen();
    codes_ = service_.MakeMembers(2);
    office_ = std::make_unique<testing::RunningProgram>(
        std::vector<std::string>{
            COMMONWAGE_BIN_DIR "/commonwage-issuer", "serve", "--data",
            service_.File("issuer"), "--kek", service_.File("issuer-kek"),
            "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0"},
        service_.File("page.log"));
    // "The page is at http://127.0.0.1:PORT/enrol."
    std::string line = office_->ReadLine();
    while (!line.empty() && line.find("/enrol.") == std::string::npos) {
      line = office_->ReadLine();
    }
    const size_t colon = line.rfind(':');
    ASSERT_TRUE(absl::SimpleAtoi(
        line.substr(colon + 1, line.find('/', colon) - colon - 1), &port_));
  }

  ProgramResult Command(const std::string& name,
                        const std::vector<std::string>& more) {
    const std::vector<std::string> wallet = {"--wallet", service_.File(wallet_),
                                             "--passphrase-file",
                                             service_.File("passphrase")};
    std::vector<std::string> join = {"join",
                                     service_.Invite(service_.server())};
    join.insert(join.end(), wallet.begin(), wallet.end());
    EXPECT_EQ(service_.Client(join).exit_code, 0);
    std::vector<std::string> arguments = {name, "--round", service_.round_id()};
    arguments.insert(arguments.end(), wallet.begin(), wallet.end());
    arguments.insert(arguments.end(), more.begin(), more.end());
    return service_.Client(arguments);
  }

  ProgramResult Submit() {
    return Command("submit",
                   {"--now", "--answer", "platform=fast-food", "--answer",
                    "region=south", "--answer", "hourly_pay=13.50"});
  }

  std::string PostForm(const std::string& code, const std::string& text) {
    return Post(
        port_, "/enrol", "application/x-www-form-urlencoded",
        absl::StrCat("code=", FormEncode(code), "&request=", FormEncode(text)));
  }

  void Save(const std::string& name, const std::string& content) {
    std::ofstream file(service_.File(name), std::ios::binary);
    file << content;
    ASSERT_TRUE(file.good());
  }

  testing::EmbeddedService service_{COMMONWAGE_BIN_DIR};
  std::unique_ptr<testing::RunningProgram> office_;
  std::vector<std::string> codes_;
  std::string wallet_ = "wallet";
  int port_ = 0;
};

TEST_F(EnrolmentByPageTest, AFormAndTwoFilesMakeAMemberWhoIsHeard) {
  const std::string request_file = service_.File("request.txt");
  const ProgramResult made = Command("enrol", {"--request-out", request_file});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr("--answer-in"));
  EXPECT_EQ(Submit().exit_code, 1);
  const std::string text = FileContents(request_file).value();

  // Half a text uses nothing up; a wrong code does not either.
  EXPECT_THAT(PostForm(codes_[0], text.substr(0, text.size() / 2)),
              HasSubstr("Your code is not used up"));
  const std::string page = PostForm(codes_[0], text);
  ASSERT_THAT(page, HasSubstr("HTTP/1.1 200"));
  const size_t begin = page.find("commonwage-answer-1");
  ASSERT_NE(begin, std::string::npos);
  Save("answer.txt", page.substr(begin, page.find('<', begin) - begin));

  const ProgramResult taken =
      Command("enrol", {"--answer-in", service_.File("answer.txt"), "--json"});
  ASSERT_EQ(taken.exit_code, 0) << taken.err;
  EXPECT_THAT(taken.out, HasSubstr("\"enrolled\": true"));
  const ProgramResult submitted = Submit();
  EXPECT_EQ(submitted.exit_code, 0) << submitted.err;
  EXPECT_THAT(submitted.out, HasSubstr("Your answer is stored"));

  // The receipt holds under the key that the operator announces.
  const ProgramResult announced = service_.Admin({"receipt-key"});
  ASSERT_EQ(announced.exit_code, 0) << announced.err;
  const std::string before_words = "In words:    ";
  const size_t words = announced.out.find(before_words) + before_words.size();
  ASSERT_EQ(Command("receipt", {"--out", service_.File("receipt")}).exit_code,
            0);
  EXPECT_EQ(service_
                .Client({"receipt", "--check", service_.File("receipt"),
                         "--receipt-key",
                         announced.out.substr(
                             words, announced.out.find('\n', words) - words)})
                .exit_code,
            0);

  // The code is used up now, but for the same request.
  EXPECT_THAT(PostForm(codes_[0], text), HasSubstr("HTTP/1.1 200"));
  wallet_ = "other";
  ASSERT_EQ(
      Command("enrol", {"--request-out", request_file, "--force"}).exit_code,
      0);
  const std::string second =
      PostForm(codes_[0], FileContents(request_file).value());
  EXPECT_THAT(second, HasSubstr("HTTP/1.1 409"));
  EXPECT_THAT(second, HasSubstr("already given to you"));
  const ProgramResult strange =
      Command("enrol", {"--answer-in", service_.File("answer.txt")});
  EXPECT_EQ(strange.exit_code, 1);
  EXPECT_THAT(strange.err, HasSubstr("does not fit this wallet"));
}

TEST_F(EnrolmentByPageTest, TheJsonThatTheCommandPrintsIsWhatTheOfficeTakes) {
  const ProgramResult made = Command(
      "enrol", {"--request-out", service_.File("request.txt"), "--json"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  const std::string empty_code = "\"enrolment_code\": \"\"";
  ASSERT_THAT(made.out, HasSubstr(empty_code));
  const std::string body = absl::StrReplaceAll(
      made.out,
      {{empty_code, absl::StrCat("\"enrolment_code\": \"", codes_[1], "\"")}});
  const std::string answer =
      Post(port_, "/commonwage.v1.IssuerService/IssueCredential",
           "application/json", body);
  ASSERT_THAT(answer, HasSubstr("HTTP/1.1 200"));
  Save("answer.json", answer.substr(answer.find("\r\n\r\n") + 4));
  const ProgramResult taken =
      Command("enrol", {"--answer-in", service_.File("answer.json")});
  ASSERT_EQ(taken.exit_code, 0) << taken.err;
  const ProgramResult submitted = Submit();
  EXPECT_EQ(submitted.exit_code, 0) << submitted.err;
  EXPECT_THAT(submitted.out, HasSubstr("Your answer is stored"));
}

}  // namespace
}  // namespace commonwage
