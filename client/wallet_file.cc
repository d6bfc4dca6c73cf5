// SPDX-License-Identifier: Apache-2.0
#include "client/wallet_file.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "base/bytes.h"
#include "base/error.h"
#include "base/file/file_lock.h"
#include "base/file/input_file.h"
#include "base/file/kept_file.h"
#include "base/status_macros.h"
#include "client/round_record.h"
#include "crypto/wrap.h"

namespace commonwage::client {
namespace {

constexpr absl::string_view kMagic("CWWL\x01", 5);
constexpr size_t kHeadSize = 5 + crypto::PassphraseSalt::kSize + 4 + 8;
constexpr size_t kMaxWalletBytes = size_t{16} << 20;
// A file that asks for more than this was not made by us.
constexpr uint64_t kMaxPasses = 16;
constexpr uint64_t kMaxMemoryBytes = uint64_t{1} << 30;

NamedFile Named(const std::string& path) { return {path, "wallet"}; }

absl::Status Damaged() {
  return Refusal(Reason::kWalletDamaged,
                 "This file is not a whole wallet. It was left as it is; "
                 "`commonwage recover` makes a new one from your words.");
}

absl::Status PassphraseChanged() {
  return Refusal(Reason::kPassphraseChanged,
                 "The wallet has had another passphrase since this command "
                 "began. Start it again with the new one.");
}

struct Head {
  crypto::PassphraseSalt salt;
  crypto::PassphraseCost cost;
};

std::string WriteHead(const Head& head) {
  std::string bytes = absl::StrCat(kMagic, head.salt.view());
  AppendUint32(bytes, static_cast<uint32_t>(head.cost.passes));
  AppendUint64(bytes, head.cost.memory_bytes);
  return bytes;
}

std::optional<Head> ReadHead(absl::string_view bytes) {
  if (!absl::StartsWith(bytes, kMagic)) {
    return std::nullopt;
  }
  ByteReader reader(bytes.substr(kMagic.size()));
  const auto salt = reader.ReadBytes(crypto::PassphraseSalt::kSize);
  const auto passes = reader.ReadUint32();
  const auto memory_bytes = reader.ReadUint64();
  if (!salt || !passes || !memory_bytes || *passes == 0 ||
      *passes > kMaxPasses || *memory_bytes < 8192 ||
      *memory_bytes > kMaxMemoryBytes) {
    return std::nullopt;
  }
  return Head{*crypto::PassphraseSalt::From(*salt), {*passes, *memory_bytes}};
}

std::string Encrypt(const crypto::Secret<32>& key, absl::string_view head,
                    const WalletContents& contents, RandomSource& random) {
  const size_t records_size = contents.records.ByteSizeLong();
  crypto::SecretBytes plain(crypto::Secret<32>::kSize + records_size);
  const absl::Span<uint8_t> out = plain.ExposeForWriting();
  std::copy(contents.seed.Expose().begin(), contents.seed.Expose().end(),
            out.begin());
  contents.records.SerializeWithCachedSizesToArray(
      out.subspan(crypto::Secret<32>::kSize).data());
  return absl::StrCat(head,
                      crypto::Wrap(key, head, plain.ExposeText(), random));
}

absl::StatusOr<WalletContents> Decrypt(const crypto::Secret<32>& key,
                                       absl::string_view head,
                                       absl::string_view file) {
  if (!absl::StartsWith(file, head)) {
    return ReadHead(file.substr(0, kHeadSize)).has_value() ? PassphraseChanged()
                                                           : Damaged();
  }
  const absl::StatusOr<crypto::SecretBytes> plain =
      crypto::Unwrap(key, head, file.substr(head.size()));
  if (!plain.ok()) {
    return Refusal(Reason::kPassphraseRefused,
                   "This passphrase does not open the wallet, or the file was "
                   "altered. It was left as it is. If the passphrase is right, "
                   "`commonwage recover` makes a new wallet from your words.");
  }
  const absl::string_view text = plain->ExposeText();
  WalletContents contents;
  std::optional<crypto::Secret<32>> seed =
      crypto::Secret<32>::From(text.substr(0, crypto::Secret<32>::kSize));
  if (!seed.has_value() ||
      !contents.records.ParseFromArray(
          text.data() + crypto::Secret<32>::kSize,
          static_cast<int>(text.size() - crypto::Secret<32>::kSize))) {
    return Damaged();
  }
  contents.seed = *std::move(seed);
  return contents;
}

}  // namespace

absl::Status CheckNewPassphrase(const crypto::SecretBytes& passphrase) {
  return crypto::PassphraseLength(passphrase) >= kMinPassphraseLength
             ? absl::OkStatus()
             : Refusal(Reason::kPassphraseTooShort,
                       absl::StrCat("The passphrase is too short: a wallet "
                                    "takes ",
                                    kMinPassphraseLength,
                                    " characters or more, such as three random "
                                    "words."));
}

crypto::Secret<32> SeedForRound(const WalletContents& contents,
                                absl::string_view round_id) {
  const RoundRecord* record = FindRound(contents.records, round_id);
  std::optional<crypto::Secret<32>> own =
      record != nullptr ? crypto::Secret<32>::From(record->throwaway_seed())
                        : std::nullopt;
  return own.has_value() ? *std::move(own) : contents.seed.Clone();
}

WalletFile::WalletFile(NamedFile file, std::string head, crypto::Secret<32> key)
    : file_(std::move(file)), head_(std::move(head)), key_(std::move(key)) {}

absl::StatusOr<WalletFile> WalletFile::Create(
    const std::string& path, const crypto::SecretBytes& passphrase,
    const crypto::Secret<32>& seed, RandomSource& random,
    const crypto::PassphraseCost& cost) {
  COMMONWAGE_RETURN_IF_ERROR(CheckNewPassphrase(passphrase));
  const Head head = {crypto::DrawPassphraseSalt(random), cost};
  COMMONWAGE_ASSIGN_OR_RETURN(
      crypto::Secret<32> key,
      crypto::KeyFromPassphrase(passphrase, head.salt, cost));
  WalletFile wallet(Named(path), WriteHead(head), std::move(key));
  const WalletContents contents = {seed.Clone(), {}};
  COMMONWAGE_RETURN_IF_ERROR(CreateFile(
      wallet.file_, Encrypt(wallet.key_, wallet.head_, contents, random),
      Mode::kReadWrite));
  return wallet;
}

absl::StatusOr<WalletFile> WalletFile::Open(
    const std::string& path, const crypto::SecretBytes& passphrase) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::string file,
                              ReadFile(Named(path), kMaxWalletBytes));
  const std::string head_bytes = file.substr(0, kHeadSize);
  const std::optional<Head> head = ReadHead(head_bytes);
  if (!head.has_value()) {
    return Damaged();
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      crypto::Secret<32> key,
      crypto::KeyFromPassphrase(passphrase, head->salt, head->cost));
  WalletFile wallet(Named(path), head_bytes, std::move(key));
  COMMONWAGE_RETURN_IF_ERROR(Decrypt(wallet.key_, wallet.head_, file).status());
  return wallet;
}

absl::StatusOr<WalletContents> WalletFile::Read() const {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::string file,
                              ReadFile(file_, kMaxWalletBytes));
  return Decrypt(key_, head_, file);
}

absl::Status WalletFile::Update(
    RandomSource& random,
    const std::function<absl::Status(WalletContents&)>& change) const {
  COMMONWAGE_ASSIGN_OR_RETURN(const FileLock lock,
                              FileLock::AcquireReplaced(file_));
  COMMONWAGE_ASSIGN_OR_RETURN(WalletContents contents, Read());
  COMMONWAGE_RETURN_IF_ERROR(change(contents));
  return ReplaceFile(file_, Encrypt(key_, head_, contents, random));
}

absl::Status WalletFile::ChangePassphrase(
    const crypto::SecretBytes& new_passphrase, RandomSource& random,
    const crypto::PassphraseCost& cost) {
  COMMONWAGE_RETURN_IF_ERROR(CheckNewPassphrase(new_passphrase));
  const Head head = {crypto::DrawPassphraseSalt(random), cost};
  COMMONWAGE_ASSIGN_OR_RETURN(
      crypto::Secret<32> key,
      crypto::KeyFromPassphrase(new_passphrase, head.salt, cost));
  COMMONWAGE_ASSIGN_OR_RETURN(const FileLock lock,
                              FileLock::AcquireReplaced(file_));
  COMMONWAGE_ASSIGN_OR_RETURN(const WalletContents contents, Read());
  const std::string head_bytes = WriteHead(head);
  COMMONWAGE_RETURN_IF_ERROR(
      ReplaceFile(file_, Encrypt(key, head_bytes, contents, random)));
  head_ = head_bytes;
  key_ = std::move(key);
  return absl::OkStatus();
}

}  // namespace commonwage::client
