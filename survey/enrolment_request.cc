// SPDX-License-Identifier: Apache-2.0
#include "survey/enrolment_request.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"

#include "base/error.h"
#include "base/typed_text.h"
#include "survey/identifier.h"

namespace commonwage {
namespace {

constexpr absl::string_view kRequestHead = "commonwage-request-1";
constexpr absl::string_view kAnswerHead = "commonwage-answer-1";
constexpr size_t kLineLength = 64;

// Two words and base64, in lines that any window shows.
std::string WriteText(absl::string_view head, absl::string_view round_id,
                      absl::string_view bytes) {
  std::string text = absl::StrCat(head, " ", round_id, "\n");
  const std::string encoded = absl::Base64Escape(bytes);
  for (size_t at = 0; at < encoded.size(); at += kLineLength) {
    absl::StrAppend(&text, encoded.substr(at, kLineLength), "\n");
  }
  return text;
}

struct TextParts {
  std::string round_id;
  std::string bytes;
};

std::optional<TextParts> ReadText(absl::string_view head, size_t size,
                                  absl::string_view text) {
  std::vector<absl::string_view> words = SplitTyped(text, IsBlank);
  if (words.size() < 3 || words[0] != head || !IsRoundId(words[1])) {
    return std::nullopt;
  }
  TextParts parts;
  parts.round_id = std::string(words[1]);
  words.erase(words.begin(), words.begin() + 2);
  if (!absl::Base64Unescape(absl::StrJoin(words, ""), &parts.bytes) ||
      parts.bytes.size() != size) {
    return std::nullopt;
  }
  return parts;
}

}  // namespace

std::string ChecksummedBytes(const EnrolmentRequest& request) {
  return absl::StrCat(request.issuer_key_digest, request.blinded_message);
}

std::string WriteEnrolmentRequest(const EnrolmentRequest& request) {
  return WriteText(kRequestHead, request.round_id,
                   absl::StrCat(request.issuer_key_digest,
                                request.blinded_message, request.checksum));
}

std::string WriteEnrolmentAnswer(const EnrolmentAnswer& answer) {
  return WriteText(kAnswerHead, answer.round_id, answer.blind_signature);
}

absl::StatusOr<EnrolmentRequest> ParseEnrolmentRequest(absl::string_view text) {
  const std::optional<TextParts> parts = ReadText(
      kRequestHead,
      kIssuerKeyDigestSize + kBlindedMessageSize + kRequestChecksumSize, text);
  if (!parts.has_value()) {
    return Refusal(absl::StatusCode::kInvalidArgument, "REQUEST_MALFORMED",
                   "This is not the whole text of a request. Copy all of it, "
                   "from \"commonwage-request\" to the end; `commonwage enrol "
                   "--request-out` makes it. Your code is not used up.");
  }
  const absl::string_view bytes = parts->bytes;
  return EnrolmentRequest{
      parts->round_id, std::string(bytes.substr(0, kIssuerKeyDigestSize)),
      std::string(bytes.substr(kIssuerKeyDigestSize, kBlindedMessageSize)),
      std::string(bytes.substr(kIssuerKeyDigestSize + kBlindedMessageSize))};
}

absl::StatusOr<EnrolmentAnswer> ParseEnrolmentAnswer(absl::string_view text) {
  const std::optional<TextParts> parts =
      ReadText(kAnswerHead, kBlindedMessageSize, text);
  if (!parts.has_value()) {
    return Refusal(absl::StatusCode::kInvalidArgument, "ANSWER_MALFORMED",
                   "This is not the whole answer of the union office. Copy all "
                   "of it, from \"commonwage-answer\" to the end; asking again "
                   "with the same request gives the same answer.");
  }
  return EnrolmentAnswer{parts->round_id, parts->bytes};
}

}  // namespace commonwage
