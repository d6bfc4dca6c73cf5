// SPDX-License-Identifier: Apache-2.0
// Promise 2, "destroyed": a backup of the online host from the middle of a
// round, the key file and keyring of that time, a backup of the steward's vault
// from then and the vault of today, all decrypted and laid side by side, open
// not one frame of a round that is published.

#include <signal.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <gtest/gtest.h>

#include "base/status_macros.h"
#include "client/round_trust.h"
#include "crypto/key_file.h"
#include "crypto/opening/opening_key.h"
#include "crypto/secret.h"
#include "crypto/sodium_random.h"
#include "storage/data_directory.h"
#include "storage/kek_file.h"
#include "storage/keyring.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_key.h"
#include "survey/domain_labels.h"
#include "survey/frame.h"
#include "survey/inbox_file.h"
#include "tests/testing/crowd.h"
#include "tests/testing/decrypted_pages.h"
#include "tests/testing/embedded_service.h"
#include "tests/testing/made_population.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"

namespace commonwage {
namespace {

using crypto::opening::OpeningKey;
using testing::FileContents;
using testing::HasReason;

constexpr size_t kPeople = 40;
constexpr size_t kKeySize = 32;

// Whether 32 bytes could be a key: of that many drawn at random, fewer than 16
// different ones are as good as impossible.
bool CouldBeKey(absl::string_view bytes) {
  std::array<bool, 256> seen{};
  int different = 0;
  for (const char c : bytes) {
    bool& before = seen.at(static_cast<unsigned char>(c));
    different += before ? 0 : 1;
    before = true;
  }
  return different >= 16;
}

// The first 32 bytes anywhere in `bytes` that are the private half of
// `round_key`.
std::optional<crypto::Secret<32>> FindOpeningKey(const std::string& bytes,
                                                 absl::string_view round_key) {
  std::atomic<size_t> next = 0;
  std::atomic<size_t> found = bytes.size();
  const auto search = [&] {
    for (size_t at = next++; at + kKeySize <= bytes.size(); at = next++) {
      const absl::string_view window =
          absl::string_view(bytes).substr(at, kKeySize);
      if (CouldBeKey(window) &&
          OpeningKey::FromSecret(*crypto::Secret<32>::From(window))
                  .public_key()
                  .view() == round_key) {
        found = at;
      }
    }
  };
  {
    const std::jthread other(search);
    search();
  }
  return crypto::Secret<32>::From(
      absl::string_view(bytes)
          .substr(std::min(found.load(), bytes.size()))
          .substr(0, kKeySize));
}

class ErasureTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(crypto::InitCrypto());
    service_.CreateRound({.plan_json = testing::SamplePlanJson()});
    service_.StartServer();
    service_.WaitUntilOpen();
    auto round = testing::VisitRound(service_.server(), service_.round_id());
    ASSERT_OK(round);
    round_.emplace(*std::move(round));
    ASSERT_OK(testing::SubmitAnswers(
        service_.server(), *round_, testing::MakePeople(kPeople),
        testing::MakePopulation(round_->manifest.plan, kPeople, 3), nullptr));
    ASSERT_EQ(service_.StopServer(SIGTERM), 0);
    for (const char* name : {"online", "kek", "vault"}) {
      std::filesystem::copy(service_.File(name),
                            service_.File(absl::StrCat(name, "-in-mid-round")),
                            std::filesystem::copy_options::recursive);
    }
    service_.CloseEarly();
    service_.ExportInbox();
    service_.Publish();
    service_.ImportRelease();
  }

  // The steward's vault, as its passphrase opens it.
  std::string VaultPages(const std::string& name) const {
    const std::string directory = service_.File(name);
    const auto key = storage::OpenVaultKey(
        directory,
        crypto::LoadPassphraseFile(service_.File("passphrase")).value(), {});
    return testing::DecryptedPages(absl::StrCat(directory, "/vault.db"),
                                   key.value());
  }

  // What a copy of the vault gives as the key of the round.
  absl::StatusOr<crypto::Secret<32>> KeyFromVault(const std::string& name) {
    COMMONWAGE_ASSIGN_OR_RETURN(
        storage::Vault vault,
        storage::Vault::Open(
            service_.File(name),
            crypto::LoadPassphraseFile(service_.File("passphrase")).value(),
            random_));
    return vault.OpeningKeyOf(service_.round_id());
  }

  // The backup of the online host, as its keys of that time open it: the
  // databases, and every key that was in the keyring.
  std::string BackupPages() const {
    const auto directory =
        storage::DataDirectory::Open(service_.File("online-in-mid-round"));
    const auto keyring = storage::OpenKeyring(
        directory.value(), service_.File("kek-in-mid-round"));
    const auto key = [&](absl::string_view purpose, absl::string_view id) {
      return keyring.value().Get(purpose, id).value();
    };
    const crypto::Secret<32> catalogue =
        key(storage::kCatalogueKey, storage::kMainKeyId);
    const crypto::Secret<32> inbox =
        key(storage::kInboxKey, service_.round_id());
    const crypto::Secret<32> receipt =
        key(storage::kReceiptKey, storage::kMainKeyId);
    return absl::StrCat(
        catalogue.ExposeText(), inbox.ExposeText(), receipt.ExposeText(),
        FileContents(service_.File("kek-in-mid-round")).value(),
        testing::DecryptedPages(directory->catalogue_path(), catalogue),
        testing::DecryptedPages(
            directory->path() / "inbox" / (service_.round_id() + ".db"),
            inbox));
  }

  // The frames in the backup, as its own keys give them.
  std::vector<std::string> BackupFrames() {
    for (const char* name : {"online", "kek"}) {
      std::filesystem::remove_all(service_.File(name));
      std::filesystem::copy(service_.File(absl::StrCat(name, "-in-mid-round")),
                            service_.File(name),
                            std::filesystem::copy_options::recursive);
    }
    service_.CloseEarly();
    service_.ExportInbox();
    const std::string file = FileContents(service_.File("round.inbox")).value();
    std::vector<std::string> frames;
    for (size_t at = kInboxHeaderSize;
         at + kFrameSize + kInboxTrailerSize <= file.size(); at += kFrameSize) {
      frames.push_back(file.substr(at, kFrameSize));
    }
    return frames;
  }

  // How many of `frames` a key opens.
  size_t OpenedBy(const crypto::Secret<32>& secret,
                  const std::vector<std::string>& frames) const {
    const OpeningKey key = OpeningKey::FromSecret(secret);
    size_t opened = 0;
    for (const std::string& frame : frames) {
      const auto view = FrameView::Parse(frame);
      opened += crypto::opening::Open(
                    key, view->enc(),
                    absl::StrCat(kSealLabel, round_->manifest_hash.view()),
                    view->aad(), view->ciphertext())
                        .ok()
                    ? 1U
                    : 0U;
    }
    return opened;
  }

  crypto::SodiumRandom random_;
  testing::EmbeddedService service_{COMMONWAGE_BIN_DIR};
  std::optional<client::TrustedRound> round_;
};

TEST_F(ErasureTest, BackupOldKeysAndTodaysVaultTogetherOpenNoFrame) {
  const std::string round_key = round_->manifest.round_public_key;
  const std::vector<std::string> frames = BackupFrames();
  ASSERT_EQ(frames.size(), kPeople);

  // A copy of the vault with all its files, shred.key among them, gives a key
  // that opens every frame; the search would find it, had it lain in a page.
  const auto before = KeyFromVault("vault-in-mid-round");
  ASSERT_OK(before);
  EXPECT_EQ(OpenedBy(*before, frames), kPeople);
  const std::string planted =
      absl::StrCat(std::string(999, 'x'), before->ExposeText());
  ASSERT_TRUE(FindOpeningKey(planted, round_key).has_value());

  // It is nowhere: not in a row, a free page or the log of the vault of today
  // or of that time, and it never was on the online host.
  EXPECT_FALSE(FindOpeningKey(VaultPages("vault"), round_key).has_value());
  EXPECT_FALSE(
      FindOpeningKey(VaultPages("vault-in-mid-round"), round_key).has_value());
  EXPECT_FALSE(FindOpeningKey(BackupPages(), round_key).has_value());

  // A backup as it should be has no shred.key, and the one of today is of no
  // use to it.
  const std::string shred_file = service_.File("vault-in-mid-round/shred.key");
  std::filesystem::remove(shred_file);
  EXPECT_THAT(KeyFromVault("vault-in-mid-round"),
              HasReason(Reason::kShredFileMissing));
  std::filesystem::copy(service_.File("vault/shred.key"), shred_file);
  EXPECT_THAT(KeyFromVault("vault-in-mid-round"),
              HasReason(Reason::kRoundKeyLost));
}

TEST_F(ErasureTest, TheOldKeyringWithoutItsShredFileOpensNoInbox) {
  const auto directory =
      storage::DataDirectory::Open(service_.File("online-in-mid-round"));
  ASSERT_OK(directory);
  const auto keyring =
      storage::OpenKeyring(*directory, service_.File("kek-in-mid-round"));
  ASSERT_OK(keyring);
  const auto inbox_key = [&] {
    return keyring->Get(storage::kInboxKey, service_.round_id()).status();
  };
  EXPECT_OK(inbox_key());
  std::filesystem::remove(directory->shred_path());
  EXPECT_THAT(inbox_key(), HasReason(Reason::kShredFileMissing));
  std::filesystem::copy(service_.File("online/shred.key"),
                        directory->shred_path());
  EXPECT_THAT(inbox_key(), HasReason(Reason::kKeyMissing));
  EXPECT_OK(keyring->Get(storage::kCatalogueKey, storage::kMainKeyId));
}

}  // namespace
}  // namespace commonwage
