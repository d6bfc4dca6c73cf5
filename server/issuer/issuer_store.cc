// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/issuer_store.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "base/check.h"
#include "base/error.h"
#include "base/random_source.h"
#include "base/status_macros.h"
#include "crypto/blind/blind_rsa_key.h"
#include "crypto/derive.h"
#include "crypto/hash.h"
#include "crypto/key_file.h"
#include "crypto/secret.h"
#include "crypto/wrap.h"
#include "storage/data_directory.h"
#include "storage/kek_file.h"
#include "storage/keyring.h"
#include "storage/members/member_roll.h"
#include "survey/domain_labels.h"
#include "survey/enrolment_code.h"

namespace commonwage::server::issuer {
namespace {

// Purposes in the keyring. Part of the stored format: do not change one.
constexpr absl::string_view kRollKey = "roll";
constexpr absl::string_view kCodeKey = "enrolment-code";
constexpr absl::string_view kIssuingKeyKey = "issuing-key";

// What a kept code is bound to: it opens in its own place only.
std::string SealedAs(const storage::CodeDigest& digest) {
  return absl::StrCat(kKeptCodeLabel, digest.view());
}

std::filesystem::path RollPath(const storage::DataDirectory& directory) {
  return directory.path() / "roll.db";
}

}  // namespace

absl::StatusOr<std::unique_ptr<IssuerStore>> IssuerStore::Create(
    const std::filesystem::path& directory, const std::string& kek_path,
    RandomSource& random) {
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::Secret<32> kek,
                              crypto::LoadKeyFile(kek_path));
  COMMONWAGE_ASSIGN_OR_RETURN(storage::NewDataDirectory made,
                              storage::DataDirectory::Begin(directory));
  COMMONWAGE_ASSIGN_OR_RETURN(
      storage::Keyring keyring,
      storage::Keyring::Create(made.directory, kek, random));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const crypto::Secret<32> roll_key,
      keyring.Create(kRollKey, storage::kMainKeyId, random));
  COMMONWAGE_RETURN_IF_ERROR(
      keyring.Create(kCodeKey, storage::kMainKeyId, random).status());
  storage::OpenOptions options;
  options.create = true;
  COMMONWAGE_RETURN_IF_ERROR(
      storage::MemberRoll::Open(RollPath(made.directory), roll_key, options)
          .status());
  COMMONWAGE_RETURN_IF_ERROR(made.making.Finish());
  return Open(directory, kek_path);
}

absl::StatusOr<std::unique_ptr<IssuerStore>> IssuerStore::Open(
    const std::filesystem::path& directory, const std::string& kek_path) {
  COMMONWAGE_ASSIGN_OR_RETURN(storage::DataDirectory opened,
                              storage::DataDirectory::Open(directory));
  COMMONWAGE_ASSIGN_OR_RETURN(const storage::Keyring keyring,
                              storage::OpenKeyring(opened, kek_path));
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::Secret<32> roll_key,
                              keyring.Get(kRollKey, storage::kMainKeyId));
  COMMONWAGE_ASSIGN_OR_RETURN(crypto::Secret<32> code_key,
                              keyring.Get(kCodeKey, storage::kMainKeyId));
  COMMONWAGE_ASSIGN_OR_RETURN(
      std::unique_ptr<storage::MemberRoll> roll,
      storage::MemberRoll::Open(RollPath(opened), roll_key));
  return std::unique_ptr<IssuerStore>(new IssuerStore(
      std::move(opened), kek_path, std::move(code_key), std::move(roll)));
}

absl::StatusOr<storage::Keyring> IssuerStore::OpenKeyring() const {
  return storage::OpenKeyring(directory_, kek_path_);
}

storage::CodeDigest IssuerStore::DigestOf(absl::string_view code) const {
  return *storage::CodeDigest::From(
      crypto::KeyedDigest(code_key_, kEnrolmentCodeLabel, code).view());
}

crypto::Secret<32> IssuerStore::KeptCodeKey(
    const crypto::Secret<32>& code_key) {
  return crypto::Derive(code_key, kKeptCodeLabel, "");
}

absl::Status IssuerStore::DrawCodes(absl::Span<const std::string> references,
                                    storage::OldCode old_code,
                                    RandomSource& random) {
  std::vector<storage::MemberCode> drawn;
  for (const std::string& reference : references) {
    const std::string code = DrawEnrolmentCode(random);
    const storage::CodeDigest digest = DigestOf(code);
    const auto sealed = storage::SealedCode::From(
        crypto::Wrap(kept_code_key_, SealedAs(digest), code, random));
    COMMONWAGE_CHECK(sealed.has_value());
    drawn.push_back({reference, digest, *sealed});
  }
  return roll_->SetCodes(drawn, old_code);
}

absl::StatusOr<std::vector<LetterCode>> IssuerStore::KeptCodes(
    absl::FunctionRef<bool(absl::string_view reference)> wanted) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::vector<storage::MemberCode> kept,
                              roll_->ListKeptCodes());
  std::vector<LetterCode> codes;
  codes.reserve(kept.size());
  std::vector<Fault> altered;
  for (const storage::MemberCode& member : kept) {
    if (!wanted(member.reference)) {
      continue;
    }
    const absl::StatusOr<crypto::SecretBytes> code = crypto::Unwrap(
        kept_code_key_, SealedAs(member.digest), member.sealed.view());
    if (code.ok()) {
      codes.push_back(
          {member.reference, FormatEnrolmentCode(code->ExposeText())});
    } else {
      altered.push_back({member.reference, "This member's code is damaged."});
    }
  }
  if (!altered.empty()) {
    return RefusalOfFields(
        Reason::kRollAltered,
        "Codes on the roll have been altered, or the disk fails. Restore a "
        "backup, or draw new codes for these members: --new --member.",
        altered);
  }
  return codes;
}

absl::StatusOr<std::string> IssuerStore::CreateIssuingKey(
    const std::string& round_id, RandomSource& random) {
  // A crash before the roll has the key leaves one in the keyring that wraps
  // nothing; the next try starts with a new one.
  COMMONWAGE_RETURN_IF_ERROR(roll_->FindIssuingKey(round_id).status());
  COMMONWAGE_ASSIGN_OR_RETURN(storage::Keyring keyring, OpenKeyring());
  COMMONWAGE_ASSIGN_OR_RETURN(const bool exists, HasIssuingKey(round_id));
  if (!exists) {
    COMMONWAGE_RETURN_IF_ERROR(
        keyring.Destroy(kIssuingKeyKey, round_id, random));
    COMMONWAGE_RETURN_IF_ERROR(
        keyring.CreateDestroyable(kIssuingKeyKey, round_id, random).status());
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::BlindRsaPrivateKey key,
                              crypto::BlindRsaPrivateKey::Generate());
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::SecretBytes der, key.Serialize());
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::Secret<32> wrapping,
                              keyring.Get(kIssuingKeyKey, round_id));
  COMMONWAGE_RETURN_IF_ERROR(roll_->AddIssuingKey(
      round_id, {key.public_key_der(),
                 crypto::Wrap(wrapping, round_id, der.ExposeText(), random)}));
  return key.public_key_der();
}

absl::Status IssuerStore::DestroyIssuingKey(const std::string& round_id,
                                            RandomSource& random,
                                            storage::RoundEnd end) {
  COMMONWAGE_RETURN_IF_ERROR(roll_->DestroyIssuingKey(round_id, end));
  COMMONWAGE_ASSIGN_OR_RETURN(storage::Keyring keyring, OpenKeyring());
  return keyring.Destroy(kIssuingKeyKey, round_id, random);
}

absl::Status IssuerStore::ReplaceKek(RandomSource& random) {
  return storage::ReplaceKek(directory_, kek_path_, random);
}

absl::StatusOr<bool> IssuerStore::HasIssuingKey(const std::string& round_id) {
  COMMONWAGE_ASSIGN_OR_RETURN(const auto key, roll_->FindIssuingKey(round_id));
  return key.has_value();
}

absl::StatusOr<std::optional<crypto::BlindRsaPrivateKey>>
IssuerStore::FindIssuingKey(const std::string& round_id) {
  COMMONWAGE_ASSIGN_OR_RETURN(const auto stored,
                              roll_->FindIssuingKey(round_id));
  if (!stored.has_value()) {
    return std::nullopt;
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const storage::Keyring keyring, OpenKeyring());
  COMMONWAGE_ASSIGN_OR_RETURN(const auto wrapping,
                              keyring.Find(kIssuingKeyKey, round_id));
  if (!wrapping.has_value()) {
    return std::nullopt;
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      const crypto::SecretBytes der,
      crypto::Unwrap(*wrapping, round_id, stored->wrapped_private_key));
  return crypto::BlindRsaPrivateKey::FromDer(der);
}

void IssuerStore::GrantOnce(const std::string& round_id, absl::string_view code,
                            absl::string_view blinded_message,
                            storage::GrantQueue::Done done) {
  const crypto::Digest request =
      crypto::Sha256(kBlindedRequestLabel, blinded_message);
  grants_.Add(
      {round_id, DigestOf(code), *storage::RequestDigest::From(request.view())},
      std::move(done));
}

}  // namespace commonwage::server::issuer
