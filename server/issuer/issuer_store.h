// SPDX-License-Identifier: Apache-2.0
// The union office's directory: a keyring, and the roll of members encrypted
// under one of its keys.
//
//   DIR/roll.db   members, hashed codes, codes not used yet and issuing keys,
//                 both wrapped
//   DIR/keyring   their keys, wrapped under a key that lives elsewhere
//   DIR/shred.key what the wrapping keys of issuing keys rest on as well

#ifndef COMMONWAGE_SERVER_ISSUER_ISSUER_STORE_H_
#define COMMONWAGE_SERVER_ISSUER_ISSUER_STORE_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "base/random_source.h"
#include "crypto/blind/blind_rsa_key.h"
#include "crypto/secret.h"
#include "storage/data_directory.h"
#include "storage/keyring.h"
#include "storage/members/grant_queue.h"
#include "storage/members/member_roll.h"

namespace commonwage::server::issuer {

// A member and the code for the letter to them.
struct LetterCode {
  std::string reference;
  std::string code;  // As printed.
};

// An open store. Thread-safe but for the calls that say otherwise.
class IssuerStore {
 public:
  // Makes the directory and an empty roll; `kek_path` is the key file, which
  // must be there. Fails as crypto::LoadKeyFile, DataDirectory::Create,
  // Keyring::Create and MemberRoll::Open.
  static absl::StatusOr<std::unique_ptr<IssuerStore>> Create(
      const std::filesystem::path& directory, const std::string& kek_path,
      RandomSource& random);

  // Fails as DataDirectory::Open, storage::OpenKeyring and MemberRoll::Open.
  static absl::StatusOr<std::unique_ptr<IssuerStore>> Open(
      const std::filesystem::path& directory, const std::string& kek_path);

  // The members themselves.
  [[nodiscard]] storage::MemberRoll& roll() { return *roll_; }

  // Draws codes for `references`, and keeps them, encrypted, until their
  // members have used them, and hashes of them for good. Who has a code already
  // keeps it if `old_code` says so. Fails as MemberRoll::SetCodes.
  absl::Status DrawCodes(absl::Span<const std::string> references,
                         storage::OldCode old_code, RandomSource& random);

  // Returns, by reference, the codes of those members who are `wanted` that are
  // drawn and not used yet. Fails as MemberRoll::ListKeptCodes; with DATA_LOSS
  // (ROLL_ALTERED), naming their members, if some were altered, or put in the
  // place of others. Reveals: the codes.
  absl::StatusOr<std::vector<LetterCode>> KeptCodes(
      absl::FunctionRef<bool(absl::string_view reference)> wanted);

  // Makes the key of a round and returns its public half as DER. Not for two
  // threads at once.
  // Fails as MemberRoll::AddIssuingKey and Keyring::CreateDestroyable.
  absl::StatusOr<std::string> CreateIssuingKey(const std::string& round_id,
                                               RandomSource& random);

  // Destroys a round's key and who asked for its credentials, for good, with
  // the key's entry of the shred file. Not for two threads at once.
  // Fails as MemberRoll::DestroyIssuingKey and Keyring::Destroy; repeat then.
  absl::Status DestroyIssuingKey(
      const std::string& round_id, RandomSource& random,
      storage::RoundEnd end = storage::RoundEnd::kClosed);

  // Puts a new key in the key file, so that older copies of the whole directory
  // do not open with it. Fails as storage::ReplaceKek.
  absl::Status ReplaceKek(RandomSource& random);

  absl::StatusOr<bool> HasIssuingKey(const std::string& round_id);

  // Returns nullopt if there is none, or none any more.
  absl::StatusOr<std::optional<crypto::BlindRsaPrivateKey>> FindIssuingKey(
      const std::string& round_id);

  // Has the roll grant the request of whoever holds a code, as
  // ParseEnrolmentCode gave it; calls `done` as storage::GrantQueue does.
  void GrantOnce(const std::string& round_id, absl::string_view code,
                 absl::string_view blinded_message,
                 storage::GrantQueue::Done done);

 private:
  IssuerStore(storage::DataDirectory directory, std::string kek_path,
              crypto::Secret<32> code_key,
              std::unique_ptr<storage::MemberRoll> roll)
      : directory_(std::move(directory)),
        kek_path_(std::move(kek_path)),
        code_key_(std::move(code_key)),
        kept_code_key_(KeptCodeKey(code_key_)),
        roll_(std::move(roll)),
        grants_(*roll_) {}

  [[nodiscard]] storage::CodeDigest DigestOf(absl::string_view code) const;
  static crypto::Secret<32> KeptCodeKey(const crypto::Secret<32>& code_key);
  // Anew each time: another process may have put a new key in the key file.
  [[nodiscard]] absl::StatusOr<storage::Keyring> OpenKeyring() const;

  storage::DataDirectory directory_;
  std::string kek_path_;
  crypto::Secret<32> code_key_;
  crypto::Secret<32> kept_code_key_;
  std::unique_ptr<storage::MemberRoll> roll_;
  // Last: it uses the roll.
  storage::GrantQueue grants_;
};

}  // namespace commonwage::server::issuer

#endif  // COMMONWAGE_SERVER_ISSUER_ISSUER_STORE_H_
