// SPDX-License-Identifier: Apache-2.0
// The union office's store: members, what is left of their enrolment codes, and
// who has had a credential of which round. It knows no pseudonym, no
// submission, no time, and no order of requests: neither its pages nor its log
// tell whose came first.

#ifndef COMMONWAGE_STORAGE_MEMBER_ROLL_H_
#define COMMONWAGE_STORAGE_MEMBER_ROLL_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
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

struct MemberSummary {
  std::string reference;  // The union's own, such as a membership number.
  bool has_code = false;
  bool removed = false;
};

// The key that signs the credentials of a round.
struct IssuingKey {
  std::string public_key_der;
  std::string wrapped_private_key;  // By the caller, under another key.
};

// A round that has, or had, an issuing key.
struct IssuingRound {
  std::string round_id;
  bool has_key = false;  // Else it is destroyed, for good.
};

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

  // Adds the members that are not there yet, without codes; takes removed ones
  // back. All or none. Returns how many were added or taken back.
  // Fails as sqlite_status.h says.
  absl::StatusOr<int64_t> AddMembers(absl::Span<const std::string> references);

  // Ends a membership: the code works no more. A credential that was issued
  // stays valid for its round, as nobody can tell which one it is.
  // Fails with NOT_FOUND (MEMBER_UNKNOWN); otherwise as sqlite_status.h says.
  absl::Status RemoveMember(absl::string_view reference);

  // Returns all members, by reference.
  absl::StatusOr<std::vector<MemberSummary>> ListMembers();

  // Gives members new codes, all or none; an earlier code works no more. It is
  // still one credential per member and round, whatever the code.
  // Fails with NOT_FOUND (MEMBER_UNKNOWN); otherwise as sqlite_status.h says.
  absl::Status SetCodes(
      absl::Span<const std::pair<std::string, CodeDigest>> codes);

  // Fails with ALREADY_EXISTS (ISSUING_KEY_EXISTS) if the round has or had one;
  // otherwise as sqlite_status.h says.
  absl::Status AddIssuingKey(absl::string_view round_id, const IssuingKey& key);

  // Returns nullopt if there is none, or none any more.
  absl::StatusOr<std::optional<IssuingKey>> FindIssuingKey(
      absl::string_view round_id);

  // Deletes the round's key and who asked for its credentials. There will never
  // be another one for this round. Not an error if it is done already.
  // Fails with NOT_FOUND (UNKNOWN_ROUND); otherwise as sqlite_status.h says.
  absl::Status DestroyIssuingKey(absl::string_view round_id);

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
  // In the transaction under way.
  absl::StatusOr<Grant> GrantOne(const GrantRequest& request)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Mutex mutex_;
  Database database_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<Statements> statements_ ABSL_GUARDED_BY(mutex_);
  bool log_holds_order_ ABSL_GUARDED_BY(mutex_) = true;
};

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_MEMBER_ROLL_H_
