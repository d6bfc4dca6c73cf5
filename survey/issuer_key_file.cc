// SPDX-License-Identifier: Apache-2.0
#include "survey/issuer_key_file.h"

#include <optional>
#include <utility>

#include "absl/status/status.h"

#include "base/error.h"
#include "survey/manifest.h"
#include "survey/text/carried_text.h"

namespace commonwage {
namespace {

constexpr absl::string_view kHead = "commonwage-issuer-key-1";

}  // namespace

std::string WriteIssuerKeyFile(const IssuerKeyFile& file) {
  return WriteCarriedText(kHead, {file.round_id, file.public_key});
}

absl::StatusOr<IssuerKeyFile> ParseIssuerKeyFile(absl::string_view text) {
  std::optional<CarriedText> parts = ReadCarriedText(kHead, text);
  if (!parts.has_value() || parts->bytes.empty() ||
      parts->bytes.size() > kMaxIssuerPublicKeySize) {
    return Refusal(Reason::kIssuerKeyFileMalformed,
                   "This is not the file of a round's issuing key; the union "
                   "office writes it with `commonwage-issuer key show`.");
  }
  return IssuerKeyFile{std::move(parts->round_id), std::move(parts->bytes)};
}

}  // namespace commonwage
