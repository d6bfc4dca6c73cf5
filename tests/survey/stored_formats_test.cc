// SPDX-License-Identifier: Apache-2.0
// Key file, wrapped key, keyring and shred file as they were on the day they
// were fixed: what was written then must open for ever. They hold random
// nonces, so they are read and not written here.

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "crypto/key_file.h"
#include "crypto/secret.h"
#include "crypto/wrap.h"
#include "storage/data_directory.h"
#include "storage/keyring.h"
#include "storage/vault/vault_key.h"
#include "tests/testing/golden.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage {
namespace {

using testing::Golden;
using testing::HasReason;

class StoredFormatsTest : public ::testing::Test {
 protected:
  // Returns the key in the golden key file, which a checkout leaves open to
  // all: key files must not be.
  crypto::Secret<32> Kek() {
    const std::filesystem::path path = directory_.File("kek");
    std::ofstream(path, std::ios::binary) << Golden("key_file.txt");
    std::filesystem::permissions(path, std::filesystem::perms::owner_read);
    auto kek = crypto::LoadKeyFile(path.string());
    EXPECT_OK(kek);
    return *std::move(kek);
  }

  testing::TempDirectory directory_;
};

TEST_F(StoredFormatsTest, TheKeyFileIsReadAsEver) {
  EXPECT_EQ(Kek().ExposeText(), std::string(32, '\x4b'));
}

TEST_F(StoredFormatsTest, TheWrappedKeyOpensAsEver) {
  const auto key = crypto::Unwrap(Kek(), "golden", Golden("wrapped_key.bin"));
  ASSERT_OK(key);
  EXPECT_EQ(key->ExposeText(), std::string(32, '\x6b'));
}

TEST_F(StoredFormatsTest, TheKeyringAndTheShredFileOpenAsEver) {
  const auto data = storage::DataDirectory::Create(directory_.File("data"));
  ASSERT_OK(data);
  std::ofstream(data->keyring_path(), std::ios::binary)
      << Golden("keyring.bin");
  std::ofstream(data->shred_path(), std::ios::binary)
      << Golden("shred_file.bin");
  const auto keyring = storage::Keyring::Open(*data, Kek());
  ASSERT_OK(keyring);
  const auto catalogue =
      keyring->Get(storage::kCatalogueKey, storage::kMainKeyId);
  ASSERT_OK(catalogue);
  EXPECT_EQ(catalogue->ExposeText(), std::string(32, '\x63'));
  const auto inbox = keyring->Get(storage::kInboxKey, "couriers.2026-q1");
  ASSERT_OK(inbox);
  EXPECT_EQ(inbox->ExposeText(), std::string(32, '\x69'));
  // Its entry was overwritten before the keyring was.
  EXPECT_THAT(keyring->Get(storage::kInboxKey, "couriers.2025-q4"),
              HasReason(Reason::kKeyMissing));
  EXPECT_THAT(keyring->Get(storage::kReceiptKey, storage::kMainKeyId),
              HasReason(Reason::kKeyMissing));
}

TEST_F(StoredFormatsTest, TheKeyOfAVaultOpensAsEver) {
  std::ofstream(directory_.File(storage::kVaultKeyFile), std::ios::binary)
      << Golden("vault_key.bin");
  const auto key = storage::OpenVaultKey(
      directory_.path(),
      crypto::SecretBytes::From("a passphrase for tests only"),
      {.passes = 1, .memory_bytes = 8192});
  ASSERT_OK(key);
  EXPECT_EQ(key->ExposeText(), std::string(32, '\x76'));
}

}  // namespace
}  // namespace commonwage
