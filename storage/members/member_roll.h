// SPDX-License-Identifier: Apache-2.0
// The union office's store: members, hashes of their enrolment codes, the codes
// themselves, sealed by the caller, until they were used, and who has had a
// credential of which round. It knows no pseudonym, no
// submission, no time, and no order of requests: neither its pages nor its log
// tell whose came first.

#ifndef COMMONWAGE_STORAGE_MEMBERS_MEMBER_ROLL_H_
#define COMMONWAGE_STORAGE_MEMBERS_MEMBER_ROLL_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "base/fixed_bytes.h"
#include "base/mutex.h"
#include "crypto/secret.h"
#include "storage/database.h"

namespace commonwage::storage {

// A keyed hash of an enrolment code.
using CodeDigest = FixedBytes<32, struct CodeDigestTag>;
// A hash of a blinded request.
using RequestDigest = FixedBytes<32, struct RequestDigestTag>;

// An enrolment code, encrypted by the caller so that it can be shown again: 14
// characters and what encryption adds.
using SealedCode = FixedBytes<54, struct SealedCodeTag>;

struct MemberSummary {
  std::string reference;  // The union's own, such as a membership number.
  bool has_code = false;
  bool code_kept = false;  // It can be shown again: nobody has used it yet.
  bool removed = false;
};

// A member's code, as the roll knows it.
struct MemberCode {
  std::string reference;
  CodeDigest digest;
  SealedCode sealed;
};

// What becomes of a code that a member has already.
enum class OldCode { kStays, kReplaced };

// The key that signs the credentials of a round.
struct IssuingKey {
  std::string public_key_der;
  std::string wrapped_private_key;  // By the caller, under another key.
};

// A round that has, or had, an issuing key.
struct IssuingRound {
  std::string round_id;
  bool has_key = false;     // Else it is destroyed, for good.
  bool called_off = false;  // Then it has none.
};

// Why a round's issuing key goes.
enum class RoundEnd { kClosed, kCalledOff };

// A request for a credential, as much of it as the roll knows.
struct GrantRequest {
  std::string round_id;
  CodeDigest code;
  RequestDigest request;
};

// What became of a request for a credential.
enum class Grant {
  kGranted,         // It is this member's one request for the round.
  kCodeUnknown,     // No present member has this code.
  kOtherRequested,  // The member has made another request for the round.
};

// An open roll. Thread-safe; several processes may have it open.
class MemberRoll {
 public:
  // Fails as Database::Open and Migrate do. `options.create` makes it.
  static absl::StatusOr<std::unique_ptr<MemberRoll>> Open(
      const std::filesystem::path& path, const crypto::Secret<32>& key,
      const OpenOptions& options = {});
  MemberRoll(const MemberRoll&) = delete;
  MemberRoll& operator=(const MemberRoll&) = delete;
  ~MemberRoll();

  // Shows all members, removed ones too, to `choose`, and adds those it returns
  // that are not there yet, without codes; takes removed ones back. Who else
  // adds members waits meanwhile. All or none. Returns how many were added or
  // taken back.
  // Fails as `choose` does, and as sqlite_status.h says.
  using Choose = absl::FunctionRef<absl::StatusOr<std::vector<std::string>>(
      absl::Span<const MemberSummary> members)>;
  absl::StatusOr<int64_t> AddMembers(Choose choose);

  // The same with `references`, whoever is there.
  absl::StatusOr<int64_t> AddMembers(absl::Span<const std::string> references);

  // Ends a membership: the code works no more. A credential that was issued
  // stays valid for its round, as nobody can tell which one it is.
  // Fails with NOT_FOUND (MEMBER_UNKNOWN); otherwise as sqlite_status.h says.
  absl::Status RemoveMember(absl::string_view reference);

  // Returns all members, by reference.
  absl::StatusOr<std::vector<MemberSummary>> ListMembers();

  // Gives members codes, all or none. Who has one already keeps it if
  // `old_code` says so; else it works no more. It is still one credential per
  // member and round, whatever the code. Fails with NOT_FOUND (MEMBER_UNKNOWN);
  // otherwise as sqlite_status.h says.
  absl::Status SetCodes(absl::Span<const MemberCode> codes, OldCode old_code);

  // Returns the codes that can be shown again, by reference. One is kept until
  // its member has asked for a credential with it, or is removed, or a round's
  // key is destroyed.
  // Fails as sqlite_status.h says.
  absl::StatusOr<std::vector<MemberCode>> ListKeptCodes();

  // Fails with ALREADY_EXISTS (ISSUING_KEY_EXISTS) if the round has or had one;
  // otherwise as sqlite_status.h says.
  absl::Status AddIssuingKey(absl::string_view round_id, const IssuingKey& key);

  // Returns nullopt if there is none, or none any more.
  absl::StatusOr<std::optional<IssuingKey>> FindIssuingKey(
      absl::string_view round_id);

  // Deletes the round's key and who asked for its credentials, and with it
  // every kept code, since those that are gone show who took part. There will
  // never be another key for this round. Remembers for good if it was called
  // off. Not an error if it is done already.
  // Fails with NOT_FOUND (UNKNOWN_ROUND); otherwise as sqlite_status.h says.
  absl::Status DestroyIssuingKey(absl::string_view round_id,
                                 RoundEnd end = RoundEnd::kClosed);

  // Returns whether the round had a key that went since it was called off.
  absl::StatusOr<bool> WasCalledOff(absl::string_view round_id);

  // Returns all rounds that have or had a key, by name.
  absl::StatusOr<std::vector<IssuingRound>> ListRounds();

  // Records, durably, that the member with the code makes this request for the
  // round, unless the member has made another one. Whoever races, one request
  // is granted, and it is granted every time. Returns the outcome of each; they
  // share one sync.
  // Each fails with NOT_FOUND (UNKNOWN_ROUND) if the round has no key; all with
  // DATA_LOSS (ROLL_ALTERED), and otherwise as sqlite_status.h says.
  std::vector<absl::StatusOr<Grant>> GrantAll(
      absl::Span<const GrantRequest> requests);

  // Empties the log if that did not work after the last grants, since another
  // process was reading. Cheap if there is nothing to do.
  // Fails with UNAVAILABLE if it still is; otherwise as sqlite_status.h says.
  absl::Status TidyLog();

 private:
  // The statements that every grant runs, compiled once.
  struct Statements;

  MemberRoll(Database database, std::unique_ptr<Statements> statements);

  absl::Status EmptyLog() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<std::vector<MemberSummary>> ReadMembers()
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // In the transaction under way.
  absl::StatusOr<Grant> GrantOne(const GrantRequest& request)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Mutex mutex_;
  Database database_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<Statements> statements_ ABSL_GUARDED_BY(mutex_);
  bool log_holds_order_ ABSL_GUARDED_BY(mutex_) = true;
};

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_MEMBERS_MEMBER_ROLL_H_
