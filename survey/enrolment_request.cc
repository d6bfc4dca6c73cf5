// SPDX-License-Identifier: Apache-2.0
#include "survey/enrolment_request.h"

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "base/error.h"
#include "survey/text/carried_text.h"

namespace commonwage {
namespace {

constexpr absl::string_view kRequestHead = "commonwage-request-1";
constexpr absl::string_view kAnswerHead = "commonwage-answer-1";

// Reads a text whose bytes are `size` many.
std::optional<CarriedText> ReadText(absl::string_view head, size_t size,
                                    absl::string_view text) {
  std::optional<CarriedText> parts = ReadCarriedText(head, text);
  return parts.has_value() && parts->bytes.size() == size ? parts
                                                          : std::nullopt;
}

}  // namespace

std::string ChecksummedBytes(const EnrolmentRequest& request) {
  return absl::StrCat(request.issuer_key_digest, request.blinded_message);
}

std::string WriteEnrolmentRequest(const EnrolmentRequest& request) {
  return WriteCarriedText(
      kRequestHead, {request.round_id,
                     absl::StrCat(request.issuer_key_digest,
                                  request.blinded_message, request.checksum)});
}

std::string WriteEnrolmentAnswer(const EnrolmentAnswer& answer) {
  return WriteCarriedText(kAnswerHead,
                          {answer.round_id, answer.blind_signature});
}

absl::StatusOr<EnrolmentRequest> ParseEnrolmentRequest(absl::string_view text) {
  const std::optional<CarriedText> parts = ReadText(
      kRequestHead,
      kIssuerKeyDigestSize + kBlindedMessageSize + kRequestChecksumSize, text);
  if (!parts.has_value()) {
    return Refusal(Reason::kRequestMalformed,
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
  const std::optional<CarriedText> parts =
      ReadText(kAnswerHead, kBlindedMessageSize, text);
  if (!parts.has_value()) {
    return Refusal(Reason::kAnswerMalformed,
                   "This is not the whole answer of the union office. Copy all "
                   "of it, from \"commonwage-answer\" to the end; asking again "
                   "with the same request gives the same answer.");
  }
  return EnrolmentAnswer{parts->round_id, parts->bytes};
}

}  // namespace commonwage
