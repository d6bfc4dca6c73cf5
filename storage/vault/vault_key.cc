// SPDX-License-Identifier: Apache-2.0
#include "storage/vault/vault_key.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "base/error.h"
#include "base/file/input_file.h"
#include "base/file/kept_file.h"
#include "base/file/private_directory.h"
#include "base/random_source.h"
#include "base/status_macros.h"
#include "crypto/key_file.h"
#include "crypto/secret.h"
#include "crypto/wrap.h"
#include "survey/domain_labels.h"

namespace commonwage::storage {
namespace {

constexpr size_t kSaltSize = crypto::PassphraseSalt::kSize;
constexpr size_t kKeyFileSize =
    kSaltSize + crypto::Secret<32>::kSize + crypto::kWrapOverhead;

NamedFile KeyFileIn(const std::filesystem::path& directory) {
  return {(directory / kVaultKeyFile).string(), "vault's key file"};
}

// What the wrapped key is bound to.
std::string WrappedAs(const crypto::PassphraseSalt& salt) {
  return absl::StrCat(kVaultKeyLabel, salt.view());
}

absl::Status WriteKey(const std::filesystem::path& directory,
                      const crypto::Secret<32>& key,
                      const crypto::SecretBytes& passphrase,
                      RandomSource& random,
                      const crypto::PassphraseCost& cost) {
  const crypto::PassphraseSalt salt = crypto::DrawPassphraseSalt(random);
  COMMONWAGE_ASSIGN_OR_RETURN(
      const crypto::Secret<32> wrapping,
      crypto::KeyFromPassphrase(passphrase, salt, cost));
  return ReplaceFile(
      KeyFileIn(directory),
      absl::StrCat(salt.view(), crypto::Wrap(wrapping, WrappedAs(salt),
                                             key.ExposeText(), random)));
}

}  // namespace

absl::StatusOr<crypto::Secret<32>> CreateVaultKey(
    const std::filesystem::path& directory,
    const crypto::SecretBytes& passphrase, RandomSource& random,
    const crypto::PassphraseCost& cost) {
  crypto::Secret<32> key = crypto::Secret<32>::Random(random);
  COMMONWAGE_RETURN_IF_ERROR(
      WriteKey(directory, key, passphrase, random, cost));
  return key;
}

absl::StatusOr<crypto::Secret<32>> OpenVaultKey(
    const std::filesystem::path& directory,
    const crypto::SecretBytes& passphrase, const crypto::PassphraseCost& cost) {
  const absl::StatusOr<std::string> file =
      ReadFile(KeyFileIn(directory), kKeyFileSize);
  const bool is_key = file.ok() && file->size() == kKeyFileSize;
  if (!is_key && !file.ok() && !absl::IsNotFound(file.status()) &&
      ReasonOf(file.status()) != Reason::kFileTooLarge) {
    return file.status();
  }
  if (!is_key) {
    return Refusal(Reason::kVaultMissing,
                   "This is not a vault; make one with commonwage-steward "
                   "init.");
  }
  const auto salt = *crypto::PassphraseSalt::From(file->substr(0, kSaltSize));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const crypto::Secret<32> wrapping,
      crypto::KeyFromPassphrase(passphrase, salt, cost));
  const absl::StatusOr<crypto::SecretBytes> key =
      crypto::Unwrap(wrapping, WrappedAs(salt), file->substr(kSaltSize));
  if (!key.ok()) {
    return Refusal(Reason::kPassphraseRefused,
                   "The vault does not open with this passphrase.");
  }
  return *crypto::Secret<32>::From(*key);
}

absl::Status ChangeVaultPassphrase(const std::filesystem::path& directory,
                                   const crypto::SecretBytes& passphrase,
                                   const crypto::SecretBytes& new_passphrase,
                                   RandomSource& random,
                                   const crypto::PassphraseCost& cost) {
  COMMONWAGE_RETURN_IF_ERROR(
      CheckPrivateDirectory({directory.string(), "vault"}));
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::Secret<32> key,
                              OpenVaultKey(directory, passphrase, cost));
  return WriteKey(directory, key, new_passphrase, random, cost);
}

}  // namespace commonwage::storage
