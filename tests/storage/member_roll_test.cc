// SPDX-License-Identifier: Apache-2.0
#include "storage/members/member_roll.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/database.h"
#include "storage/transaction.h"
#include "tests/storage/sample_submission.h"
#include "tests/testing/decrypted_pages.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::storage {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using testing::SampleBytes;
using testing::SampleKey;
using testing::StatusIs;

constexpr const char* kRound = "pay.2026";

CodeDigest Code(uint64_t i) {
  return *CodeDigest::From(SampleBytes(1000 + i, 32));
}
SealedCode Sealed(uint64_t i) {
  return *SealedCode::From(SampleBytes(3000 + i, SealedCode::kSize));
}
RequestDigest Request(uint64_t i) {
  return *RequestDigest::From(SampleBytes(2000 + i, 32));
}

absl::StatusOr<Grant> GrantIn(MemberRoll& roll, const std::string& round,
                              uint64_t code, uint64_t request) {
  const std::vector<GrantRequest> one = {{round, Code(code), Request(request)}};
  return roll.GrantAll(one).front();
}

class MemberRollTest : public ::testing::Test {
 protected:
  MemberRollTest() : roll_(Open()) {
    EXPECT_EQ(roll_->AddMembers(std::vector<std::string>{"m1", "m2"}).value(),
              2);
    EXPECT_OK(roll_->AddIssuingKey(kRound, {"public", "wrapped secret"}));
  }

  std::unique_ptr<MemberRoll> Open() {
    OpenOptions options;
    options.create = true;
    return MemberRoll::Open(path_, SampleKey(1), options).value();
  }
  absl::Status SetCode(const std::string& reference, uint64_t code,
                       OldCode old_code = OldCode::kReplaced) {
    return roll_->SetCodes({{reference, Code(code), Sealed(code)}}, old_code);
  }
  // The members whose codes can be shown again.
  std::vector<std::string> Kept() {
    std::vector<std::string> references;
    const std::vector<MemberCode> kept = roll_->ListKeptCodes().value();
    for (const MemberCode& code : kept) {
      references.push_back(code.reference);
    }
    return references;
  }
  Grant GrantOnce(uint64_t code, uint64_t request) {
    return GrantIn(*roll_, kRound, code, request).value();
  }

  testing::TempDirectory directory_;
  std::string path_ = directory_.File("roll.db");
  std::unique_ptr<MemberRoll> roll_;
};

TEST_F(MemberRollTest, AddsEachMemberOnceAndListsThem) {
  EXPECT_EQ(
      roll_->AddMembers(std::vector<std::string>{"m0", "m1", "m0"}).value(), 1);
  ASSERT_OK(SetCode("m1", 1));
  const std::vector<MemberSummary> members = roll_->ListMembers().value();
  ASSERT_EQ(members.size(), 3U);
  EXPECT_EQ(members[0].reference, "m0");
  EXPECT_FALSE(members[0].has_code);
  EXPECT_EQ(members[1].reference, "m1");
  EXPECT_TRUE(members[1].has_code);
  EXPECT_FALSE(members[1].removed);
}

TEST_F(MemberRollTest, GrantsOneRequestPerMemberAndRoundAndThatOneAgain) {
  ASSERT_OK(SetCode("m1", 1));
  EXPECT_EQ(GrantOnce(1, 1), Grant::kGranted);
  EXPECT_EQ(GrantOnce(1, 1), Grant::kGranted);
  EXPECT_EQ(GrantOnce(1, 2), Grant::kOtherRequested);
  roll_ = Open();
  EXPECT_EQ(GrantOnce(1, 1), Grant::kGranted);
  EXPECT_EQ(GrantOnce(1, 2), Grant::kOtherRequested);
  ASSERT_OK(roll_->AddIssuingKey("pay.2027", {"public", "wrapped"}));
  EXPECT_EQ(GrantIn(*roll_, "pay.2027", 1, 2).value(), Grant::kGranted);
}

TEST_F(MemberRollTest, ANewCodeGivesNoSecondVoice) {
  ASSERT_OK(SetCode("m1", 1));
  EXPECT_EQ(GrantOnce(1, 1), Grant::kGranted);
  ASSERT_OK(SetCode("m1", 7));
  EXPECT_EQ(GrantOnce(1, 1), Grant::kCodeUnknown);
  EXPECT_EQ(GrantOnce(7, 2), Grant::kOtherRequested);
  EXPECT_EQ(GrantOnce(7, 1), Grant::kGranted);
}

TEST_F(MemberRollTest, ARemovedMemberGetsNothingAndNeitherDoesAnUnknownCode) {
  ASSERT_OK(SetCode("m1", 1));
  ASSERT_OK(roll_->RemoveMember("m1"));
  EXPECT_EQ(GrantOnce(1, 1), Grant::kCodeUnknown);
  EXPECT_EQ(GrantOnce(99, 1), Grant::kCodeUnknown);
  EXPECT_THAT(SetCode("m1", 2), HasReason(Reason::kMemberUnknown));
  EXPECT_THAT(roll_->RemoveMember("nobody"),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(MemberRollTest, AMemberWhoComesBackStillHasOneVoice) {
  ASSERT_OK(SetCode("m1", 1));
  EXPECT_EQ(GrantOnce(1, 1), Grant::kGranted);
  ASSERT_OK(roll_->RemoveMember("m1"));
  EXPECT_EQ(roll_->AddMembers(std::vector<std::string>{"m1"}).value(), 1);
  ASSERT_OK(SetCode("m1", 2));
  EXPECT_EQ(GrantOnce(2, 5), Grant::kOtherRequested);
}

TEST_F(MemberRollTest, SetsAllCodesOrNone) {
  EXPECT_THAT(roll_->SetCodes(
                  {{"m1", Code(1), Sealed(1)}, {"nobody", Code(2), Sealed(2)}},
                  OldCode::kReplaced),
              HasReason(Reason::kMemberUnknown));
  EXPECT_EQ(GrantOnce(1, 1), Grant::kCodeUnknown);
  EXPECT_THAT(Kept(), ElementsAre());
}

TEST_F(MemberRollTest, ACodeStaysWhereAFirstOneIsAskedFor) {
  ASSERT_OK(SetCode("m1", 1, OldCode::kStays));
  ASSERT_OK(SetCode("m1", 7, OldCode::kStays));
  const std::vector<MemberCode> kept = roll_->ListKeptCodes().value();
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept.front().digest, Code(1));
  EXPECT_EQ(kept.front().sealed, Sealed(1));
  EXPECT_EQ(GrantOnce(7, 1), Grant::kCodeUnknown);
  EXPECT_EQ(GrantOnce(1, 1), Grant::kGranted);
}

TEST_F(MemberRollTest, ACodeIsKeptUntilItWasUsed) {
  ASSERT_OK(SetCode("m1", 1));
  ASSERT_OK(SetCode("m2", 2));
  EXPECT_EQ(GrantOnce(99, 1), Grant::kCodeUnknown);
  EXPECT_THAT(Kept(), ElementsAre("m1", "m2"));
  EXPECT_TRUE(roll_->ListMembers().value().front().code_kept);

  EXPECT_EQ(GrantOnce(1, 1), Grant::kGranted);
  EXPECT_THAT(Kept(), ElementsAre("m2"));
  EXPECT_FALSE(roll_->ListMembers().value().front().code_kept);
  EXPECT_TRUE(roll_->ListMembers().value().front().has_code);
  roll_ = Open();
  EXPECT_THAT(Kept(), ElementsAre("m2"));
  EXPECT_EQ(GrantOnce(1, 1), Grant::kGranted);

  // Even where the voice was used with an earlier code.
  ASSERT_OK(SetCode("m1", 7));
  EXPECT_THAT(Kept(), ElementsAre("m1", "m2"));
  EXPECT_EQ(GrantOnce(7, 2), Grant::kOtherRequested);
  EXPECT_THAT(Kept(), ElementsAre("m2"));

  ASSERT_OK(roll_->RemoveMember("m2"));
  EXPECT_THAT(Kept(), ElementsAre());
}

TEST_F(MemberRollTest, AUsedCodeIsInNoPage) {
  ASSERT_OK(SetCode("m1", 1));
  const std::string sealed(Sealed(1).view());
  EXPECT_NE(testing::DecryptedPages(path_, SampleKey(1)).find(sealed),
            std::string::npos);
  EXPECT_EQ(GrantOnce(1, 1), Grant::kGranted);
  EXPECT_EQ(testing::DecryptedPages(path_, SampleKey(1)).find(sealed),
            std::string::npos);
}

TEST_F(MemberRollTest, WhoeverAddsMembersSeesThoseThatAreThere) {
  std::vector<std::string> seen;
  const auto choose = [&seen](absl::Span<const MemberSummary> members)
      -> absl::StatusOr<std::vector<std::string>> {
    for (const MemberSummary& member : members) {
      seen.push_back(member.reference);
    }
    return std::vector<std::string>{"m2", "m3"};
  };
  EXPECT_EQ(roll_->AddMembers(choose).value(), 1);
  EXPECT_THAT(seen, ElementsAre("m1", "m2"));
  EXPECT_EQ(roll_
                ->AddMembers([](absl::Span<const MemberSummary> /*members*/)
                                 -> absl::StatusOr<std::vector<std::string>> {
                  return absl::CancelledError("no");
                })
                .status()
                .code(),
            absl::StatusCode::kCancelled);
  EXPECT_EQ(roll_->ListMembers().value().size(), 3U);
}

TEST_F(MemberRollTest, KeepsTheIssuingKeyUntilItIsDestroyedForGood) {
  const std::optional<IssuingKey> key = roll_->FindIssuingKey(kRound).value();
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(key->public_key_der, "public");
  EXPECT_EQ(key->wrapped_private_key, "wrapped secret");
  EXPECT_THAT(roll_->AddIssuingKey(kRound, {"other", "other"}),
              HasReason(Reason::kIssuingKeyExists));
  EXPECT_TRUE(roll_->ListRounds().value().at(0).has_key);

  ASSERT_OK(roll_->DestroyIssuingKey(kRound));
  ASSERT_OK(roll_->DestroyIssuingKey(kRound));
  EXPECT_FALSE(roll_->FindIssuingKey(kRound).value().has_value());
  const std::vector<IssuingRound> rounds = roll_->ListRounds().value();
  ASSERT_EQ(rounds.size(), 1U);
  EXPECT_EQ(rounds.front().round_id, kRound);
  EXPECT_FALSE(rounds.front().has_key);
  EXPECT_THAT(roll_->AddIssuingKey(kRound, {"other", "other"}),
              HasReason(Reason::kIssuingKeyExists));
  EXPECT_THAT(GrantIn(*roll_, kRound, 1, 1), HasReason(Reason::kUnknownRound));
  EXPECT_THAT(roll_->DestroyIssuingKey("pay.1999"),
              HasReason(Reason::kUnknownRound));
}

TEST_F(MemberRollTest, DestroyingAKeyLeavesNeitherItNorARequestInAnyPage) {
  ASSERT_OK(SetCode("m1", 1));
  EXPECT_EQ(GrantOnce(1, 1), Grant::kGranted);
  const std::string request(Request(1).view());
  const std::string before = testing::DecryptedPages(path_, SampleKey(1));
  EXPECT_NE(before.find("wrapped secret"), std::string::npos);
  EXPECT_NE(before.find(request), std::string::npos);
  ASSERT_OK(roll_->DestroyIssuingKey(kRound));
  const std::string after = testing::DecryptedPages(path_, SampleKey(1));
  EXPECT_EQ(after.find("wrapped secret"), std::string::npos);
  EXPECT_EQ(after.find(request), std::string::npos);
}

TEST_F(MemberRollTest, DestroyingAKeyForgetsWhoseCodesWereUsed) {
  ASSERT_OK(SetCode("m1", 1));
  ASSERT_OK(SetCode("m2", 2));
  EXPECT_EQ(GrantOnce(1, 1), Grant::kGranted);
  ASSERT_EQ(roll_->ListKeptCodes().value().size(), 1U);
  ASSERT_OK(roll_->DestroyIssuingKey(kRound));
  for (const MemberSummary& member : roll_->ListMembers().value()) {
    EXPECT_FALSE(member.code_kept) << member.reference;
  }
  EXPECT_THAT(roll_->ListKeptCodes().value(), ::testing::IsEmpty());
  const std::string pages = testing::DecryptedPages(path_, SampleKey(1));
  EXPECT_EQ(pages.find(std::string(Sealed(2).view())), std::string::npos);
}

TEST_F(MemberRollTest, AMemberWhoCameAfterTheKeyHasAVoiceToo) {
  EXPECT_EQ(roll_->AddMembers(std::vector<std::string>{"late"}).value(), 1);
  ASSERT_OK(SetCode("late", 1));
  EXPECT_EQ(GrantOnce(1, 1), Grant::kGranted);
  EXPECT_EQ(GrantOnce(1, 2), Grant::kOtherRequested);
}

TEST_F(MemberRollTest, ARollOfTheFirstSchemaKeepsItsGrants) {
  ASSERT_OK(SetCode("m1", 1));
  ASSERT_OK(SetCode("m2", 2));
  EXPECT_EQ(GrantOnce(1, 1), Grant::kGranted);
  roll_.reset();
  {
    // It had no rows for those who had not asked.
    auto database = Database::Open(path_, SampleKey(1), {});
    ASSERT_OK(database);
    ASSERT_OK(database->Execute(
        "DELETE FROM granted WHERE request_digest = zeroblob(32);"
        "DROP TABLE kept_code; "
        "ALTER TABLE issuing_key DROP COLUMN called_off; "
        "PRAGMA user_version = 1"));
  }
  roll_ = Open();
  EXPECT_EQ(GrantOnce(1, 1), Grant::kGranted);
  EXPECT_EQ(GrantOnce(1, 2), Grant::kOtherRequested);
  EXPECT_EQ(GrantOnce(2, 2), Grant::kGranted);
  EXPECT_EQ(GrantOnce(2, 3), Grant::kOtherRequested);
  EXPECT_THAT(Kept(), ElementsAre());
  ASSERT_OK(SetCode("m2", 7));
  EXPECT_THAT(Kept(), ElementsAre("m2"));
}

uintmax_t LogSize(const std::string& path) {
  std::error_code absent;
  const uintmax_t size = std::filesystem::file_size(path + "-wal", absent);
  return absent ? 0 : size;
}

TEST_F(MemberRollTest, TheLogIsEmptyAfterEveryGrant) {
  ASSERT_OK(SetCode("m1", 1));
  ASSERT_OK(SetCode("m2", 2));
  EXPECT_GT(LogSize(path_), 0U);
  for (const uint64_t code : {uint64_t{2}, uint64_t{1}}) {
    EXPECT_EQ(GrantOnce(code, code), Grant::kGranted);
    EXPECT_EQ(LogSize(path_), 0U);
  }
}

TEST_F(MemberRollTest, ALogThatAReaderKeptIsEmptiedOnceTheReaderIsGone) {
  ASSERT_OK(SetCode("m1", 1));
  {
    auto other = Database::Open(path_, SampleKey(1), {});
    ASSERT_OK(other);
    const auto reading = Transaction::BeginRead(*other);
    ASSERT_OK(reading);
    ASSERT_OK(other->QueryInt64("SELECT count(*) FROM member").status());
    EXPECT_EQ(GrantOnce(1, 1), Grant::kGranted);
    EXPECT_GT(LogSize(path_), 0U);
    EXPECT_FALSE(roll_->TidyLog().ok());
  }
  ASSERT_OK(roll_->TidyLog());
  EXPECT_EQ(LogSize(path_), 0U);
}

// SQLite's own, less the salt; two counters in it begin at random.
constexpr size_t kFileHeader = 100 - 16;

// The plain pages of a roll in which `codes` got their grants in this order.
std::string PagesAfterGrants(const std::vector<uint64_t>& codes) {
  const testing::TempDirectory directory;
  OpenOptions options;
  options.create = true;
  options.synchronous = Synchronous::kOff;
  const std::string path = directory.File("roll.db");
  auto roll = MemberRoll::Open(path, SampleKey(1), options).value();
  std::vector<std::string> members;
  std::vector<MemberCode> drawn;
  for (uint64_t i = 0; i < 500; ++i) {
    members.push_back(absl::StrCat("m", i));
    drawn.push_back({members.back(), Code(i), Sealed(i)});
  }
  EXPECT_OK(roll->AddMembers(members));
  EXPECT_OK(roll->SetCodes(drawn, OldCode::kStays));
  EXPECT_OK(roll->AddIssuingKey(kRound, {"public", "wrapped"}));
  for (const uint64_t code : codes) {
    EXPECT_EQ(GrantIn(*roll, kRound, code, code).value(), Grant::kGranted);
  }
  return testing::DecryptedPages(path, SampleKey(1)).substr(kFileHeader);
}

TEST(MemberRollPagesTest, HoldNoOrderOfGrants) {
  std::vector<uint64_t> codes;
  for (uint64_t i = 0; i < 400; ++i) {
    codes.push_back((i * 7) % 500);
  }
  const std::string pages = PagesAfterGrants(codes);
  for (const uint64_t code : codes) {
    ASSERT_NE(pages.find(std::string(Request(code).view())), std::string::npos);
  }
  std::reverse(codes.begin(), codes.end());
  EXPECT_TRUE(PagesAfterGrants(codes) == pages);
}

TEST_F(MemberRollTest, ManyRacingForOneCodeGetOneGrant) {
  ASSERT_OK(SetCode("m1", 1));
  std::atomic<int> granted = 0;
  std::atomic<int> refused = 0;
  std::vector<std::thread> racers;
  for (uint64_t i = 0; i < 50; ++i) {
    racers.emplace_back([&, i] {
      const Grant grant = GrantOnce(1, i);
      granted += grant == Grant::kGranted ? 1 : 0;
      refused += grant == Grant::kOtherRequested ? 1 : 0;
    });
  }
  for (std::thread& racer : racers) {
    racer.join();
  }
  EXPECT_EQ(granted, 1);
  EXPECT_EQ(refused, 49);
}

}  // namespace
}  // namespace commonwage::storage
