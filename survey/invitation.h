// SPDX-License-Identifier: Apache-2.0
// An invitation: what a union gives to all its members alike, on paper or as a
// link, so that their devices trust the union's survey and no other. Layout:
// docs/FORMATS.md, "Invitation". It is no secret and carries no code.
//
// Blanks and line breaks do not matter: mail adds some. Its checksum finds what
// was mistyped or cut short. It finds no forgery: whoever forges an invitation
// makes the checksum as well, and only the way it came tells the two apart.

#ifndef COMMONWAGE_SURVEY_INVITATION_H_
#define COMMONWAGE_SURVEY_INVITATION_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "survey/manifest.h"

namespace commonwage {

inline constexpr size_t kMaxAddressLength = 300;
inline constexpr size_t kMaxInvitationLength = 2048;

struct Invitation {
  std::string server;  // Where the survey's rounds are, "host:port".
  std::string office;  // The union office's, "host:port"; empty if none is.
  std::string survey;
  // The fingerprint of the survey's key: ten groups of four lower-case
  // hexadecimal digits with hyphens between (crypto/fingerprint.h).
  std::string survey_key;
  // Who may answer in each of its rounds.
  Admission admission = Admission::kCredential;

  friend bool operator==(const Invitation&, const Invitation&) = default;
};

// Fails with INVALID_ARGUMENT (INVITATION_FAULTY) naming the part that no
// invitation can have.
absl::Status CheckInvitation(const Invitation& invitation);

// Returns the text: 'commonwage-invitation-1.' and so on, in one line without a
// blank. The same parts give the same text. `invitation` has passed
// CheckInvitation.
std::string WriteInvitation(const Invitation& invitation);

// Returns `page` with the text behind a '#', where no browser sends it on.
std::string InvitationLink(absl::string_view page,
                           const Invitation& invitation);

// Reads the text, or a link that ends with it.
//
// Fails with INVALID_ARGUMENT: INVITATION_MISTYPED if the checksum does not
// hold; INVITATION_MALFORMED if it is no invitation of this version, or written
// otherwise than WriteInvitation does.
absl::StatusOr<Invitation> ParseInvitation(absl::string_view text);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_INVITATION_H_
