// SPDX-License-Identifier: Apache-2.0
// Promise 4, the name: the union office and the operator together, with all
// their records and keys, cannot tell whose submission is whose.
//
// Both stores are decrypted page by page, with their logs' every frame and
// their free pages, and joined by every shared string of 8 bytes, by order and
// by count. What the office holds is also joined with the order of enrolment,
// which it must not keep. False alarm: 1e-6 each.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include <gtest/gtest.h>

#include "client/submission.h"
#include "crypto/key_file.h"
#include "crypto/sodium_random.h"
#include "storage/data_directory.h"
#include "storage/keyring.h"
#include "tests/testing/crowd.h"
#include "tests/testing/decrypted_pages.h"
#include "tests/testing/embedded_service.h"
#include "tests/testing/joined_stores.h"
#include "tests/testing/made_population.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using testing::Holdings;
using testing::JoinReport;
using testing::Person;

constexpr size_t kMembers = 2'000;
constexpr double kZAtOneInAMillion = 4.9;
constexpr double kOneInAMillion = 1e-6;
constexpr double kEnrollingHours = 24;
constexpr double kDelayHours = 48;  // The client's default.

class UnlinkabilityTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(crypto::InitCrypto());
    service_.CreateRound(
        {.plan_json = testing::SamplePlanJson(), .with_credentials = true});
    service_.StartServer();
    service_.WaitUntilOpen();
    codes_ = service_.MakeMembers(kMembers);
    auto round = testing::VisitRound(service_.server(), service_.round_id());
    ASSERT_OK(round);
    round_.emplace(*std::move(round));
  }

  // Everybody enrols at some time of a day, in an order that has nothing to do
  // with the roll, and submits after `delay_hours` at most.
  void TakePart(double delay_hours) {
    testing::SeededRandom random(11);
    std::vector<double> enrols(kMembers);
    std::vector<double> submits(kMembers);
    for (size_t i = 0; i < kMembers; ++i) {
      enrols[i] = kEnrollingHours * random.Unit();
      submits[i] = enrols[i] + delay_hours * random.Unit();
    }
    people_ = testing::MakePeople(kMembers);
    enrolled_ = OrderOf(enrols);
    Reorder(enrolled_,
            [&](std::vector<Person>& people, const std::vector<size_t>& order) {
              std::vector<std::string> codes;
              for (const size_t member : order) {
                codes.push_back(codes_[member]);
              }
              ASSERT_OK(testing::EnrolPeople(service_.issuer(), *round_, codes,
                                             people, nullptr));
            });
    Reorder(OrderOf(submits), [&](std::vector<Person>& people,
                                  const std::vector<size_t>& /*order*/) {
      const auto outcome = testing::SubmitAnswers(
          service_.server(), *round_, people,
          testing::MakePopulation(round_->manifest.plan, kMembers, 4), nullptr);
      ASSERT_OK(outcome);
      ASSERT_EQ(outcome->accepted, kMembers);
    });
  }

  // What the union office holds, the running program's files as they are.
  Holdings Office() {
    Holdings holdings;
    holdings.bytes =
        testing::DecryptedPages(service_.File("issuer/roll.db"),
                                KeyOf("issuer", "issuer-kek", "roll", "main")) +
        testing::FileContents(service_.File("issuer.log")).value_or("");
    for (size_t i = 0; i < kMembers; ++i) {
      holdings.tokens.push_back(
          {absl::StrFormat("member-%05d", i), people_[i].request_digest});
    }
    return holdings;
  }

  // The requests in the order in which they came, as a log would have them.
  Holdings Enrolment() {
    Holdings holdings;
    for (const Person& person : people_) {
      holdings.tokens.push_back({person.request_digest});
    }
    for (const size_t member : enrolled_) {
      holdings.bytes += people_[member].request_digest;
    }
    return holdings;
  }

  Holdings Collector() {
    Holdings holdings;
    holdings.bytes =
        testing::DecryptedPages(
            service_.File("online/inbox/" + service_.round_id() + ".db"),
            KeyOf("online", "kek", storage::kInboxKey, service_.round_id())) +
        testing::DecryptedPages(service_.File("online/catalogue.db"),
                                KeyOf("online", "kek", storage::kCatalogueKey,
                                      storage::kMainKeyId)) +
        testing::FileContents(service_.File("server.log")).value_or("");
    for (const Person& person : people_) {
      holdings.tokens.push_back({std::string(
          client::PseudonymOf(person.KeyIn(round_->manifest_hash)).view())});
    }
    return holdings;
  }

  testing::EmbeddedService service_{COMMONWAGE_BIN_DIR};
  std::vector<std::string> codes_;
  std::vector<Person> people_;    // By member.
  std::vector<size_t> enrolled_;  // Members, in the order of enrolment.
  std::optional<client::TrustedRound> round_;

 private:
  static std::vector<size_t> OrderOf(const std::vector<double>& times) {
    std::vector<size_t> order(times.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::sort(order.begin(), order.end(),
              [&](size_t a, size_t b) { return times[a] < times[b]; });
    return order;
  }

  // Lets `act` work on people_ in `order`, and puts them back.
  template <typename Act>
  void Reorder(const std::vector<size_t>& order, Act act) {
    std::vector<Person> ordered;
    for (const size_t member : order) {
      ordered.push_back(std::move(people_[member]));
    }
    act(ordered, order);
    for (size_t i = 0; i < order.size(); ++i) {
      people_[order[i]] = std::move(ordered[i]);
    }
  }

  crypto::Secret<32> KeyOf(const std::string& directory, const std::string& kek,
                           absl::string_view purpose, absl::string_view id) {
    const auto opened = storage::DataDirectory::Open(service_.File(directory));
    const auto key = crypto::LoadKeyFile(service_.File(kek));
    return storage::Keyring::Open(opened.value(), key.value())
        .value()
        .Get(purpose, id)
        .value();
  }
};

void PrintReport(const char* what, const JoinReport& report) {
  std::printf(
      "  %-28s shared strings %zu, right %zu (p %.2g); order z %+.2f; next z "
      "%+.2f; count z %+.2f\n",
      what, report.links, report.right_links, report.links_p, report.order_z,
      report.next_z, report.count_z);
}

TEST_F(UnlinkabilityTest, NoMemberIsMatchedToASubmissionAboveChance) {
  TakePart(kDelayHours);
  const Holdings office = Office();
  const Holdings collector = Collector();
  // Both sides do hold every member and every pseudonym.
  ASSERT_NE(office.bytes.find(office.tokens[77].front()), std::string::npos);
  ASSERT_NE(office.bytes.find(office.tokens[77].back()), std::string::npos);
  ASSERT_NE(collector.bytes.find(collector.tokens[77].front()),
            std::string::npos);
  const JoinReport report = testing::Join(office, collector);
  PrintReport("as built", report);
  EXPECT_GT(report.links_p, kOneInAMillion);
  EXPECT_LT(std::abs(report.order_z), kZAtOneInAMillion);
  EXPECT_LT(std::abs(report.next_z), kZAtOneInAMillion);
  EXPECT_LT(std::abs(report.count_z), kZAtOneInAMillion);

  // The office does not know who enrolled before whom.
  const Holdings enrolment = Enrolment();
  const JoinReport kept = testing::Join(office, enrolment);
  PrintReport("order of enrolment", kept);
  EXPECT_LT(std::abs(kept.order_z), kZAtOneInAMillion);
  EXPECT_LT(std::abs(kept.next_z), kZAtOneInAMillion);

  // The same test finds that order when the office keeps a list of it.
  Holdings listing = office;
  listing.bytes.insert(0, enrolment.bytes);
  const JoinReport listed = testing::Join(listing, enrolment);
  PrintReport("enrolment planted", listed);
  EXPECT_GT(listed.order_z, kZAtOneInAMillion);
  EXPECT_GT(listed.next_z, kZAtOneInAMillion);

  // It finds the link when one is planted: eight bytes of each pseudonym beside
  // the member, in the very pages.
  Holdings leaking = office;
  for (size_t i = 0; i < kMembers; ++i) {
    const std::string& digest = office.tokens[i].back();
    const size_t at = leaking.bytes.find(digest);
    ASSERT_NE(at, std::string::npos);
    leaking.bytes.replace(at + digest.size(), 8,
                          collector.tokens[i].front().substr(5, 8));
  }
  const JoinReport found = testing::Join(leaking, collector);
  PrintReport("eight bytes planted", found);
  EXPECT_LT(found.links_p, kOneInAMillion);

  // And one of order: both keep a list in the order of submitting.
  Holdings listed_office{"", office.tokens};
  Holdings listed_collector{"", collector.tokens};
  testing::SeededRandom random(5);
  std::vector<size_t> order(kMembers);
  std::iota(order.begin(), order.end(), size_t{0});
  for (size_t i = kMembers; i > 1; --i) {
    std::swap(order[i - 1], order[random.Below(i)]);
  }
  for (const size_t i : order) {
    listed_office.bytes += office.tokens[i].back() + "        ";
    listed_collector.bytes += collector.tokens[i].front();
  }
  const JoinReport ordered = testing::Join(listed_office, listed_collector);
  PrintReport("order planted", ordered);
  EXPECT_GT(ordered.order_z, kZAtOneInAMillion);
}

}  // namespace
}  // namespace commonwage
