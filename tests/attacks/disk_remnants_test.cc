// SPDX-License-Identifier: Apache-2.0
// Promise 2, "destroyed", down to the blocks of the disk. The stores of
// steward, operator and union office lie on a disk of their own; rounds are
// erased in all three; then the whole device is read, with every key at hand
// that was ever kept apart from it. It opens the round that is still open, and
// nothing of those that were erased. (It needs root and a loop device.)

#include "tests/testing/disk_remnants.h"

#include <cstddef>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "crypto/key_file.h"
#include "crypto/secret.h"
#include "crypto/sodium_random.h"
#include "server/admin/admin_host.h"
#include "server/issuer/issuer_store.h"
#include "storage/data_directory.h"
#include "storage/kek_file.h"
#include "storage/keyring.h"
#include "storage/vault/vault.h"
#include "tests/testing/loop_disk.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/shred_faults.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage {
namespace {

using server::admin::AdminHost;
using server::issuer::IssuerStore;
using storage::Vault;
using testing::ShredFault;

const char* const kErased[] = {"pay.2026-q1", "pay.2026-q2", "pay.2026-q3"};
constexpr char kOpen[] = "pay.2026-q4";
// Whose the keys of a round are, in their order below.
const char* const kStores[] = {"vault", "host", "office"};
constexpr size_t kSlotSize = 64;

bool Holds(const std::vector<std::string>& forms, const std::string& needle) {
  for (const std::string& form : forms) {
    if (form.find(needle) != std::string::npos) {
      return true;
    }
  }
  return false;
}

// The three stores of one survey, on one disk; their key files elsewhere.
class Stores {
 public:
  explicit Stores(const testing::LoopDisk& disk)
      : vault_path_(disk.File("vault")),
        host_path_(disk.File("online")),
        office_path_(disk.File("office")) {
    std::filesystem::create_directory(vault_path_);
    storage::OpenOptions options;
    options.create = true;
    vault_.emplace(Vault::OpenDatabase(vault_path_ + "/vault.db", vault_key_,
                                       random_, options)
                       .value());
    EXPECT_OK(AdminHost::Create(host_path_, host_kek_, random_));
    host_.emplace(AdminHost::Open(host_path_, host_kek_,
                                  server::admin::Access::kChange, random_)
                      .value());
    EXPECT_OK(crypto::CreateKeyFile(office_kek_, random_));
    office_ = IssuerStore::Create(office_path_, office_kek_, random_).value();
    KeepKeks();
  }

  void MakeRound(const std::string& round_id) {
    storage::NewVaultRound round;
    round.id = round_id;
    round.survey = "pay";
    round.manifest.bytes = "manifest of " + round_id;
    round.manifest_hash = *ManifestHash::From(
        crypto::Sha256("test", round.manifest.bytes).view());
    round.cap_micro_rho = 1000;
    const auto opening_key = crypto::Secret<32>::Random(random_);
    ASSERT_OK(vault_->CreateRound(round, opening_key));
    ASSERT_OK(host_->CreateInbox(round_id));
    ASSERT_OK(office_->CreateIssuingKey(round_id, random_));
    const auto data = storage::DataDirectory::Open(office_path_);
    for (const auto& key :
         {absl::StatusOr<crypto::Secret<32>>(opening_key.Clone()),
          host_->keyring().Get(storage::kInboxKey, round_id),
          storage::OpenKeyring(*data, office_kek_)
              ->Get("issuing-key", round_id)}) {
      ASSERT_OK(key);
      keys_[round_id].push_back(std::string(key->ExposeText()));
    }
  }

  void EraseRound(const std::string& round_id) {
    const std::vector<std::string> before = ShredFiles();
    ASSERT_OK(vault_->ReleaseOnce(round_id, [] {
      return storage::VaultRelease{{"release", {}}, "inbox"};
    }));
    ASSERT_OK(host_->EraseInbox(round_id));
    ASSERT_OK(host_->ReplaceKey());
    ASSERT_OK(office_->DestroyIssuingKey(round_id, random_));
    ASSERT_OK(office_->ReplaceKek(random_));
    KeepKeks();
    const std::vector<std::string> after = ShredFiles();
    for (size_t i = 0; i < before.size(); ++i) {
      for (size_t at = 0; at < before[i].size(); at += kSlotSize) {
        const std::string slot = before[i].substr(at, kSlotSize);
        if (slot != after[i].substr(at, kSlotSize)) {
          // Between the entry's ID and its check.
          destroyed_entries_.push_back(slot.substr(16, 32));
        }
      }
    }
  }

  // Closes all three, so that the disk can be unmounted.
  void Close() {
    const auto data = storage::DataDirectory::Open(host_path_);
    finder_.database_keys.push_back(vault_key_.Clone());
    finder_.database_keys.push_back(
        host_->keyring()
            .Get(storage::kCatalogueKey, storage::kMainKeyId)
            .value());
    const auto office_data = storage::DataDirectory::Open(office_path_);
    finder_.database_keys.push_back(
        storage::OpenKeyring(*office_data, office_kek_)
            ->Get("roll", storage::kMainKeyId)
            .value());
    for (const auto& [round_id, keys] : keys_) {
      finder_.uses.push_back(round_id);
    }
    vault_.reset();
    host_.reset();
    office_.reset();
  }

  [[nodiscard]] const testing::FindersKeys& finder() const { return finder_; }
  [[nodiscard]] const std::vector<std::string>& keys(
      const std::string& round_id) const {
    return keys_.at(round_id);
  }
  [[nodiscard]] const std::vector<std::string>& destroyed_entries() const {
    return destroyed_entries_;
  }

 private:
  void KeepKeks() {
    for (const std::string& path : {host_kek_, office_kek_}) {
      finder_.keks.push_back(crypto::LoadKeyFile(path).value());
    }
  }

  [[nodiscard]] std::vector<std::string> ShredFiles() const {
    std::vector<std::string> files;
    for (const std::string& path : {vault_path_, host_path_, office_path_}) {
      files.push_back(testing::FileContents(path + "/shred.key").value());
    }
    return files;
  }

  crypto::SodiumRandom random_;
  testing::TempDirectory apart_;
  const std::string host_kek_ = apart_.File("host-kek");
  const std::string office_kek_ = apart_.File("office-kek");
  const std::string vault_path_;
  const std::string host_path_;
  const std::string office_path_;
  const crypto::Secret<32> vault_key_ = crypto::Secret<32>::Random(random_);
  std::optional<Vault> vault_;
  std::optional<AdminHost> host_;
  std::unique_ptr<IssuerStore> office_;
  testing::FindersKeys finder_;
  std::map<std::string, std::vector<std::string>> keys_;
  std::vector<std::string> destroyed_entries_;
};

class DiskRemnantsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(crypto::InitCrypto());
    std::string why_not;
    disk_ = testing::LoopDisk::Mount(why_not);
    if (disk_ == nullptr) {
      std::cout << "SKIPPED: the whole-disk test of erasure: " << why_not
                << "\n";
      GTEST_SKIP() << why_not;
    }
  }
  void TearDown() override { testing::SetShredFault(ShredFault::kNone); }

  // Makes four rounds and erases three, and then reads the disk.
  void LiveAndBeSeized() {
    stores_.emplace(*disk_);
    for (const char* round_id : kErased) {
      stores_->MakeRound(round_id);
    }
    stores_->MakeRound(kOpen);
    for (const char* round_id : kErased) {
      stores_->EraseRound(round_id);
    }
    stores_->Close();
    const std::string device = disk_->UnmountAndRead();
    forms_ = testing::ReadableForms(device, stores_->finder());
    opened_ = testing::OpenDestroyableKeys(device, forms_, stores_->finder());
  }

  // How many keys of erased rounds open, or lie there in the clear.
  [[nodiscard]] size_t CountErasedKeysFound() const {
    size_t found = 0;
    for (const char* round_id : kErased) {
      for (const std::string& key : stores_->keys(round_id)) {
        found += opened_.contains(key) || Holds(forms_, key) ? 1U : 0U;
      }
    }
    return found;
  }

  std::unique_ptr<testing::LoopDisk> disk_;
  std::optional<Stores> stores_;
  std::vector<std::string> forms_;
  std::set<std::string> opened_;
};

TEST_F(DiskRemnantsTest, NoBlockOfTheDiskOpensWhatWasErased) {
  ASSERT_NO_FATAL_FAILURE(LiveAndBeSeized());
  // The search works: it reads pages, and opens the round that is open.
  EXPECT_TRUE(Holds(forms_, "manifest of pay.2026-q1"));
  for (size_t i = 0; i < stores_->keys(kOpen).size(); ++i) {
    EXPECT_TRUE(opened_.contains(stores_->keys(kOpen)[i])) << kStores[i];
  }
  EXPECT_EQ(opened_.size(), stores_->keys(kOpen).size());
  EXPECT_EQ(CountErasedKeysFound(), 0U);
  ASSERT_EQ(stores_->destroyed_entries().size(), 9U);
  for (const std::string& entry : stores_->destroyed_entries()) {
    EXPECT_FALSE(Holds(forms_, entry));
  }
}

// The fault that the test above would see: shred.key is changed as other small
// files are, by a copy that is renamed over it.
TEST_F(DiskRemnantsTest, ABuildThatReplacesTheFileIsFoundOut) {
  testing::SetShredFault(ShredFault::kReplacesTheFile);
  ASSERT_NO_FATAL_FAILURE(LiveAndBeSeized());
  EXPECT_GT(CountErasedKeysFound(), 0U);
}

}  // namespace
}  // namespace commonwage
