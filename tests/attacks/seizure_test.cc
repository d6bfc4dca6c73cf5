// SPDX-License-Identifier: Apache-2.0
// Promise 1: whoever takes the online host away in mid-round, disk and memory,
// holds no wage; and whoever takes the union office's, no pseudonym.

#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "client/submission.h"
#include "crypto/key_file.h"
#include "crypto/sodium_random.h"
#include "storage/data_directory.h"
#include "storage/keyring.h"
#include "survey/answer.h"
#include "survey/plan/plan_json.h"
#include "tests/testing/crowd.h"
#include "tests/testing/decrypted_pages.h"
#include "tests/testing/embedded_service.h"
#include "tests/testing/needles.h"
#include "tests/testing/process_memory.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/temp_directory.h"

#include <google/protobuf/io/coded_stream.h>

namespace commonwage {
namespace {

using ::testing::IsEmpty;
using testing::Needles;
using testing::Person;

constexpr size_t kPeople = 60;
// Wages that nobody submits, to learn what chance finds.
constexpr size_t kOthers = 64 * kPeople;

// Short needles: a run may fail by chance this seldom. Long ones, of 45 unknown
// bits or more, must not be found at all: uniformly random bytes, 100 MB of
// them, hold one of all that we seek in less than one of 10^6 runs.
constexpr double kFalseAlarms = 1e-9;

// Wages that nobody has, of 49 random bits each, or they would be found by
// chance. New ones in every run: what is said above of chance holds whatever
// bytes are searched, as long as they know nothing of the wages.
std::vector<Answer> MakeMarkedAnswers(size_t count) {
  crypto::SodiumRandom random;
  std::vector<Answer> answers;
  for (size_t i = 0; i < count; ++i) {
    std::array<uint8_t, 8> bytes{};
    random.Fill(absl::MakeSpan(bytes));
    uint64_t drawn = 0;
    std::memcpy(&drawn, bytes.data(), sizeof drawn);
    const uint64_t wage = 100'000'000'000'000 + drawn % 899'999'999'999'999;
    answers.push_back(
        {{static_cast<uint16_t>(i % 4), static_cast<uint16_t>(i % 3)},
         {static_cast<int64_t>(wage)}});
  }
  return answers;
}

uint64_t WageOf(const Answer& answer) {
  return static_cast<uint64_t>(answer.minor_units.front());
}

std::string NameOf(size_t i) { return absl::StrCat("wage ", i); }

Needles WageNeedles(const std::vector<Answer>& answers) {
  Needles needles;
  for (size_t i = 0; i < answers.size(); ++i) {
    needles.AddNumber(NameOf(i), WageOf(answers[i]));
    // The layout itself, up to the padding that all share.
    needles.AddEncoded(
        NameOf(i), absl::string_view(EncodeAnswer(answers[i])).substr(0, 16));
  }
  return needles;
}

// What 32 bits of wages, ours and others', are found in some bytes.
class ShortSearch {
 public:
  ShortSearch(const std::vector<Answer>& ours,
              const std::vector<Answer>& others) {
    for (const Answer& answer : ours) {
      ours_.AddLow32Bits(absl::StrCat(WageOf(answer)), WageOf(answer));
    }
    for (const Answer& answer : others) {
      others_.AddLow32Bits(absl::StrCat(WageOf(answer)), WageOf(answer));
    }
  }

  // Returns how likely chance alone is to find as many of ours, and prints it.
  // `search` gives the names of needles that are found.
  template <typename Search>
  double Chance(absl::string_view place, const Search& search) const {
    const size_t ours = search(ours_).size();
    const size_t all = ours + search(others_).size();
    const double expected = static_cast<double>(all) * kPeople /
                            static_cast<double>(kPeople + kOthers);
    const double chance = testing::ChanceOfAtLeast(ours, kPeople, kOthers, all);
    absl::PrintF(
        "  %s: 32 bits of %d of %d wages; chance expects %.2f; so many or more "
        "by chance: %.2g\n",
        place, ours, kPeople, expected, chance);
    return chance;
  }

 private:
  Needles ours_;
  Needles others_;
};

// A round with credentials in progress, in which all have answered.
class MidRound {
 public:
  MidRound() {
    EXPECT_TRUE(crypto::InitCrypto().ok());
    service_.CreateRound(
        {.plan_json = testing::SamplePlanJson(), .with_credentials = true});
    service_.StartServer();
    service_.WaitUntilOpen();
    std::vector<std::string> codes = service_.MakeMembers(kPeople + 1);
    spare_code_ = codes.back();
    codes.pop_back();
    const auto round =
        testing::VisitRound(service_.server(), service_.round_id());
    EXPECT_TRUE(round.ok());
    manifest_hash_ = round->manifest_hash;
    people_ = testing::MakePeople(kPeople);
    EXPECT_TRUE(
        testing::EnrolPeople(service_.issuer(), *round, codes, people_, nullptr)
            .ok());
    const auto outcome = testing::SubmitAnswers(service_.server(), *round,
                                                people_, answers_, nullptr);
    EXPECT_TRUE(outcome.ok());
    EXPECT_EQ(outcome->accepted, kPeople);
  }

  testing::EmbeddedService service_{COMMONWAGE_BIN_DIR, /*watch_memory=*/true};
  const std::vector<Answer> answers_ = MakeMarkedAnswers(kPeople);
  const std::vector<Answer> others_ = MakeMarkedAnswers(kOthers);
  std::string spare_code_;
  std::vector<Person> people_;
  ManifestHash manifest_hash_;
};

class SeizureTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { round_ = std::make_unique<MidRound>(); }
  static void TearDownTestSuite() { round_.reset(); }

  testing::EmbeddedService& service() { return round_->service_; }
  const testing::ProcessMemory& server_memory() {
    return service().server_program().memory();
  }
  const testing::ProcessMemory& issuer_memory() {
    return service().issuer_program().memory();
  }

  // Starts a program that keeps `content` in memory.
  std::unique_ptr<testing::RunningProgram> Keep(const std::string& content) {
    const std::string path = directory_.File("kept");
    std::ofstream(path, std::ios::binary) << content;
    auto keeper = service().Start(
        {COMMONWAGE_MEMORY_KEEPER, path, absl::StrCat(content.size())},
        "keeper.log");
    EXPECT_EQ(keeper->ReadLine(), "Kept.");
    return keeper;
  }

  static std::unique_ptr<MidRound> round_;
  testing::TempDirectory directory_;
};

std::unique_ptr<MidRound> SeizureTest::round_;

Needles SeedNeedles(const std::vector<Person>& people) {
  Needles seeds;
  for (size_t i = 0; i < people.size(); ++i) {
    seeds.AddEncoded(absl::StrCat("seed ", i), people[i].seed);
  }
  return seeds;
}

Needles PseudonymNeedles(const MidRound& round) {
  Needles pseudonyms;
  for (size_t i = 0; i < kPeople; ++i) {
    pseudonyms.Add(
        absl::StrCat("pseudonym ", i),
        client::PseudonymOf(round.people_[i].KeyIn(round.manifest_hash_))
            .view());
  }
  return pseudonyms;
}

// Not in memory: while a caller is connected gRPC has their address there, and
// in what it frees until that is used again.
Needles AddressNeedles() {
  Needles addresses;
  addresses.Add("address", "127.0.0.1");
  addresses.Add("address", "ipv4:");
  addresses.Add("address", "ipv6:");
  addresses.Add("address", "peer");
  return addresses;
}

TEST_F(SeizureTest, TheOnlineHostHoldsNoWageAndNoSeed) {
  const Needles wages = WageNeedles(round_->answers_);
  const Needles seeds = SeedNeedles(round_->people_);
  for (const Needles* needles : {&wages, &seeds}) {
    EXPECT_THAT(needles->InDirectory(service().File("online")), IsEmpty());
    EXPECT_THAT(needles->InMemory(server_memory()), IsEmpty());
    EXPECT_THAT(needles->InFile(service().File("server.log")), IsEmpty());
  }
  const ShortSearch shorts(round_->answers_, round_->others_);
  EXPECT_GT(
      shorts.Chance("files of the online host",
                    [this](const Needles& needles) {
                      return needles.InDirectory(service().File("online"));
                    }),
      kFalseAlarms);
  EXPECT_GT(shorts.Chance("memory of the online host",
                          [this](const Needles& needles) {
                            return needles.InMemory(server_memory());
                          }),
            kFalseAlarms);
}

// Whoever has the memory has the keys of the stores as well: what is in them is
// no wage either.
TEST_F(SeizureTest, TheStoresHoldNoWageAndNoSeedAndNoAddressEvenDecrypted) {
  const auto directory = storage::DataDirectory::Open(service().File("online"));
  ASSERT_TRUE(directory.ok());
  const auto kek = crypto::LoadKeyFile(service().File("kek"));
  ASSERT_TRUE(kek.ok());
  const auto keyring = storage::Keyring::Open(*directory, *kek);
  ASSERT_TRUE(keyring.ok());
  const std::string inbox = testing::DecryptedPages(
      directory->inbox_path(service().round_id()).string(),
      keyring->Get(storage::kInboxKey, service().round_id()).value());
  const std::string catalogue = testing::DecryptedPages(
      directory->catalogue_path().string(),
      keyring->Get(storage::kCatalogueKey, storage::kMainKeyId).value());
  const Needles wages = WageNeedles(round_->answers_);
  const Needles seeds = SeedNeedles(round_->people_);
  const ShortSearch shorts(round_->answers_, round_->others_);
  for (const std::string& pages : {inbox, catalogue}) {
    EXPECT_THAT(wages.In(pages), IsEmpty());
    EXPECT_THAT(seeds.In(pages), IsEmpty());
    EXPECT_THAT(AddressNeedles().In(pages), IsEmpty());
    EXPECT_GT(shorts.Chance(
                  "a store",
                  [&](const Needles& needles) { return needles.In(pages); }),
              kFalseAlarms);
  }
  // Pseudonyms are there, so these are the pages.
  EXPECT_EQ(PseudonymNeedles(*round_).In(inbox).size(), kPeople);
}

TEST_F(SeizureTest, TheUnionOfficeHoldsNoWageAndNoSeed) {
  const Needles wages = WageNeedles(round_->answers_);
  const Needles seeds = SeedNeedles(round_->people_);
  for (const Needles* needles : {&wages, &seeds}) {
    EXPECT_THAT(needles->InDirectory(service().File("issuer")), IsEmpty());
    EXPECT_THAT(needles->InMemory(issuer_memory()), IsEmpty());
    EXPECT_THAT(needles->InFile(service().File("issuer.log")), IsEmpty());
  }
}

// Nor has the worker's own device the wage any more once it is sealed, here the
// real client's memory while it waits for its time to send. (That the search
// finds a wage in memory is shown below.)
TEST_F(SeizureTest, TheWorkersOwnDeviceForgetsTheWageOnceItIsSealed) {
  std::ofstream(service().File("wallet-passphrase")) << "for this test only\n";
  std::filesystem::permissions(service().File("wallet-passphrase"),
                               std::filesystem::perms::owner_read);
  const std::vector<std::string> where = {
      "--server",          service().server(),
      "--round",           service().round_id(),
      "--survey-key",      service().SurveyKey(),
      "--wallet",          service().File("wallet"),
      "--passphrase-file", service().File("wallet-passphrase")};
  std::vector<std::string> enrol = {"enrol", "--issuer", service().issuer(),
                                    "--code", round_->spare_code_};
  enrol.insert(enrol.end(), where.begin(), where.end());
  ASSERT_EQ(service().Client(enrol).exit_code, 0);

  const std::vector<Answer> answer = MakeMarkedAnswers(1);
  const uint64_t wage = WageOf(answer.front());
  std::vector<std::string> submit = {
      "submit",
      "--answer",
      "platform=other",
      "--answer",
      "region=north",
      "--answer",
      absl::StrFormat("hourly_pay=%d.%02d", wage / 100, wage % 100)};
  submit.insert(submit.end(), where.begin(), where.end());
  const auto client = service().StartClient(submit);
  std::string line = client->ReadLine();
  while (!line.empty() && !absl::StrContains(line, "is sealed and kept")) {
    line = client->ReadLine();
  }
  ASSERT_FALSE(line.empty());
  const Needles needles = WageNeedles(answer);
  EXPECT_THAT(needles.InMemory(client->memory()), IsEmpty());
  EXPECT_THAT(needles.InFile(service().File("wallet")), IsEmpty());
}

// Ways to keep a wage in the clear, made without the code that seeks them.
std::vector<std::pair<std::string, std::string>> LeaksOf(const Answer& answer) {
  const uint64_t wage = WageOf(answer);
  const std::string text = absl::StrCat(wage);
  const std::string pay = absl::StrFormat("%d.%02d", wage / 100, wage % 100);
  std::string big_endian;
  AppendUint64(big_endian, wage);
  const std::string little_endian(big_endian.rbegin(), big_endian.rend());
  std::string varint(10, '\0');
  auto* varint_begin = reinterpret_cast<uint8_t*>(varint.data());
  varint.resize(static_cast<size_t>(
      google::protobuf::io::CodedOutputStream::WriteVarint64ToArray(
          wage, varint_begin) -
      varint_begin));
  const auto real = static_cast<double>(wage);
  std::string real_bytes(sizeof real, '\0');
  std::memcpy(real_bytes.data(), &real, sizeof real);
  const std::string json = absl::StrCat("{\"pay\":", text, "}");
  return {
      {"decimal text", text},
      {"whole units and cents", pay},
      {"varint", varint},
      {"64 bits, big-endian", big_endian},
      {"64 bits, little-endian", little_endian},
      {"a real number", real_bytes},
      {"hexadecimal", absl::BytesToHexString(big_endian)},
      {"hexadecimal text", absl::BytesToHexString(text)},
      {"base64", absl::Base64Escape(little_endian)},
      {"base64 of JSON", absl::Base64Escape(json)},
      {"base64 for URLs", absl::WebSafeBase64Escape("x" + big_endian + "yz")},
      {"base64 of an answer", absl::Base64Escape(EncodeAnswer(answer))},
      {"an answer", EncodeAnswer(answer)},
  };
}

TEST_F(SeizureTest, OneWageInTheClearIsFoundInEveryEncoding) {
  const Needles wages = WageNeedles(round_->answers_);
  const std::set<std::string> just_this = {NameOf(1)};
  const std::string place = service().File("online") + "/leak";
  const auto quiet = Keep("nothing of interest");
  EXPECT_THAT(wages.InMemory(quiet->memory()), IsEmpty());
  for (const auto& [encoding, bytes] : LeaksOf(round_->answers_[1])) {
    const std::string content = "before" + bytes + "after";
    std::ofstream(place, std::ios::binary) << content;
    EXPECT_EQ(wages.InDirectory(service().File("online")), just_this)
        << "in a file: " << encoding;
    EXPECT_EQ(wages.InMemory(Keep(content)->memory()), just_this)
        << "in memory: " << encoding;
  }
  std::filesystem::remove(place);
}

TEST_F(SeizureTest, WagesAreFoundAlsoIfOnly32BitsOfEachAreKept) {
  const ShortSearch shorts(round_->answers_, round_->others_);
  for (const bool big_endian : {false, true}) {
    std::string content;
    for (const Answer& answer : round_->answers_) {
      std::string low;
      AppendUint32(low, static_cast<uint32_t>(WageOf(answer)));
      content += big_endian ? low : std::string(low.rbegin(), low.rend());
    }
    const auto keeper = Keep(content);
    EXPECT_LT(shorts.Chance("memory of a program that keeps wages",
                            [&keeper](const Needles& needles) {
                              return needles.InMemory(keeper->memory());
                            }),
              kFalseAlarms);
  }
}

TEST_F(SeizureTest, ASeedInMemoryIsFound) {
  const Needles seeds = SeedNeedles(round_->people_);
  const auto keeper = Keep(round_->people_[7].seed);
  EXPECT_EQ(seeds.InMemory(keeper->memory()), std::set<std::string>{"seed 7"});
}

TEST_F(SeizureTest, NeitherFilesNorLogsHoldTheAddressOfACaller) {
  const Needles addresses = AddressNeedles();
  for (const char* place : {"online", "issuer"}) {
    EXPECT_THAT(addresses.InDirectory(service().File(place)), IsEmpty());
  }
  for (const char* log : {"server.log", "issuer.log"}) {
    EXPECT_THAT(addresses.InFile(service().File(log)), IsEmpty());
  }
}

TEST_F(SeizureTest, TheUnionOfficeHoldsNoPseudonymAndTheCollectorNoMember) {
  Needles pseudonyms = PseudonymNeedles(*round_);
  Needles credentials;
  Needles members;
  for (size_t i = 0; i < kPeople; ++i) {
    credentials.Add(absl::StrCat("credential ", i),
                    round_->people_[i].credential);
    members.Add(absl::StrCat("member ", i), absl::StrFormat("member-%05d", i));
  }
  for (const Needles* needles : {&pseudonyms, &credentials}) {
    EXPECT_THAT(needles->InDirectory(service().File("issuer")), IsEmpty());
    EXPECT_THAT(needles->InMemory(issuer_memory()), IsEmpty());
  }
  EXPECT_THAT(members.InDirectory(service().File("online")), IsEmpty());
  EXPECT_THAT(members.InMemory(server_memory()), IsEmpty());
  // The collector does know pseudonyms: the search finds them there.
  EXPECT_FALSE(pseudonyms.InMemory(server_memory()).empty());
}

}  // namespace
}  // namespace commonwage
