// SPDX-License-Identifier: Apache-2.0
// A request for a credential and its answer as texts, for people who carry them
// between their own device and the union office's page. Layout:
// docs/FORMATS.md, "Credential". Spaces and line breaks do not matter: mail and
// forms add some.

#ifndef COMMONWAGE_SURVEY_ENROLMENT_REQUEST_H_
#define COMMONWAGE_SURVEY_ENROLMENT_REQUEST_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace commonwage {

inline constexpr size_t kIssuerKeyDigestSize = 32;
inline constexpr size_t kBlindedMessageSize = 256;
inline constexpr size_t kRequestChecksumSize = 32;

// What a member's device asks for. Without the member's code, which only the
// person has, and which is no part of the text.
struct EnrolmentRequest {
  std::string round_id;           // "<survey>.<round>".
  std::string issuer_key_digest;  // 32 bytes.
  std::string blinded_message;    // 256 bytes.
  // 32 bytes: SHA-256 over kRequestChecksumLabel || ChecksummedBytes. A request
  // that was damaged on its way must not use up the member's one voice.
  std::string checksum;
};

// What a device gets for it.
struct EnrolmentAnswer {
  std::string round_id;
  std::string blind_signature;  // 256 bytes.
};

// Returns what the checksum of `request` covers, after the label.
std::string ChecksummedBytes(const EnrolmentRequest& request);

// Return the texts. The parts have the sizes above.
std::string WriteEnrolmentRequest(const EnrolmentRequest& request);
std::string WriteEnrolmentAnswer(const EnrolmentAnswer& answer);

// Read the texts as they were carried. Whether the checksum holds, and whether
// the signature does, is for who has the keys.
//
// Fail with INVALID_ARGUMENT: REQUEST_MALFORMED, ANSWER_MALFORMED.
absl::StatusOr<EnrolmentRequest> ParseEnrolmentRequest(absl::string_view text);
absl::StatusOr<EnrolmentAnswer> ParseEnrolmentAnswer(absl::string_view text);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_ENROLMENT_REQUEST_H_
