// SPDX-License-Identifier: Apache-2.0
// Promise 1: whoever takes the online host away in mid-round, disk and memory,
// holds no wage; and whoever takes the union office's, no pseudonym.

#include <signal.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/submission.h"
#include "crypto/sodium_random.h"
#include "survey/answer.h"
#include "survey/plan_json.h"
#include "tests/testing/crowd.h"
#include "tests/testing/embedded_service.h"
#include "tests/testing/needles.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/seeded_random.h"

namespace commonwage {
namespace {

using ::testing::IsEmpty;
using testing::Needles;
using testing::Person;

constexpr size_t kPeople = 60;
// Four bytes turn up somewhere in 100 MB once in forty times per needle. A leak
// shows nearly every wage, chance a few: this lies between, with a false alarm
// in less than one of 10^9 runs.
constexpr size_t kByChance = 15;

// Wages that nobody has, each recognisable in every encoding: half of them
// fill 32 bits, half need 64.
std::vector<Answer> MakeMarkedAnswers() {
  testing::SeededRandom random(99);
  std::vector<Answer> answers;
  for (size_t i = 0; i < kPeople; ++i) {
    const uint64_t wage =
        i % 2 == 0 ? (uint64_t{1} << 31) + random.Below(uint64_t{1} << 31)
                   : 100'000'000'000'000 + random.Below(800'000'000'000'000);
    answers.push_back(
        {{static_cast<uint16_t>(i % 4), static_cast<uint16_t>(i % 3)},
         {static_cast<int64_t>(wage)}});
  }
  return answers;
}

Needles WageNeedles(const std::vector<Answer>& answers) {
  Needles needles;
  for (size_t i = 0; i < answers.size(); ++i) {
    const std::string name = absl::StrCat("wage ", i);
    needles.AddNumber(name,
                      static_cast<uint64_t>(answers[i].minor_units.front()));
    // The layout itself, up to the padding that all share.
    needles.Add(name,
                absl::string_view(EncodeAnswer(answers[i])).substr(0, 16));
  }
  return needles;
}

class SeizureTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(crypto::InitCrypto().ok());
    service_.CreateRound(
        {.plan_json = testing::SamplePlanJson(), .with_credentials = true});
    service_.StartServer();
    server_memory_ = testing::OpenMemory(service_.server_program().pid());
    ASSERT_GE(server_memory_, 0) << "the server's memory cannot be read here";
    service_.WaitUntilOpen();
    const std::vector<std::string> codes = service_.MakeMembers(kPeople);
    issuer_memory_ = testing::OpenMemory(service_.issuer_program().pid());
    ASSERT_GE(issuer_memory_, 0);
    const auto round =
        testing::VisitRound(service_.server(), service_.round_id());
    ASSERT_TRUE(round.ok());
    manifest_hash_ = round->manifest_hash;
    people_ = testing::MakePeople(kPeople);
    ASSERT_TRUE(
        testing::EnrolPeople(service_.issuer(), *round, codes, people_, nullptr)
            .ok());
    const auto outcome = testing::SubmitAnswers(service_.server(), *round,
                                                people_, answers_, nullptr);
    ASSERT_TRUE(outcome.ok());
    ASSERT_EQ(outcome->accepted, kPeople);
  }

  void TearDown() override {
    close(server_memory_);
    close(issuer_memory_);
  }

  testing::EmbeddedService service_{COMMONWAGE_BIN_DIR};
  const std::vector<Answer> answers_ = MakeMarkedAnswers();
  std::vector<Person> people_;
  ManifestHash manifest_hash_;
  int server_memory_ = -1;
  int issuer_memory_ = -1;
};

TEST_F(SeizureTest, TheOnlineHostHoldsNoWageAndNoSeed) {
  const Needles wages = WageNeedles(answers_);
  Needles seeds;
  for (size_t i = 0; i < kPeople; ++i) {
    seeds.Add(absl::StrCat("seed ", i), people_[i].seed);
  }
  const pid_t server = service_.server_program().pid();
  EXPECT_LT(wages.InDirectory(service_.File("online")).size(), kByChance);
  EXPECT_LT(wages.InMemory(server, server_memory_).size(), kByChance);
  EXPECT_THAT(wages.InFile(service_.File("server.log")), IsEmpty());
  EXPECT_THAT(seeds.InDirectory(service_.File("online")), IsEmpty());
  EXPECT_THAT(seeds.InMemory(server, server_memory_), IsEmpty());

  // The same search does find them where they are: in this very process, which
  // is the workers' devices.
  const int own_memory = testing::OpenMemory(getpid());
  ASSERT_GE(own_memory, 0);
  EXPECT_EQ(wages.InMemory(getpid(), own_memory).size(), kPeople);
  EXPECT_EQ(seeds.InMemory(getpid(), own_memory).size(), kPeople);
  close(own_memory);
}

TEST_F(SeizureTest, OneWageInTheClearIsFoundInEveryEncoding) {
  const Needles wages = WageNeedles(answers_);
  const std::string place = service_.File("online") + "/leak";
  const auto found_when = [&](const std::string& content) {
    std::ofstream(place, std::ios::binary) << "before" << content << "after";
    return wages.InDirectory(service_.File("online")).count("wage 1") == 1;
  };
  const auto wage = static_cast<uint64_t>(answers_[1].minor_units.front());
  EXPECT_FALSE(found_when(""));
  EXPECT_TRUE(found_when(absl::StrCat(wage)));
  EXPECT_TRUE(found_when(EncodeAnswer(answers_[1])));
  EXPECT_TRUE(found_when(
      std::string(reinterpret_cast<const char*>(&wage), sizeof wage)));
}

TEST_F(SeizureTest, NeitherFilesNorLogsHoldTheAddressOfACaller) {
  Needles addresses;
  addresses.Add("address", "ipv4:127.");
  addresses.Add("address", "ipv6:");
  addresses.Add("address", "peer");
  for (const char* place : {"online", "issuer"}) {
    EXPECT_THAT(addresses.InDirectory(service_.File(place)), IsEmpty());
  }
  for (const char* log : {"server.log", "issuer.log"}) {
    EXPECT_THAT(addresses.InFile(service_.File(log)), IsEmpty());
  }
}

TEST_F(SeizureTest, TheUnionOfficeHoldsNoPseudonymAndTheCollectorNoMember) {
  Needles pseudonyms;
  Needles members;
  for (size_t i = 0; i < kPeople; ++i) {
    pseudonyms.Add(
        absl::StrCat("pseudonym ", i),
        client::PseudonymOf(people_[i].KeyIn(manifest_hash_)).view());
    pseudonyms.Add(absl::StrCat("credential ", i), people_[i].credential);
    members.Add(absl::StrCat("member ", i), absl::StrFormat("member-%05d", i));
  }
  const pid_t issuer = service_.issuer_program().pid();
  const pid_t server = service_.server_program().pid();
  EXPECT_THAT(pseudonyms.InDirectory(service_.File("issuer")), IsEmpty());
  EXPECT_THAT(pseudonyms.InMemory(issuer, issuer_memory_), IsEmpty());
  EXPECT_THAT(members.InDirectory(service_.File("online")), IsEmpty());
  EXPECT_THAT(members.InMemory(server, server_memory_), IsEmpty());
  // The collector does know pseudonyms: the search finds them there.
  EXPECT_FALSE(pseudonyms.InMemory(server, server_memory_).empty());
}

}  // namespace
}  // namespace commonwage
