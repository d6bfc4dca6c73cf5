// SPDX-License-Identifier: Apache-2.0
#include "survey/invitation.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

#include "base/error.h"
#include "base/typed_text.h"
#include "survey/text/identifier.h"
#include "survey/text/json.h"
#include "survey/text/json_fields.h"

namespace commonwage {
namespace {

constexpr absl::string_view kHead = "commonwage-invitation-1.";
constexpr size_t kChecksumDigits = 8;
constexpr size_t kFingerprintLength = 49;
constexpr size_t kFingerprintGroup = 5;  // Four digits and a hyphen.
constexpr absl::string_view kOpen = "open";
constexpr absl::string_view kCredential = "credential";

// CRC-32 as zlib and PNG have it: finds every slip within 32 bits in a row.
uint32_t Crc32(absl::string_view text) {
  constexpr uint32_t kPolynomial = 0xEDB88320;
  uint32_t sum = 0xFFFFFFFF;
  for (const char character : text) {
    sum ^= static_cast<unsigned char>(character);
    for (int bit = 0; bit < 8; ++bit) {
      sum = (sum >> 1U) ^ ((sum & 1U) != 0 ? kPolynomial : 0);
    }
  }
  return ~sum;
}

std::string ChecksumOf(absl::string_view text) {
  return absl::StrFormat("%08x", Crc32(text));
}

// Whether a place can be written as it is: nothing in it is special to JSON, to
// a terminal or to a page.
bool IsAddress(absl::string_view text) {
  return !text.empty() && text.size() <= kMaxAddressLength &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                  absl::StrContains(".:_-/[]", c);
         });
}

bool IsFingerprint(absl::string_view text) {
  if (text.size() != kFingerprintLength) {
    return false;
  }
  for (size_t i = 0; i < text.size(); ++i) {
    const bool is_gap = i % kFingerprintGroup == kFingerprintGroup - 1;
    const bool is_digit =
        absl::ascii_isxdigit(static_cast<unsigned char>(text[i])) &&
        !absl::ascii_isupper(static_cast<unsigned char>(text[i]));
    if (is_gap ? text[i] != '-' : !is_digit) {
      return false;
    }
  }
  return true;
}

absl::Status Faulty(absl::string_view sentence) {
  return Refusal(Reason::kInvitationFaulty, sentence);
}

absl::Status Malformed() {
  return Refusal(Reason::kInvitationMalformed,
                 "This is not an invitation that this version can read. Copy "
                 "all of it, from \"commonwage-invitation\" to the end; if it "
                 "stays so, ask your union.");
}

absl::Status Mistyped() {
  return Refusal(Reason::kInvitationMistyped,
                 "There is a slip in this invitation: something in it is "
                 "missing or was changed on the way. Copy all of it again, or "
                 "scan its code.");
}

// Every part is known to need no escape.
std::string JsonOf(const Invitation& invitation) {
  return absl::StrCat(
      R"({"server":")", invitation.server, R"(","office":")", invitation.office,
      R"(","survey":")", invitation.survey, R"(","survey_key":")",
      invitation.survey_key, R"(","admission":")",
      invitation.admission == Admission::kOpen ? kOpen : kCredential, "\"}");
}

std::optional<Invitation> ReadJson(absl::string_view json) {
  const JsonResult parsed = ParseJsonObject(json);
  if (!parsed.ok) {
    return std::nullopt;
  }
  FaultList faults;
  FieldReader fields(parsed.value, "", faults);
  Invitation invitation;
  invitation.server = fields.Text("server");
  if (const JsonValue* office = fields.Required("office")) {
    if (office->kind == JsonValue::Kind::kText) {
      invitation.office = office->text;
    }
  }
  invitation.survey = fields.Identifier("survey");
  invitation.survey_key = fields.Text("survey_key");
  const std::string admission = fields.Text("admission");
  fields.RefuseOthers();
  if (!faults.empty() || (admission != kOpen && admission != kCredential)) {
    return std::nullopt;
  }
  invitation.admission =
      admission == kOpen ? Admission::kOpen : Admission::kCredential;
  return invitation;
}

}  // namespace

absl::Status CheckInvitation(const Invitation& invitation) {
  if (!IsAddress(invitation.server)) {
    return Faulty(
        "The server's address is not of the form host:port, in plain letters.");
  }
  if (!invitation.office.empty() && !IsAddress(invitation.office)) {
    return Faulty(
        "The union office's address is not of the form host:port, in plain "
        "letters.");
  }
  if (!invitation.office.empty() && invitation.admission == Admission::kOpen) {
    return Faulty(
        "Where anybody can answer there is no union office to ask: leave its "
        "address out.");
  }
  if (!IsIdentifier(invitation.survey)) {
    return Faulty("The survey's name is not one that a survey can have.");
  }
  return IsFingerprint(invitation.survey_key)
             ? absl::OkStatus()
             : Faulty("The survey key's fingerprint is not one.");
}

std::string WriteInvitation(const Invitation& invitation) {
  const std::string text =
      absl::StrCat(kHead, absl::WebSafeBase64Escape(JsonOf(invitation)));
  return absl::StrCat(text, ".", ChecksumOf(text));
}

std::string InvitationLink(absl::string_view page,
                           const Invitation& invitation) {
  return absl::StrCat(page, "#", WriteInvitation(invitation));
}

absl::StatusOr<Invitation> ParseInvitation(absl::string_view text) {
  if (text.size() > 2 * kMaxInvitationLength) {
    return Malformed();
  }
  const std::string joined = absl::StrJoin(SplitTyped(text, IsBlank), "");
  absl::string_view whole = joined;
  // Behind a link's '#'; npos + 1 is the beginning.
  whole.remove_prefix(whole.rfind('#') + 1);
  if (!absl::StartsWith(whole, kHead) || whole.size() > kMaxInvitationLength) {
    return Malformed();
  }
  const size_t dot = whole.rfind('.');
  const absl::string_view covered = whole.substr(0, dot);
  const absl::string_view checksum = whole.substr(dot + 1);
  if (dot < kHead.size() || checksum.size() != kChecksumDigits ||
      checksum != ChecksumOf(covered)) {
    return Mistyped();
  }
  std::string json;
  if (!absl::WebSafeBase64Unescape(covered.substr(kHead.size()), &json)) {
    return Malformed();
  }
  const std::optional<Invitation> invitation = ReadJson(json);
  // There is one spelling, so that members can compare.
  if (!invitation.has_value() || !CheckInvitation(*invitation).ok() ||
      WriteInvitation(*invitation) != whole) {
    return Malformed();
  }
  return *invitation;
}

}  // namespace commonwage
