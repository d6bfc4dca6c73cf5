// SPDX-License-Identifier: Apache-2.0
// When two spellings mean one member, and when they might: one member has one
// voice, however lists spell the reference.

#ifndef COMMONWAGE_SERVER_ISSUER_MEMBER_IDENTITY_H_
#define COMMONWAGE_SERVER_ISSUER_MEMBER_IDENTITY_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct USpoofChecker;

namespace commonwage::server::issuer {

// In characters.
inline constexpr size_t kMaxReferenceLength = 64;

// What of a member's reference is compared with others.
struct MemberIdentity {
  // As it is kept: as written, without blanks at its ends.
  std::string reference;
  // The same for every spelling of one member: of whatever case, width, blanks
  // and composition of letters (Unicode's NFKC_Casefold).
  std::string key;
  // The same for numbers that differ only by zeros, such as a spreadsheet drops
  // in front and adds behind, by what stands between thousands, or by script.
  std::string number;
  // Two members that share the i-th of these look alike on paper (the skeletons
  // of UTS 39: as written, in small letters, in capitals).
  std::vector<std::string> looks;
};

// Reads references by the tables of ICU. Thread-safe.
class MemberIdentifier {
 public:
  MemberIdentifier();
  MemberIdentifier(const MemberIdentifier&) = delete;
  MemberIdentifier& operator=(const MemberIdentifier&) = delete;
  ~MemberIdentifier();

  // Returns what identifies the member that `reference` names.
  //
  // Fails with INVALID_ARGUMENT (REFERENCE_UNUSABLE) if it is not UTF-8, has
  // nothing to be seen, is longer than kMaxReferenceLength, has characters that
  // cannot be printed on one line or are not assigned, or is what a spreadsheet
  // writes in place of a value it has lost. The sentence repeats nothing of it.
  [[nodiscard]] absl::StatusOr<MemberIdentity> Identify(
      absl::string_view reference) const;

 private:
  [[nodiscard]] std::string LookOf(absl::string_view text) const;

  USpoofChecker* checker_ = nullptr;
};

// Returns what is compared of the name of a column: its letters and digits, of
// whatever case, without what stands between them.
std::string ColumnKey(absl::string_view name);

}  // namespace commonwage::server::issuer

#endif  // COMMONWAGE_SERVER_ISSUER_MEMBER_IDENTITY_H_
