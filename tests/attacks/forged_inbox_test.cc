// SPDX-License-Identifier: Apache-2.0
// Promise 6: a file that somebody else made, or an older one that the operator
// made, publishes nothing, destroys no key and erases no answer.
//
// Built a second time with COMMONWAGE_SEEDED_FAULT, beside a library in which
// any signature is the operator's and any inbox is the one that was counted: in
// that build every attack must succeed, or this test would see nothing.

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "crypto/hash.h"
#include "crypto/spoken_digest.h"
#include "server/admin/inbox_export.h"
#include "server/admin/round_life.h"
#include "server/steward/publication.h"
#include "storage/catalogue/catalogue.h"
#include "survey/domain_labels.h"
#include "survey/frame.h"
#include "survey/inbox_file.h"
#include "tests/server/admin/host_directory.h"
#include "tests/server/steward/vault_round.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using server::admin::Access;
using server::admin::AdminHost;
using server::steward::InboxFacts;
using server::steward::PublicationOptions;
using testing::HasReason;
using testing::VaultRound;

#ifdef COMMONWAGE_SEEDED_FAULT
constexpr bool kSeeded = true;
#else
constexpr bool kSeeded = false;
#endif

constexpr char kRound[] = "couriers.2026-q1";
constexpr size_t kPeople = 5;

// The digest and a signature for a header and frames, as a forger makes them.
std::string Ended(const std::string& front, const crypto::SigningKey& key,
                  absl::string_view label = kInboxSignatureLabel) {
  const std::string digest(crypto::Sha256(kInboxDigestLabel, front).view());
  return absl::StrCat(
      front, digest,
      key.Sign(label, front.substr(0, kInboxHeaderSize) + digest).view());
}

class ForgedInboxTest : public ::testing::Test {
 protected:
  ForgedInboxTest() {
    AdminHost host = online_.Open();
    const auto imported = server::admin::ImportRound(
        host, round_.created().file.SerializeAsString(), "");
    EXPECT_OK(imported);
    frames_ = round_.Frames(kPeople);
    testing::StoreAll(host, kRound, frames_);
  }

  void Close(const std::string& data, absl::Time now, bool early) {
    testing::FakeClock clock(now);
    auto host =
        AdminHost::Open(data, online_.kek(), Access::kChange, online_.random());
    ASSERT_OK(host);
    ASSERT_OK(server::admin::CloseRound(*host, kRound, early, clock));
  }

  std::string Export(const std::string& data) {
    auto host =
        AdminHost::Open(data, online_.kek(), Access::kChange, online_.random());
    EXPECT_OK(host);
    std::string file;
    const auto exported = server::admin::ExportInbox(
        *host, kRound,
        [&file](absl::string_view bytes) {
          absl::StrAppend(&file, bytes);
          return absl::OkStatus();
        },
        nullptr);
    EXPECT_OK(exported);
    return file;
  }

  // Closes at its time and exports.
  std::string HonestInbox() {
    Close(online_.data(), testing::AfterClose(), /*early=*/false);
    return Export(online_.data());
  }

  // A copy of the whole host, with its keys, as a thief has it.
  std::string CopyOfTheHost(const std::string& name) {
    std::string copy = online_.File(name);
    std::filesystem::copy(online_.data(), copy,
                          std::filesystem::copy_options::recursive);
    std::filesystem::permissions(copy, std::filesystem::perms::owner_all);
    return copy;
  }

  // Publishes as a steward does who says yes to everything, or, with `words`,
  // compares as asked to.
  absl::StatusOr<server::steward::Publication> Publish(
      const std::string& inbox, const std::string& words = "") {
    PublicationOptions options;
    options.confirm_inbox = [words](const InboxFacts& facts) -> absl::Status {
      if (words.empty() || crypto::SpokenDigest(facts.digest) == words) {
        return absl::OkStatus();
      }
      return Refusal(Reason::kInboxNotExpected, "Not what the operator said.");
    };
    return round_.Publish(inbox, options);
  }

  // Nothing is spent, and the key opens the true inbox.
  void ExpectTheVaultIsUnchanged() {
    const auto balance = round_.vault().BalanceOf("couriers");
    ASSERT_OK(balance);
    EXPECT_EQ((*balance)->spent, 0);
    EXPECT_GT((*balance)->reserved, 0);
    EXPECT_OK(round_.vault().OpeningKeyOf(kRound));
    EXPECT_FALSE((*round_.vault().FindRound(kRound))->released);
  }

  // The answers are there, and there is no release.
  void ExpectTheHostIsUnchanged() {
    AdminHost host = online_.Open();
    EXPECT_EQ((*host.catalogue().FindRound(kRound))->summary.state,
              storage::RoundState::kClosed);
    EXPECT_FALSE((*host.catalogue().FindRelease(kRound)).has_value());
    const auto inbox = host.OpenInbox(kRound);
    ASSERT_OK(inbox);
    EXPECT_EQ(*(*inbox)->CountFrames(), kPeople);
  }

  // Everything is destroyed: what each attack is for.
  void ExpectTheRoundIsLost(const std::string& inbox, int64_t counted) {
    const auto published = Publish(inbox);
    ASSERT_OK(published);
    EXPECT_EQ(published->report.counted(), counted);
    EXPECT_THAT(round_.vault().OpeningKeyOf(kRound),
                HasReason(Reason::kRoundKeyDestroyed));
    AdminHost host = online_.Open();
    ASSERT_OK(server::admin::ImportRelease(
        host, published->file.SerializeAsString()));
    EXPECT_EQ((*host.catalogue().FindRound(kRound))->summary.state,
              storage::RoundState::kErased);
  }

  void ExpectPublishRefuses(const std::string& inbox, Reason reason) {
    EXPECT_THAT(Publish(inbox), HasReason(reason));
    ExpectTheVaultIsUnchanged();
  }

  // What comes of a file that the operator did not sign.
  void TryForged(const std::string& inbox, int64_t counted) {
    if (kSeeded) {
      ExpectTheRoundIsLost(inbox, counted);
      return;
    }
    ExpectPublishRefuses(inbox, Reason::kInboxSignatureRefused);
    ExpectTheHostIsUnchanged();
  }

  testing::HostDirectory online_;
  VaultRound round_{{.plan = testing::SamplePlan()},
                    *online_.Open().ReceiptKey()};
  std::vector<std::string> frames_;
  const crypto::SigningKey forger_ =
      crypto::SigningKey::Generate(online_.random());
};

TEST_F(ForgedInboxTest, AnEmptyInboxPublishesNothing) {
  HonestInbox();
  TryForged(testing::SealedInbox(round_.hash(), {}, std::nullopt, forger_), 0);
}

TEST_F(ForgedInboxTest, ASubsetPublishesNothing) {
  HonestInbox();
  std::vector<std::string> some = frames_;
  some.pop_back();
  TryForged(testing::SealedInbox(round_.hash(), some, std::nullopt, forger_),
            kPeople - 1);
}

TEST_F(ForgedInboxTest, ASubsetUnderTheTrueSignaturePublishesNothing) {
  const std::string honest = HonestInbox();
  std::vector<std::string> some = frames_;
  some.pop_back();
  std::string subset =
      testing::SealedInbox(round_.hash(), some, std::nullopt, forger_);
  subset.replace(subset.size() - kInboxSignatureSize, kInboxSignatureSize,
                 honest, honest.size() - kInboxSignatureSize,
                 kInboxSignatureSize);
  TryForged(subset, kPeople - 1);
}

TEST_F(ForgedInboxTest, AnotherOperatorsSignaturePublishesNothing) {
  const std::string honest = HonestInbox();
  TryForged(Ended(honest.substr(0, honest.size() - kInboxTrailerSize), forger_),
            kPeople);
}

// Receipts are signed by the same key, over bytes that a client chooses.
TEST_F(ForgedInboxTest,
       TheOperatorsSignatureForAnotherPurposePublishesNothing) {
  const std::string honest = HonestInbox();
  const crypto::SigningKey key = *online_.Open().ReceiptKey();
  TryForged(Ended(honest.substr(0, honest.size() - kInboxTrailerSize), key,
                  kReceiptSignatureLabel),
            kPeople);
}

TEST_F(ForgedInboxTest, AnEarlyCloseThatIsNotSignedPublishesNothing) {
  const std::string honest = HonestInbox();
  std::string front =
      testing::SealedInbox(round_.hash(), frames_, testing::DuringRound());
  front.resize(front.size() - kInboxTrailerSize);
  round_.clock().Set(testing::DuringRound());
  if (kSeeded) {
    ASSERT_OK(Publish(Ended(front, forger_)));
    return;
  }
  ExpectPublishRefuses(Ended(front, forger_), Reason::kInboxSignatureRefused);
  // The true one says that the round closed at its time, which is not yet.
  ExpectPublishRefuses(honest, Reason::kRoundNotClosed);
}

// Made with the operator's own keys: a copy of the host that was closed before
// the last answer came, and exported.
TEST_F(ForgedInboxTest, AnEarlierExportErasesNothing) {
  const std::string earlier_host = CopyOfTheHost("earlier");
  frames_.push_back(round_.Frame());
  {
    AdminHost host = online_.Open();
    testing::StoreAll(host, kRound, {frames_.back()});
  }
  Close(earlier_host, testing::DuringRound(), /*early=*/true);
  Close(online_.data(), testing::DuringRound() + absl::Hours(1),
        /*early=*/true);
  const std::string earlier = Export(earlier_host);
  const std::string words = testing::WordsOfInbox(Export(online_.data()));
  if (kSeeded) {
    ExpectTheRoundIsLost(earlier, kPeople);
    return;
  }
  // Who compares the words publishes nothing.
  EXPECT_THAT(Publish(earlier, words), HasReason(Reason::kInboxNotExpected));
  ExpectTheVaultIsUnchanged();
  // Who does not has published a round without the last answer; but that, and
  // the others, are not erased for it.
  const auto published = Publish(earlier);
  ASSERT_OK(published);
  AdminHost host = online_.Open();
  EXPECT_THAT(
      server::admin::ImportRelease(host, published->file.SerializeAsString()),
      HasReason(Reason::kReleaseOfAnotherInbox));
  EXPECT_EQ((*host.catalogue().FindRound(kRound))->summary.state,
            storage::RoundState::kClosed);
  EXPECT_EQ(*(*host.OpenInbox(kRound))->CountFrames(), kPeople + 1);
}

// The same with its clock wound forward, so that it says nothing of an early
// close.
TEST_F(ForgedInboxTest, AnExportBeforeTheCloseWaitsForTheStewardsClock) {
  const std::string copy = CopyOfTheHost("ahead");
  Close(copy, testing::AfterClose(), /*early=*/false);
  const std::string ahead = Export(copy);
  round_.clock().Set(testing::DuringRound());
  ExpectPublishRefuses(ahead, Reason::kRoundNotClosed);
  // Nothing of that is the signature's doing, which is the operator's.
  round_.clock().Set(testing::AfterClose());
  EXPECT_OK(Publish(ahead));
}

TEST_F(ForgedInboxTest, NoBitOfHeaderDigestAndSignatureCanBeFlipped) {
  const std::string honest = HonestInbox();
  const size_t trailer = honest.size() - kInboxTrailerSize;
  const size_t signature = honest.size() - kInboxSignatureSize;
  const auto flipped = [&](size_t at, int bit) {
    std::string changed = honest;
    changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
    return changed;
  };
  if (kSeeded) {
    ExpectTheRoundIsLost(flipped(signature, 0), kPeople);
    return;
  }
  for (size_t at = 0; at < honest.size(); ++at) {
    at = at == kInboxHeaderSize ? trailer : at;
    for (int bit = 0; bit < 8; ++bit) {
      EXPECT_FALSE(Publish(flipped(at, bit)).ok()) << at << " " << bit;
      if (at < kInboxHeaderSize) {
        // With a digest that fits again, under the operator's signature.
        std::string front = flipped(at, bit).substr(0, trailer);
        front = Ended(front, forger_);
        front.replace(signature, kInboxSignatureSize, honest, signature,
                      kInboxSignatureSize);
        EXPECT_FALSE(Publish(front).ok()) << at << " " << bit;
      }
    }
  }
  ExpectTheVaultIsUnchanged();
  ExpectTheHostIsUnchanged();
  EXPECT_EQ(Publish(honest)->report.counted(), int64_t{kPeople});
}

}  // namespace
}  // namespace commonwage
